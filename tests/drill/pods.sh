#!/usr/bin/env bash
# Stands in for what runs on a cluster: Argo CD's Secret says the state, and an evacuated cluster has no Pods.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=/dev/null
. "$here/../../fleet/lib/target.sh"
for part in settings platform; do
  # shellcheck source=/dev/null
  . "$here/lib/$part.sh"
done
connect

states() {
  read_from get secrets --namespace argocd --selector argocd.argoproj.io/secret-type=cluster \
    --output 'jsonpath={range .items[*]}{.metadata.labels.xcluster\.dev/name} {.metadata.labels.xcluster\.dev/traffic}{"\n"}{end}'
}

while sleep 0.5; do
  while read -r name state; do
    case $state in
      evacuated) stop "service-$name" ;;
      active | drained) process "service-$name" >/dev/null || start_service "$name" ;;
    esac
  done < <(states)
done
