#!/usr/bin/env bash
# Delete clusters in the order of docs/deleting.md, and the management cluster when none is left.
#   CLUSTERS="FILE…"    only these, and the management cluster stays
# Real clusters are deleted only when a person confirms their names (CONFIRM="prod-us prod-eu"), and never while they are
# protected: who protects a cluster is the one to release it. The simulated ones of MANAGEMENT=local go without a question.
set -euo pipefail
only=${CLUSTERS:-}
# shellcheck source=/dev/null
. "$(dirname "$0")/lib/target.sh"
for part in ask applications; do
  # shellcheck source=/dev/null
  . "$root/fleet/lib/$part.sh"
done

# uids_of FILE: of the objects that the file describes and that exist. Another namespace may have one of the same name, which
# must stay.
uids_of() {
  [ -f "$1" ] || fail "CLUSTERS names $1, which does not exist"
  as_installed "$1" | read_from get --ignore-not-found --filename - --output json | jq --raw-output '(.items // [.])[].metadata.uid' ||
    fail "$1 cannot be looked up; the line above says why"
}

# chosen: the clusters to delete, as JSON lines.
chosen() {
  local file uids=''
  if [ -z "$only" ]; then
    clusters
    return
  fi
  for file in $only; do
    uids+=$(uids_of "$file")$'\n' || exit
  done
  clusters | jq --compact-output --arg uids "$uids" 'select(.uid | IN($uids | split("\n")[]))'
}

refuse_protected() {
  local protected name
  protected=$(jq --raw-output 'select(.protected) | "\(.name)\(if .namespace == "" then "" else " --namespace \(.namespace)" end)"' <<<"$doomed")
  [ -z "$protected" ] && return
  say "these are protected, and nothing was deleted. To release them:"
  while read -r name; do
    say "  kubectl --context $CONTEXT patch $kind $name --type merge --patch '{\"spec\": {\"deletionProtection\": false}}'"
  done <<<"$protected"
  fail "$(count "$protected") of $(count "$doomed") are protected; the commands above release them, then run this again"
}

patch() { k patch "$kind" "$1" "${where[@]}" --type merge --patch "$2"; }

# cascade APPLICATION: Argo CD deletes what it made, then the Application.
cascade() {
  read_from get application "$1" --namespace argocd >/dev/null 2>&1 || return 0
  k patch application "$1" --namespace argocd --type merge \
    --patch '{"metadata": {"finalizers": ["resources-finalizer.argocd.argoproj.io"]}}'
  k delete application "$1" --namespace argocd --timeout 15m ||
    fail "$1 does not go; 'kubectl --context $CONTEXT describe application $1 --namespace argocd' says what Argo CD waits for"
}

no_longer_wanted() { ! wanting_service | grep -qx "$1"; }

# What the service made in the cloud, load balancers first of all, keeps the network from being deleted, so it goes while
# the cluster still answers. The rest made nothing outside of the cluster.
take_workload() {
  local name=$1 argocd=$2 part
  # Without the label no set makes the Applications again. It deletes nothing by itself.
  patch "$name" '{"spec": {"argocd": {"labels": {"workload": null}}}}'
  read_from get crd applications.argoproj.io >/dev/null 2>&1 || return 0
  until_true 120 2 no_longer_wanted "$argocd" ||
    fail "Argo CD's Secret of $name still has the label workload; 'kubectl --context $CONTEXT describe $kind $name' says why"
  # Nothing was synced to a simulated cluster: its service is a process.
  if is_local; then
    stop "service-$argocd"
    return
  fi
  for part in inference stores; do cascade "$part-$argocd"; done
}

# What is for a cluster and stands here, on the management cluster, Argo CD can delete still. The other Applications have
# nothing behind them any more: they are only names.
forget_applications() {
  local names part
  read_from get crd applications.argoproj.io >/dev/null 2>&1 || return 0
  if ! is_local; then
    for part in $here_for_clusters; do cascade "$part-$1"; done
  fi
  names=$(applications_of "$1")
  # shellcheck disable=SC2086 # a list of names
  [ -z "$names" ] || k delete application $names --namespace argocd --timeout 2m
}

may_be_deleted() { read_from delete "$kind" "$1" "${where[@]}" --dry-run=server >/dev/null 2>&1; }

# The cloud's protection and the Usages go first; until then Crossplane refuses.
release() {
  ! is_local || patch "$1" '{"spec": {"deletionProtection": false}}'
  until_true 600 2 may_be_deleted "$1" ||
    fail "$1 stays protected; 'kubectl --context $CONTEXT get usages,clusterusages --all-namespaces' says by what"
}

# left LABEL: what is there of a cluster still.
left() {
  read_from get managed,usages.protection.crossplane.io,clusterusages --all-namespaces --selector "xcluster.dev/cluster=$1" --output name --ignore-not-found
}

# nothing_left LABEL: sets remains; one that cannot be asked for is no answer.
nothing_left() { remains=$(left "$1") && [ -z "$remains" ]; }

delete() {
  local name=$1 label=$2 remains
  k delete "$kind" "$name" "${where[@]}" --timeout 60m ||
    fail "$name does not go; docs/deleting.md has what to do when the cloud says no"
  until_true 1800 5 nothing_left "$label" ||
    fail "these are left of $name, and cost money: $remains; docs/deleting.md says why that can be"
}

remove_management() {
  case $MANAGEMENT in
    local) "$root/tools/control-plane/down.sh" ;;
    kind) step "kind cluster" run kind delete cluster --name xcluster ;;
    eks) say "the management cluster is Terraform's: terraform -chdir=bootstrap/eks destroy (and bootstrap/gcp)" ;;
  esac
}

if is_local && [ ! -f "$KUBECONFIG" ]; then
  say "no control plane in $STATE"
  exit
fi
connect
doomed=$(chosen)
if [ -n "$doomed" ]; then
  names=$(jq --raw-output .name <<<"$doomed" | paste -sd' ')
  if ! is_local; then
    refuse_protected
    confirm_names "$names"
  fi
  while IFS=$'\t' read -r namespace name argocd label; do
    where=()
    [ "$namespace" = - ] || where=(--namespace "$namespace")
    step "$name: what runs there" take_workload "$name" "$argocd"
    step "$name: its protection" release "$name"
    step "$name: the cluster" delete "$name" "$label"
    step "$name: its Applications" forget_applications "$argocd"
  done < <(jq --raw-output '[(if .namespace == "" then "-" else .namespace end), .name, .argocd, .status.clusterName] | @tsv' <<<"$doomed")
elif [ -n "$only" ]; then
  say "none of these exists on $CONTEXT"
fi
if [ -z "$only" ]; then
  [ -z "$(clusters)" ] || fail "there are clusters left on $CONTEXT; the management cluster stays as long as it has to look after them"
  remove_management
fi
