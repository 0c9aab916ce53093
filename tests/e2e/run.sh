#!/usr/bin/env bash
# Run the end-to-end cases: for each scope a control plane of its own, and the cases that it is for.
#   tests/e2e/run.sh [SCOPE...]     default: all three, claims beside the other two
#   CASES="10-ready 50-rejected"    only these
#   CORE=next                       with the next release of Crossplane
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
control_plane=$root/tools/control-plane
# The program that ships, where it was built: its figures are the ones that count.
static=$root/target/$(rustc -vV | sed -n 's/^host: //p')/release/function-xcluster
if [ -z "${FUNCTION:-}" ] && [ -x "$static" ]; then export FUNCTION=$static; fi

cases_of() {
  # A cluster of somebody else's has no processes to kill here, and its function was installed from the package.
  if [ -n "${EXISTING_KUBECONFIG:-}" ]; then
    echo 10-ready 20-argocd 40-day2 45-cloud-refuses 50-rejected 60-flaps 80-delete
    return
  fi
  case $1 in
    claims) echo 10-ready 20-argocd 30-crashes 40-day2 45-cloud-refuses 50-rejected 60-flaps 65-traffic 66-asleep 67-releases 70-package 80-delete ;;
    # What differs between the scopes: names, namespaces, Usages, and how Argo CD gets the Secret.
    *) echo 10-ready 20-argocd 80-delete ;;
  esac
}

run_case() {
  echo "  case $2"
  (
    set -euo pipefail
    # shellcheck source=/dev/null
    . "$here/lib.sh"
    # shellcheck source=/dev/null
    . "$here/cases/$2.sh"
  )
}

stop() { [ -n "${KEEP:-}" ] || KEEP_LOGS=1 "$control_plane/down.sh"; }
[ "$#" = 0 ] || [ -n "${EXISTING_KUBECONFIG:-}" ] || trap stop EXIT

# The scopes that differ little, then what differs in the other release of Crossplane: what it watches and counts.
rest() {
  "$0" cluster namespaced || return
  [ -n "${CORE:-}${CASES:-}" ] || CORE=next CASES="10-ready 66-asleep" "$0" claims
}

# Both lanes at the same time: most of it is waiting.
both_lanes() {
  local claims others failed=0
  "$0" claims 2>&1 | sed -u 's/^/claims   | /' &
  claims=$!
  CONTROL_PLANE_STATE=${CONTROL_PLANE_STATE:-$root/.state/control-plane}-2 \
    CONTROL_PLANE_PORT=$((${CONTROL_PLANE_PORT:-26400} + 20)) rest 2>&1 | sed -u 's/^/the rest | /' &
  others=$!
  wait "$claims" || failed=1
  wait "$others" || failed=1
  return "$failed"
}

start=$SECONDS
scopes=("$@")
# One cluster has one of the three XRDs.
if [ "$#" = 0 ] && [ -n "${EXISTING_KUBECONFIG:-}" ]; then
  scopes=("${SCOPE:-claims}")
elif [ "$#" = 0 ]; then
  both_lanes || { printf 'end-to-end tests failed after %s s\n' "$((SECONDS - start))" >&2; exit 1; }
fi
for SCOPE in "${scopes[@]}"; do
  export SCOPE
  began=$SECONDS
  [ -n "${EXISTING_KUBECONFIG:-}" ] || "$control_plane/down.sh" >/dev/null
  "$control_plane/up.sh"
  for case in ${CASES:-$(cases_of "$SCOPE")}; do run_case "$SCOPE" "$case"; done
  printf 'scope %s passed in %s s\n\n' "$SCOPE" "$((SECONDS - began))"
done
printf 'end-to-end tests passed in %s s\n' "$((SECONDS - start))"
