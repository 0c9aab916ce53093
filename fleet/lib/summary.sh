# shellcheck shell=bash
# What there is now, in one table.

# summary: a line a cluster. The columns after PHASE are the resources that it is made of, and who runs there.
summary() {
  local cluster name composite resources applications
  {
    printf 'CLUSTER\tPROVIDER\tREGION\tMODE\tVERSION\tPHASE\tRESOURCES\tAPPLICATIONS\tSERVICE\n'
    while read -r cluster; do
      [ -n "$cluster" ] || continue
      name=$(jq --raw-output .argocd <<<"$cluster")
      resources=$(resources_of "$cluster")
      applications=$(count "$(applications_of "$name")")
      jq --raw-output --arg resources "$resources" --arg applications "$applications" --arg service "$(service_at "$cluster")" '
        [.name, .provider, .region, (.spec.mode // "standard"), (.status.kubernetesVersion.controlPlane // "-"), (.status.phase // "-"),
          $resources, $applications, $service] | @tsv' <<<"$cluster"
    done <<<"$(clusters)"
  } | table
}

resources_of() {
  local composite where
  case $SCOPE in
    claims) composite=xclusters.xcluster.dev/$(jq --raw-output .spec.resourceRef.name <<<"$1") where=() ;;
    cluster) composite=$kind/$(jq --raw-output .name <<<"$1") where=() ;;
    namespaced) composite=$kind/$(jq --raw-output .name <<<"$1") where=(--namespace "$(jq --raw-output .namespace <<<"$1")") ;;
  esac
  read_from get "$composite" "${where[@]}" -o json | jq '(.spec.resourceRefs // .spec.crossplane.resourceRefs // []) | length'
}

service_at() {
  local found
  found=$(address "$1" 2>/dev/null | head -1) || true
  printf '%s' "${found:--}"
}
