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
# What depends on others ends first: what was started beside the control plane, then its parts in this order.
parts=(applicationset-controller cloudsim registry core function kube-controller-manager kube-apiserver etcd)
for file in "$STATE"/run/*; do
  [[ ! -e $file || " ${parts[*]} " == *" ${file##*/} "* ]] || stop "${file##*/}"
done
for name in "${parts[@]}"; do
  case $name in
    # They have nothing to finish: what they hold goes with them.
    kube-apiserver | etcd) stop "$name" KILL ;;
    *) stop "$name" ;;
  esac
done
left=$(find "$STATE/run" -type f 2>/dev/null || true)
[ -z "$left" ] || fail "these still run: $left"
if [ -n "${KEEP_LOGS:-}" ]; then
  find "$STATE" -mindepth 1 -maxdepth 1 ! -name log -exec rm -rf {} +
else
  rm -rf "$STATE"
fi
say "control plane in $STATE stopped"
