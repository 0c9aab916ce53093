# shellcheck shell=bash
# Traffic is taken from a cluster and given back by one field: DNS, Argo CD and the status follow, and the last cluster
# that serves goes on.

keep_records

# What is asked of Route 53 and what it has; one line of two weights.
weights() {
  local set kind=records.route53.aws.m.upbound.io
  [ "$SCOPE" != claims ] || kind=records.route53.aws.upbound.io
  set=$(of "$1" '{.status.clusterName}')
  kubectl get "$kind" -A -o "jsonpath={range .items[?(@.spec.forProvider.setIdentifier=='$set')]}{.spec.forProvider.weightedRoutingPolicy.weight} {.status.atProvider.weightedRoutingPolicy.weight}{end}"
}
label() { kubectl get secret -n argocd -l "xcluster.dev/name=$1" -o 'jsonpath={.items[0].metadata.labels.xcluster\.dev/traffic}'; }
component() {
  kubectl get application "inference-$prefix$1" -n argocd -o 'jsonpath={.spec.source.kustomize.components[0]}'
}

expect 90 "prod-us waits for the address of its load balancer" \
  serving prod-us "False Waiting .*set spec.traffic.address"
expect 10 "... and is Ready all the same" ready prod-us
edit prod-us "{\"traffic\": {\"address\": \"$an_address\"}}" >/dev/null
for name in prod-us prod-eu; do
  expect 240 "$name serves" serving "$name" "True Active"
  expect 20 "$name has its share in DNS" is "100 100" weights "$name"
done
# Clusters of other cases serve the same host. Only without them is one of these two ever the last.
others() { kubectl get "$cluster" "${where[@]}" -o name | sed 's#.*/##' | grep -Ev '^prod-(us|eu)$' || true; }
for name in $(others); do
  edit "$name" '{"traffic": {"state": "drained"}}' >/dev/null
  expect 90 "$name serves nobody" is "drained 0" in_force "$name"
done
expect 20 "prod-eu has an address of its own" shows '^203\.0\.113\.' of prod-eu '{.status.traffic.address}'
expect 30 "... which its Gateway asks for" shows NamedAddress \
  kubectl get application "inference-${prefix}prod-eu" -n argocd -o 'jsonpath={.spec.source.kustomize.patches}'
for name in prod-us prod-eu; do composed "$name" >"$STATE/before.$name"; done

for wanted in drained evacuated; do
  edit prod-us "{\"traffic\": {\"state\": \"$wanted\"}}" >/dev/null
  expect 60 "prod-us $wanted: no share in DNS" is "0 0" weights prod-us
  expect 60 "... Argo CD is told" is "$wanted" label prod-us
  expect 60 "... and makes its Application so" is "../../traffic/$wanted" component prod-us
  expect 60 "... and the cluster says so" is "$wanted 0" in_force prod-us
  expect 60 "... in its condition" serving prod-us "False ${wanted^}"
done
expect 10 "prod-eu has its share" is "100 100" weights prod-eu

edit prod-eu '{"traffic": {"state": "drained"}}' >/dev/null
expect 90 "the last one that serves is refused, with path, value and fix" \
  shows '^False InvalidCluster .*spec\.traffic\.state: "drained" would leave nobody to serve inference\.acme\.example.*force' \
  condition prod-eu Valid
sleep 5
expect 10 "... and keeps its share" is "100 100" weights prod-eu
expect 10 "... and its label" is active label prod-eu
edit prod-eu '{"traffic": {"state": "active"}}' >/dev/null
expect 120 "taken back, prod-eu serves" serving prod-eu "True Active"

edit prod-us '{"traffic": {"state": "active"}}' >/dev/null
expect 90 "prod-us is back" serving prod-us "True Active"
expect 30 "... with its share" is "100 100" weights prod-us
expect 30 "... in Argo CD" is "../../traffic/active" component prod-us
unchanged() { is "$(cat "$STATE/before.$1")" composed "$1"; }
for name in prod-us prod-eu; do expect 10 "$name has the objects it had" unchanged "$name"; done
for name in $(others); do
  edit "$name" '{"traffic": {"state": "active"}}' >/dev/null
  expect 90 "$name is to serve again" shows '^active ' in_force "$name"
done
