# shellcheck shell=bash
# The steps, in their order. Each can be run again.

here=$root/bootstrap

kind_cluster() {
  if [ -n "$dry_run" ] || ! kind get clusters 2>/dev/null | grep -qx xcluster; then
    run kind create cluster --config "$here/kind/cluster.yaml" --wait 3m ||
      fail "kind cannot make a cluster; the line above says why, most often that Docker does not run"
  fi
}

reachable() {
  k get --raw /readyz || fail "the cluster of context $CONTEXT does not answer; 'kubectl config get-contexts' lists yours"
}

crossplane() {
  chart crossplane crossplane "$crossplane_chart" https://charts.crossplane.io/stable crossplane-system "$here/crossplane/values.yaml"
}

activation() {
  case $SCOPE in
    claims) apply "$here/crossplane/activation-claims.yaml" ;;
    *) apply "$here/crossplane/activation-namespaced.yaml" ;;
  esac
  apply "$here/crossplane/activation-platform.yaml"
}

# healthy KIND: all of them, or the message of the package manager.
healthy() {
  k wait "$1" --all --for condition=Healthy --timeout 15m ||
    fail "not healthy: see 'kubectl --context $CONTEXT describe $1'; a package that cannot be pulled says so there"
}

packages() {
  apply "$here/crossplane/runtime.yaml" "$here/crossplane/providers.yaml"
  [ "$SCOPE" != namespaced ] || apply "$here/crossplane/provider-kubernetes.yaml"
  apply "$here/crossplane/verification.yaml" "$here/crossplane/function.yaml"
  healthy providers.pkg.crossplane.io
  healthy functions.pkg.crossplane.io
}

provider_configs() {
  ! wants aws || apply "$here/providerconfigs/aws-$AWS_IDENTITY.yaml"
  ! wants gcp || apply "$here/providerconfigs/gcp-$GCP_IDENTITY.yaml"
  [ "$SCOPE" != namespaced ] || apply "$here/providerconfigs/kubernetes.yaml"
}

api() {
  apply "$root/clusters/xrd/$SCOPE.yaml" "$(composition)"
  k wait compositeresourcedefinitions.apiextensions.crossplane.io --all --for condition=Established --timeout 2m ||
    fail "the XRD is not established; one of another scope is there? 'kubectl --context $CONTEXT describe xrd' says"
}

external_secrets() {
  chart external-secrets external-secrets "$external_secrets_chart" https://charts.external-secrets.io external-secrets \
    "$here/external-secrets/values.yaml" "$here/external-secrets/values-$MANAGEMENT.yaml"
}

argocd() {
  chart argocd argo-cd "$argocd_chart" https://argoproj.github.io/argo-helm argocd \
    "$here/argocd/values.yaml" "$here/argocd/values-$MANAGEMENT.yaml"
}

# From here on Argo CD keeps the folder as it is in git, root.yaml included.
applications() {
  k apply --server-side --field-manager bootstrap --force-conflicts --kustomize "$root/argocd" ||
    fail "argocd/ is refused; the line above says why"
  k wait application/root --namespace argocd --for 'jsonpath={.status.sync.status}=Synced' --timeout 5m ||
    fail "Argo CD cannot sync the repository; is repoURL in argocd/root.yaml yours, and is this commit pushed to it?"
}
