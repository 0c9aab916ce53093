#!/usr/bin/env bash
# Stop the processes of the control plane and remove its state, logs excepted when KEEP_LOGS is set.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
for part in settings process; do
  # shellcheck source=/dev/null
  . "$here/lib/$part.sh"
done

if [ ! -d "$STATE" ]; then
  say "no control plane in $STATE"
  exit
fi
for file in "$STATE"/run/service-*; do [ ! -e "$file" ] || stop "${file##*/}"; done
# What depends on others ends first. The last two have nothing to finish: what they hold goes with them.
for name in applicationset-controller cloudsim registry core function kube-controller-manager; do stop "$name"; done
for name in kube-apiserver etcd; do stop "$name" KILL; done
left=$(find "$STATE/run" -type f 2>/dev/null || true)
[ -z "$left" ] || fail "these still run: $left"
if [ -n "${KEEP_LOGS:-}" ]; then
  find "$STATE" -mindepth 1 -maxdepth 1 ! -name log -exec rm -rf {} +
else
  rm -rf "$STATE"
fi
say "control plane in $STATE stopped"
