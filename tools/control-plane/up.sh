#!/usr/bin/env bash
# Start a control plane as processes on the loopback interface: etcd, kube-apiserver, Crossplane, Argo CD's
# ApplicationSet controller, the function over mutual TLS, and two simulated clouds.
# With EXISTING_KUBECONFIG the cluster and Crossplane are there already, and the function is installed as PACKAGE says.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
for part in settings process certificates kubernetes crossplane function argocd cloudsim platform existing; do
  # shellcheck source=/dev/null
  . "$here/lib/$part.sh"
done

step() { printf '  %-28s' "$1"; shift; local began=$SECONDS; "$@"; printf 'ready in %s s\n' "$((SECONDS - began))"; }

the_function() {
  write_function_certificates
  register_function >/dev/null
  start_function
}

the_platform() {
  install_provider_kinds >/dev/null
  install_xrd >/dev/null
}

if [ -n "${EXISTING_KUBECONFIG:-}" ]; then
  say "the cluster of $KUBECONFIG, scope $SCOPE"
  check_existing
  allow_core_everything >/dev/null
  step "provider kinds, XRD" the_platform
  step "function-xcluster" install_function_package
else
  say "control plane in $STATE, scope $SCOPE, ports from $CONTROL_PLANE_PORT"
  step "Kubernetes" start_kubernetes
  step "Crossplane" start_crossplane
  step "provider kinds, XRD" the_platform
  step "function-xcluster" the_function
fi
step "simulated clouds" start_cloudsim
step "Argo CD" start_argocd

cat <<TEXT

Use it:   export KUBECONFIG=$KUBECONFIG PATH=$bin:\$PATH
          kubectl apply -f clusters/prod-us.yaml
          kubectl get clusters -A
Logs:     $STATE/log
Stop it:  make control-plane-down
TEXT
