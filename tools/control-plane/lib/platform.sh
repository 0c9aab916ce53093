# shellcheck shell=bash
# What a platform team installs: the providers' kinds, one of the three XRDs, its Composition.

# The folder of provider releases, one file a CRD.
crds_folder() {
  local folder=${XCLUSTER_CRDS:-$root/.crds}
  [ -d "$folder" ] || fail "the providers' CRDs are missing; 'make crds' fetches them"
  echo "$folder"
}

# The newest release of each provider that is there.
install_provider_kinds() {
  local folder provider release
  folder=$(crds_folder)
  for provider in aws gcp kubernetes; do
    release=$(find "$folder" -maxdepth 1 -name "provider-$provider-v*" | sort -V | tail -1)
    [ -n "$release" ] || fail "$folder has no provider-$provider-v*; 'make crds' fetches it"
    kubectl apply --server-side --force-conflicts -f "$release"
  done
  established crd --all
}

install_xrd() {
  local composition=composition.yaml
  [ "$SCOPE" != namespaced ] || composition="composition-namespaced.yaml"
  # Crossplane warns of v1 XRDs; only those have claims.
  kubectl apply -f "$root/clusters/xrd/$SCOPE.yaml" 2> >(grep -v 'CompositeResourceDefinition v1 is deprecated' >&2 || true)
  established xrd --all
  # As bootstrap/up.sh does, so that what changes it later owns all of it.
  kubectl apply --server-side --field-manager bootstrap -f "$root/clusters/$composition"
  kubectl apply --server-side --field-manager bootstrap -f "$root/bootstrap/policies.yaml"
  kubectl create namespace ml-platform --dry-run=client -o yaml | kubectl apply -f -
}
