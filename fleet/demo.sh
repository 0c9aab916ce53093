#!/usr/bin/env bash
# The whole platform on this machine, with simulated clouds: management cluster, clusters, Applications, the service on
# each, and a summary. Nothing is left behind; KEEP=1 leaves everything running.
#   FAULT="wrong-region provider-down no-credentials"   first shows what each of these looks like, and mends it
set -euo pipefail
export MANAGEMENT=local
# A control plane of its own: what somebody has started stays as it is.
export CONTROL_PLANE_STATE=${CONTROL_PLANE_STATE:-$PWD/.state/demo} CONTROL_PLANE_PORT=${CONTROL_PLANE_PORT:-26500}
# shellcheck source=/dev/null
. "$(dirname "$0")/lib/target.sh"
for part in applications address summary faults; do
  # shellcheck source=/dev/null
  . "$root/fleet/lib/$part.sh"
done
fleet=$root/fleet

stage() { printf '\n==> %s\n' "$*"; }

leave() {
  local status=$?
  if [ -n "${KEEP:-}" ]; then
    say "left running; 'CONTROL_PLANE_STATE=$STATE make destroy MANAGEMENT=local' stops it"
  else
    KEEP_LOGS=$([ "$status" = 0 ] || echo 1) "$root/tools/control-plane/down.sh" >/dev/null
    [ "$status" = 0 ] || say "stopped; logs: $STATE/log"
  fi
}

check_faults
"$root/tools/control-plane/down.sh" >/dev/null
trap leave EXIT
began=$SECONDS
stage "make crossplane-up MANAGEMENT=local"
"$root/tools/control-plane/up.sh"
for fault in ${FAULT:-}; do
  stage "seeded fault: $fault"
  seed "$fault"
done
stage "make deploy-clusters MANAGEMENT=local"
"$fleet/deploy-clusters.sh"
stage "make check-clusters MANAGEMENT=local"
"$fleet/check-clusters.sh"
stage "make deploy-apps MANAGEMENT=local"
"$fleet/deploy-apps.sh"
stage "make test-endpoints MANAGEMENT=local"
"$fleet/test-endpoints.sh"
stage "kubectl get clusters --all-namespaces"
connect
read_from get clusters --all-namespaces
stage "summary, after $((SECONDS - began)) s"
summary
