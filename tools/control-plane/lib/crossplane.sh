# shellcheck shell=bash
# Crossplane core as a process. Its functions run outside of it, called over mutual TLS.

core_tls=$STATE/core-tls

# secret_file SECRET KEY
secret_file() {
  kubectl get secret "$1" -n "$crossplane_namespace" -o "jsonpath={.data.${2//./\\.}}" | base64 -d
}

# What the Helm chart would make: a namespace, an account, and Secrets for `core init` to fill.
make_core_objects() {
  local secret
  kubectl create namespace "$crossplane_namespace" --dry-run=client -o yaml | kubectl apply -f -
  kubectl create serviceaccount crossplane -n "$crossplane_namespace" --dry-run=client -o yaml | kubectl apply -f -
  for secret in crossplane-root-ca crossplane-tls-server crossplane-tls-client; do
    kubectl get secret "$secret" -n "$crossplane_namespace" -o name 2>/dev/null ||
      kubectl create secret generic "$secret" -n "$crossplane_namespace"
  done
}

init_core() {
  TLS_CA_SECRET_NAME=crossplane-root-ca TLS_SERVER_SECRET_NAME=crossplane-tls-server \
    TLS_CLIENT_SECRET_NAME=crossplane-tls-client ENABLE_WEBHOOKS=false \
    WEBHOOK_SERVICE_NAME=crossplane-webhooks WEBHOOK_SERVICE_NAMESPACE=$crossplane_namespace WEBHOOK_SERVICE_PORT=9443 \
    "$core_program" core init --activation='*' --cr-ds-path="$core_share/crds" \
    --webhook-configurations-path="$core_share/webhookconfigurations" >>"$STATE/log/core-init.log" 2>&1
}

write_core_certificates() {
  local file
  mkdir -p "$core_tls/client" "$core_tls/server"
  for file in ca.crt tls.crt tls.key; do
    secret_file crossplane-tls-client "$file" >"$core_tls/client/$file"
  done
  secret_file crossplane-root-ca tls.crt >"$pki/crossplane.crt"
  secret_file crossplane-root-ca tls.key >"$pki/crossplane.key"
  sign webhooks /CN=crossplane-webhooks DNS:localhost "$pki/crossplane"
  cp "$pki/crossplane.crt" "$core_tls/server/ca.crt"
  cp "$pki/webhooks.crt" "$core_tls/server/tls.crt"
  cp "$pki/webhooks.key" "$core_tls/server/tls.key"
}

# The Usages' webhook. It names a Service, and without pods no Service leads anywhere.
install_webhooks() {
  local authority
  authority=$(base64 <"$pki/crossplane.crt" | tr -d '\n')
  sed -E -e "s#^( *)service:#\1url: https://localhost:$core_webhook_port/validate-no-usages\n\1caBundle: $authority#" \
    -e '/^ +(name: webhook-service|namespace: system|path: )/d' \
    "$core_share/webhookconfigurations/usage.yaml" | kubectl apply -f -
}

start_core() {
  mkdir -p "$STATE/cache/xpkg" "$STATE/cache/xfn"
  # shellcheck disable=SC2086 # CORE_FLAGS is a list of words
  ENABLE_WEBHOOKS=true TLS_SERVER_SECRET_NAME=crossplane-tls-server TLS_SERVER_CERTS_DIR=$core_tls/server \
    TLS_CLIENT_SECRET_NAME=crossplane-tls-client TLS_CLIENT_CERTS_DIR=$core_tls/client \
    start core "$core_program" core start --package-runtime=External \
    --webhook-port="$core_webhook_port" --metrics-port="$core_metrics_port" --health-probe-port="$core_health_port" \
    --xpkg-cache-dir="$STATE/cache/xpkg" --xfn-cache-dir="$STATE/cache/xfn" $CORE_FLAGS
  wait_ready core 60 curl -fsS "http://127.0.0.1:$core_health_port/readyz"
}

start_crossplane() {
  make_core_objects >/dev/null
  # The first run may end before the API server knows the kinds it has just installed.
  init_core || { sleep 3; init_core; } || fail "crossplane cannot be installed; see $STATE/log/core-init.log"
  write_core_certificates
  install_webhooks >/dev/null
  start_core
}
