# shellcheck shell=bash
# A cluster is deleted when it may be, in the order of the Usages, and nothing stays behind.

delete() { kubectl delete "$cluster" "$1" "${where[@]}" --wait=false "${@:2}"; }
gone() { refused 'not found' kubectl get "$cluster" "$1" "${where[@]}"; }
secrets() { kubectl get secret -n argocd -l "xcluster.dev/cluster=$1" -o name; }

for name in prod-us prod-eu; do
  expect 10 "$name: refused while it is protected, with the way out" \
    refused 'deletionProtection is true; set it to false' delete "$name"
  expect 10 "$name: it is not being deleted" is '' of "$name" '{.metadata.deletionTimestamp}'
  edit "$name" '{"deletionProtection": false}' >/dev/null
  expect 120 "$name: no longer protected" delete "$name" --dry-run=server
  expect 60 "$name: and Ready" ready "$name"
done

for name in prod-us prod-eu; do
  label=$(of "$name" '{.status.clusterName}')
  composite=$(composite "$name")
  delete "$name" >/dev/null
  expect 300 "$name is gone" gone "$name"
  left() { kubectl get managed,usages.protection.crossplane.io,clusterusages -A -l "xcluster.dev/cluster=$label" -o name; }
  expect 180 "$name: no object is stuck" is '' left
  expect 30 "$name: nothing is left in the cloud but what it never deletes" is '' in_clouds_for "$composite" --deletable
  expect 30 "$name: Argo CD's Secret went with it" is '' secrets "$label"
  # The set never deletes an Application: the workload is removed on purpose, before its cluster (docs).
  expect 30 "$name: its Application is still there, for its owner to remove" \
    shows "inference-.*$name" kubectl get applications -n argocd -o name
done
