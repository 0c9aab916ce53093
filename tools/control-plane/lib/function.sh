# shellcheck shell=bash
# The function as a process, and the objects that tell core where it is.

function_tls=$STATE/function-tls

# A certificate as core makes them: signed by Crossplane's authority. New files replace old ones whole.
write_function_certificates() {
  sign function /CN=function-xcluster DNS:localhost,IP:127.0.0.1 "$pki/crossplane"
  mkdir -p "$function_tls"
  local pair
  for pair in crossplane.crt:ca.crt function.crt:tls.crt function.key:tls.key; do
    cp "$pki/${pair%:*}" "$function_tls/${pair#*:}.new"
    mv "$function_tls/${pair#*:}.new" "$function_tls/${pair#*:}"
  done
}

# serve NAME PROGRAM PORT HTTP_PORT: the process NAME.
serve() {
  start "$1" "$2" --address "127.0.0.1:$3" --metrics-address "127.0.0.1:$4" --tls-certs-dir "$function_tls"
  wait_ready "$1" 30 curl -fsS "http://127.0.0.1:$4/readyz"
}

start_function() { serve function "$FUNCTION" "$function_port" "$function_http_port"; }

# A second release beside the first, as the Function function-xcluster-next.
start_function_next() { serve function-next "$FUNCTION_NEXT" "$function_next_port" "$function_next_http_port"; }

# register_function [NAME PORT]: a revision that core's package manager leaves alone: there is no package to unpack.
register_function() {
  local name=${1:-function-xcluster} port=${2:-$function_port} package=ghcr.io/function-xcluster/function-xcluster:local
  kubectl apply -f - <<YAML
apiVersion: pkg.crossplane.io/v1
kind: Function
metadata:
  name: $name
  annotations: {crossplane.io/paused: "true"}
spec: {package: "$package"}
---
apiVersion: pkg.crossplane.io/v1
kind: FunctionRevision
metadata:
  name: $name-local
  annotations: {crossplane.io/paused: "true"}
  labels: {pkg.crossplane.io/package: $name}
spec: {desiredState: Active, image: "$package", revision: 1}
YAML
  run_function_revision "$name-local" "$name" "$port"
  # With a package, the package manager would have read this from it.
  kubectl patch functionrevision "$name-local" --subresource status --type json -p '[
    {"op": "add", "path": "/status/capabilities", "value": ["composition"]},
    {"op": "add", "path": "/status/conditions/-", "value": {"type": "RevisionHealthy", "status": "True",
      "reason": "HealthyPackageRevision", "lastTransitionTime": "1970-01-01T00:00:00Z"}}]'
}

# run_function_revision REVISION [NAME PORT]: what a package runtime does, say where it is and that it runs, and with which
# certificate.
run_function_revision() {
  local secret=${2:-function-xcluster}-tls-server
  kubectl create secret tls "$secret" -n "$crossplane_namespace" --cert "$function_tls/tls.crt" --key "$function_tls/tls.key" \
    --dry-run=client -o yaml | kubectl apply -f -
  kubectl apply --server-side --subresource status --field-manager package-runtime -f - <<YAML
apiVersion: pkg.crossplane.io/v1
kind: FunctionRevision
metadata: {name: $1}
status:
  endpoint: dns:///localhost:${3:-$function_port}
  tlsServerSecretName: $secret
  conditions:
    - {type: RuntimeHealthy, status: "True", reason: HealthyPackageRuntime, lastTransitionTime: "1970-01-01T00:00:00Z"}
YAML
}
