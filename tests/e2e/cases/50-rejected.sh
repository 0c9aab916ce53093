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
