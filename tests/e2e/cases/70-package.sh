# shellcheck shell=bash
# The package is pushed to a registry, installed in the running control plane, and its image takes over.

# shellcheck source=/dev/null
. "$repository/tools/package/lib.sh"
# shellcheck source=/dev/null
. "$repository/tools/package/run.sh"
root=$repository
package=127.0.0.1:$spare_port/function-xcluster

for name in prod-us prod-eu; do composed "$name" >"$STATE/before.$name"; done
unchanged() { is "$(cat "$STATE/before.$1")" composed "$1"; }

"$repository/tests/package/second.sh" "$STATE/dist"
"$repository/tools/package/registry.sh" start "$spare_port"
DIST=$STATE/dist "$repository/tools/package/push.sh" "$package" v0.0.1 >/dev/null
say "    did  push the package for two architectures"

kubectl delete functionrevision function-xcluster-local --wait=false >/dev/null
kubectl patch function function-xcluster --type merge \
  -p "{\"metadata\": {\"annotations\": {\"crossplane.io/paused\": null}}, \"spec\": {\"package\": \"$package:v0.0.1\"}}" >/dev/null
# revision [FUNCTION], function_condition CONDITION [FUNCTION]
revision() {
  kubectl get functionrevisions -l "pkg.crossplane.io/package=${1:-function-xcluster}" \
    -o "jsonpath={.items[?(@.spec.image==\"$package:v0.0.1\")].metadata.name}"
}
expect 60 "Crossplane unpacks it" shows '^function-xcluster-' revision
function_condition() {
  kubectl get function "${2:-function-xcluster}" -o "jsonpath={.status.conditions[?(@.type==\"$1\")].status}"
}
expect 60 "it is installed" is True function_condition Installed

binary=$STATE/extracted/function-xcluster
mkdir -p "${binary%/*}"
"$bin/crane" export --platform "linux/$(host_arch)" "$package:v0.0.1" - | tar -x -C "${binary%/*}" function-xcluster
# The certificates as a Secret is mounted for its Pod: readable for the user of the image.
chmod -R a+rX "$function_tls"
stop function
run_image "$package:v0.0.1" "$binary" --address "127.0.0.1:$function_port" \
  --metrics-address "127.0.0.1:$function_http_port" --tls-certs-dir "$function_tls"
wait_ready function 60 curl -fsS "http://127.0.0.1:$function_http_port/readyz"
run_function_revision "$(revision)" >/dev/null
expect 120 "it is healthy" is True function_condition Healthy

calls() { [ "$(metric "$function_http_port" '^grpc_server_handled_total.*grpc_code="OK"')" -gt 0 ]; }
edit prod-us '{"tags": {"package": "installed"}}' >/dev/null
expect 60 "Crossplane calls it" calls
tagged() { shows '"package":"installed"' kubectl get vpcs.ec2.aws.upbound.io -A -o 'jsonpath={.items[*].status.atProvider.tags}'; }
expect 60 "what it says reaches the cloud" tagged
for name in prod-us prod-eu; do
  expect 120 "$name is Ready" ready "$name"
  expect 10 "$name has the objects it had" unchanged "$name"
done

# What is in function-next.yaml besides a name. Without it, the lock would have one repository twice, and no package would become
# healthy any more.
sed "s|  package: .*|  package: $package:v0.0.1|" "$root/bootstrap/crossplane/function-next.yaml" | kubectl apply -f - >/dev/null
expect 60 "a second release from the same repository is unpacked" shows '^function-xcluster-next-' revision function-xcluster-next
run_function_revision "$(revision function-xcluster-next)" function-xcluster-next >/dev/null
expect 60 "... and healthy" is True function_condition Healthy function-xcluster-next
expect 10 "the package manager's lock has the first alone" is "$(revision)" kubectl get lock lock -o 'jsonpath={.packages[*].name}'
expect 10 "the first is still healthy" is True function_condition Healthy
kubectl delete -f "$root/bootstrap/crossplane/function-next.yaml" >/dev/null
