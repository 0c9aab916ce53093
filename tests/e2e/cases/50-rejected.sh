# shellcheck shell=bash
# What cannot be is refused with the path, the value and the fix, and everything stays as it was.

composed prod-us >"$STATE/before"
unchanged() { is "$(cat "$STATE/before")" composed prod-us; }

reject() { expect 10 "$1" refused "$3" edit prod-us "$2"; }
reject "the region cannot change" '{"region": "us-west-2"}' 'spec.*region.*cannot change'
reject "the provider cannot change" '{"provider": "gcp"}' 'provider.*cannot change'
reject "a range that is no range" '{"network": {"cidr": "10.20.0.0/33"}}' 'cidr'
reject "a downgrade" '{"kubernetesVersion": "1.29"}' '[Vv]ersion'
sed 's/nodePools:/nodePoolz:/' "$repository/clusters/prod-us.yaml" >"$STATE/typo.yaml"
expect 10 "a typo" refused 'unknown field "spec.nodePoolz"' create "$STATE/typo.yaml"
expect 10 "nothing of it was stored" unchanged

# TEN-5: an author, with the rights of bootstrap/people.yaml, who wants the platform's older or newer word.
kubectl apply -f "$repository/bootstrap/people.yaml" >/dev/null
as_author() { kubectl --as jane --as-group ml-authors --as-group system:authenticated "$@"; }
crossplane_field() { [ "$SCOPE" = claims ] && echo "{\"spec\": $1}" || echo "{\"spec\": {\"crossplane\": $1}}"; }
author_sets() { as_author patch clusters.xcluster.dev prod-us --namespace ml-platform --type merge --patch "$(crossplane_field "$1")"; }
expect 30 "an author changes a cluster" shows 'patched' author_sets '{"compositionUpdatePolicy": "Automatic"}'
for field in '{"compositionUpdatePolicy": "Manual"}' '{"compositionRef": {"name": "mine"}}' \
  '{"compositionRevisionRef": {"name": "xclusters.xcluster.dev-0000000"}}' \
  '{"compositionSelector": {"matchLabels": {"mine": "true"}}}' \
  '{"compositionRevisionSelector": {"matchLabels": {"channel": "next"}}}'; do
  name=$(jq --raw-output 'keys[0]' <<<"$field")
  expect 30 "... but no $name" refused "$name is the platform's to set" author_sets "$field"
done
expect 10 "nothing of it was stored" unchanged

# What only the function can see: the API server takes it, and the cluster says what is wrong.
edit prod-us '{"tags": {"Name": "mine"}}' >/dev/null
expect 60 "the reason is on the cluster a person reads, with path, value and fix" \
  shows '^False InvalidCluster .*spec\.tags\[Name\]: "Name" is not a tag key of yours; use ' condition prod-us Valid
sleep 5
expect 10 "nothing was deleted or made" unchanged
edit prod-us '{"tags": null}' >/dev/null
expect 120 "mended, it is Valid again" shows '^True' condition prod-us Valid
expect 120 "and Ready" ready prod-us
expect 10 "with the objects it had" unchanged
