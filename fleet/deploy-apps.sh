#!/usr/bin/env bash
# Hand Argo CD what it deploys (argocd/), and wait until every registered cluster has its Applications.
# With MANAGEMENT=local no cluster is real, so nothing is synced: the service runs as a process for each cluster instead.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/lib/target.sh"
for part in applications service; do
  # shellcheck source=/dev/null
  . "$root/fleet/lib/$part.sh"
done

# until_true SECONDS COMMAND...
until_true() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 2
  done
}

apply_sets() {
  k apply --server-side --field-manager bootstrap --force-conflicts --kustomize "$root/argocd" || fail "argocd/ is refused; the line above says why"
}

wait_for_applications() {
  local errors
  until_true "${APPS_TIMEOUT:-120}" applications_are_there && return
  errors=$(set_errors)
  [ -z "$errors" ] || fail "an ApplicationSet has an error: $errors; one cluster without a label stops the whole set: see docs/troubleshooting.md"
  [ -n "$(wanting_service)" ] ||
    fail "no registered cluster asks for the service; set spec.argocd.labels.workload to inference, and see its condition Registered"
  fail "Argo CD makes no Application; does its ApplicationSet controller run? kubectl --context $CONTEXT get pods --namespace argocd"
}

settled() { [ -z "$(unsettled)" ]; }

wait_until_healthy() {
  until_true "${APPS_TIMEOUT:-1200}" settled && return
  unsettled >&2
  fail "these Applications are not Synced and Healthy; 'kubectl --context $CONTEXT describe application --namespace argocd NAME' says more"
}

# As bootstrap/up.sh makes it: what callers present, made once.
first_token() {
  read_from get secret inference-tokens --namespace ml-platform >/dev/null 2>&1 && return
  local object
  object=$(openssl rand -hex 32 | tr -d '\n' | kubectl create secret generic inference-tokens --namespace ml-platform \
    --from-file tokens=/dev/stdin --dry-run=client --output yaml)
  kubectl --context "$CONTEXT" apply --server-side --field-manager bootstrap --filename - <<<"$object" >/dev/null
}

connect
step "projects and ApplicationSets" apply_sets
step "an Application for each cluster" wait_for_applications
if is_local; then
  need openssl curl
  step "the service's first token" first_token
  step "the service, a process for each cluster" start_services
else
  step "everything is synced and healthy" wait_until_healthy
fi
applications_overview
! is_local || say "no simulated cluster can be synced, so Argo CD says nothing of SYNC and HEALTH here"
