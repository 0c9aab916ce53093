#!/usr/bin/env bash
# Hand Argo CD what it deploys (argocd/), and wait until every registered cluster has its Applications.
# With MANAGEMENT=local no cluster is real, so nothing is synced: the service runs as a process for each cluster instead.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/lib/target.sh"
for part in fleet/lib/applications fleet/lib/service bootstrap/lib/identities; do
  # shellcheck source=/dev/null
  . "$root/$part.sh"
done

apply_sets() {
  k apply --server-side --field-manager bootstrap --force-conflicts --kustomize "$root/argocd" || fail "argocd/ is refused; the line above says why"
}

wait_for_applications() {
  local errors
  until_true "${APPS_TIMEOUT:-120}" 2 applications_are_there && return
  errors=$(set_errors)
  [ -z "$errors" ] || fail "an ApplicationSet has an error: $errors; one cluster without a label stops the whole set: see docs/troubleshooting.md"
  [ -n "$(wanting_service)" ] ||
    fail "no registered cluster asks for the service; set spec.argocd.labels.workload to inference, see its condition Registered, and workloads.inference of the function's Input"
  fail "Argo CD makes no Application; does its ApplicationSet controller run? kubectl --context $CONTEXT get pods --namespace argocd"
}

settled() { [ -z "$(unsettled)" ]; }

wait_until_healthy() {
  until_true "${APPS_TIMEOUT:-1200}" 2 settled && return
  unsettled >&2
  fail "these Applications are not Synced and Healthy; 'kubectl --context $CONTEXT describe application --namespace argocd NAME' says more"
}

connect
step "projects and ApplicationSets" apply_sets
step "an Application for each cluster" wait_for_applications
if is_local; then
  need openssl curl
  step "the service's first token" inference_tokens
  step "the service, a process for each cluster" start_services
else
  step "everything is synced and healthy" wait_until_healthy
fi
applications_overview
! is_local || say "no simulated cluster can be synced, so Argo CD says nothing of SYNC and HEALTH here"
