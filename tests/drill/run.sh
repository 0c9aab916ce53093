#!/usr/bin/env bash
# The failover drill: a control plane with two simulated clusters, their service as two real processes, DNS with weights and
# a TTL, and xcluster failover moving the traffic. All of it on the loopback interface; nothing is left behind.
#   CASES="50-planned 70-unplanned"   only these
#   REPORTS=FOLDER                    where the reports go; .state/drill-reports unless set
#   KEEP=1                            leaves everything running
set -euo pipefail
export MANAGEMENT=local
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export CONTROL_PLANE_STATE=${CONTROL_PLANE_STATE:-$here/../../.state/drill} CONTROL_PLANE_PORT=${CONTROL_PLANE_PORT:-26520}
# shellcheck source=/dev/null
. "$here/../../fleet/lib/target.sh"
for part in settings platform move; do
  # shellcheck source=/dev/null
  . "$here/lib/$part.sh"
done

leave() {
  local status=$?
  if [ -n "${KEEP:-}" ]; then
    say "left running; CONTROL_PLANE_STATE=$STATE make control-plane-down stops it"
    return
  fi
  KEEP_LOGS=$([ "$status" = 0 ] || echo 1) "$root/tools/control-plane/down.sh" >/dev/null
  [ "$status" = 0 ] || say "stopped; logs: $STATE/log"
}

need curl jq
"$root/tools/control-plane/down.sh" >/dev/null
trap leave EXIT
began=$SECONDS
rm -rf "$reports" && mkdir -p "$reports"
"$root/tools/control-plane/up.sh" | sed -u '/^$/,$d'
connect
step "the service in the platform's Input" configure_traffic
step "two clusters" make_clusters
step "two services and their DNS" start_platform
say "ready after $((SECONDS - began)) s"
# shellcheck disable=SC2012 # names of ours
for case in ${CASES:-$(ls "$here/cases" | sed 's/\.sh$//')}; do
  case_began=$SECONDS
  (
    # shellcheck source=/dev/null
    . "$here/cases/$case.sh"
  ) || fail "case $case failed; its output: $STATE/log/$case.txt"
  say "    passed in $((SECONDS - case_began)) s"
done
say "drill passed in $((SECONDS - began)) s; reports: $reports"
