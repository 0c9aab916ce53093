# shellcheck shell=bash
# A cluster that somebody else runs: what must be there, and what must not.

# What core may do beyond what it needs for itself. With real providers the RBAC manager grants the same for the kinds
# that they bring; here the kinds come alone.
allow_core_everything() {
  kubectl apply -f - <<YAML
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: xcluster-simulated-providers
  labels: {rbac.crossplane.io/aggregate-to-crossplane: "true"}
rules:
  - apiGroups: ["*"]
    resources: ["*"]
    verbs: ["*"]
YAML
}

check_existing() {
  local providers
  command -v kubectl >/dev/null || fail "kubectl is not installed; 'make tools' builds one"
  kubectl get --raw /readyz >/dev/null || fail "the cluster of KUBECONFIG=$KUBECONFIG does not answer"
  kubectl get crd compositeresourcedefinitions.apiextensions.crossplane.io >/dev/null 2>&1 ||
    fail "Crossplane is not installed there; 'Install' in README.md has the command"
  # A simulated cloud beside a real provider: both would write to the same objects, and one of them costs money.
  providers=$(kubectl get providers.pkg.crossplane.io -o 'jsonpath={.items[*].spec.package}' | tr ' ' '\n' |
    grep -E '(aws|gcp|kubernetes)' || true)
  [ -z "$providers" ] ||
    fail "this cluster has real providers ($(tr '\n' ' ' <<<"$providers")); simulated clouds need a cluster without them"
}

# The function's package, where PACKAGE names one; what else its Function says stays as it is.
install_function_package() {
  local name=function-xcluster
  if [ -n "${PACKAGE:-}" ]; then
    if kubectl get function "$name" >/dev/null 2>&1; then
      kubectl patch function "$name" --type merge -p "{\"spec\": {\"package\": \"$PACKAGE\"}}"
    else
      sed "s|package: .*|package: $PACKAGE|" "$root/bootstrap/crossplane/function.yaml" |
        kubectl apply --server-side --field-manager install -f -
    fi
  fi
  kubectl get function "$name" >/dev/null 2>&1 ||
    fail "the function is not installed there; name its package: PACKAGE=ghcr.io/function-xcluster/function-xcluster:v0.1.0"
  kubectl wait function "$name" --for condition=Healthy --timeout 300s >/dev/null ||
    fail "the function does not become healthy; see 'kubectl describe function $name'"
}
