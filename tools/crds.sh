#!/usr/bin/env bash
# Fill the CRD folder at the versions that the conformance tests check: one folder a provider release,
# one file <group>_<plural>.yaml a CRD.
set -euo pipefail
cd "$(dirname "$0")/.."

out=${CRDS_DIR:-.crds}
shared=${CRDS_SHARED:-../shared/crds}
registry=${CRDS_REGISTRY:-xpkg.crossplane.io/crossplane-contrib}
crossplane=${CROSSPLANE:-.tools/bin/crossplane}
go=${GO:-go}

releases() {
  local aws="family-aws aws-cloudwatchlogs aws-ec2 aws-eks aws-iam aws-kms aws-route53"
  local gcp="family-gcp gcp-artifact gcp-cloudplatform gcp-compute gcp-container gcp-dns gcp-gkehub gcp-kms"
  echo "provider-aws-v2.6.0 $aws"
  echo "provider-gcp-v3.0.0 $gcp"
  echo "provider-kubernetes-v1.2.1 kubernetes"
}

manifest() {
  local version=$1 name
  shift
  for name in "$@"; do
    printf -- '---\napiVersion: pkg.crossplane.io/v1\nkind: Provider\nmetadata: {name: provider-%s}\n' "$name"
    printf 'spec: {package: "%s/provider-%s:%s"}\n' "$registry" "$name" "$version"
  done
}

# Crossplane's own kinds come with its source, whether or not `make tools` had something to build.
crossplane_kinds() {
  local module=github.com/crossplane/crossplane/v2 version source kind
  export GOWORK=off
  (cd tools/crossplane-core && "$go" mod download "$module")
  read -r version source < <(cd tools/crossplane-core && "$go" list -m -f '{{.Version}} {{.Dir}}' "$module")
  mkdir -p "$out/crossplane-$version"
  for kind in apiextensions.crossplane.io_{compositeresourcedefinitions,compositions,managedresourceactivationpolicies} \
    pkg.crossplane.io_{deploymentruntimeconfigs,functions,imageconfigs,providers} protection.crossplane.io_{clusterusages,usages}; do
    install -m 0644 "$source/cluster/crds/$kind.yaml" "$out/crossplane-$version/"
  done
}

# module PATH@VERSION: fetches it and prints its folder.
module() {
  GOWORK=off GOFLAGS=-mod=mod "$go" mod download -json "$1" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p'
}

# begin RELEASE: makes a folder to fetch into and prints it. finish FOLDER RELEASE: moves that to its place, once all of it
# is there: a release's folder is taken for complete.
begin() { mktemp -d "$out/fetch.$1.XXXXXX"; }
finish() { chmod 0755 "$1" && mv "$1" "$out/$2"; }

# The newest Argo CD, which may be newer than the one that tests run.
argocd_kinds() {
  local version=v3.5.1 source kind work
  local release=argocd-$version
  [ ! -d "$out/$release" ] || return 0
  source=$(module "github.com/argoproj/argo-cd/v3@$version")
  work=$(begin "$release")
  for kind in application applicationset appproject; do
    install -m 0644 "$source/manifests/crds/$kind-crd.yaml" "$work/argoproj.io_${kind}s.yaml"
  done
  finish "$work" "$release"
}

# GKE brings these to its clusters. What is used of them is of v1, which is as it was in v1.0.
gateway_kinds() {
  local version=v1.3.0 source kind work
  local release=gateway-api-$version
  [ ! -d "$out/$release" ] || return 0
  source=$(module "sigs.k8s.io/gateway-api@$version")
  work=$(begin "$release")
  for kind in gateways httproutes; do
    install -m 0644 "$source/config/crd/standard/gateway.networking.k8s.io_$kind.yaml" "$work/"
  done
  finish "$work" "$release"
}

# Its Go module has no version that the proxy would serve.
external_secrets_kinds() {
  local version=v2.9.0 kind work
  local release=external-secrets-${version%.*}
  [ ! -d "$out/$release" ] || return 0
  work=$(begin "$release")
  for kind in clustersecretstores externalsecrets pushsecrets; do
    curl --fail --silent --show-error --location --output "$work/external-secrets.io_$kind.yaml" \
      "https://raw.githubusercontent.com/external-secrets/external-secrets/$version/config/crds/bases/external-secrets.io_$kind.yaml"
  done
  finish "$work" "$release"
}

mkdir -p "$out"
trap 'rm -rf "$out"/fetch.*' EXIT
command -v "$go" >/dev/null || {
  echo "cannot fetch Crossplane's CRDs: '$go' is not installed. Install Go 1.26 or later, or set GO=/path/to/go." >&2
  exit 1
}
if [ -d "$shared" ]; then
  echo "copying CRDs from $shared to $out"
  cp -R "$shared/." "$out/"
  chmod -R u+w "$out"
  crossplane_kinds
  gateway_kinds
  exit
fi

crossplane_kinds
argocd_kinds
gateway_kinds
external_secrets_kinds
if [ ! -x "$crossplane" ]; then
  echo "cannot fetch CRDs: $crossplane is missing, run 'make tools' first" >&2
  exit 1
fi
while read -r release names; do
  if [ -d "$out/$release" ]; then
    echo "$out/$release is there already"
    continue
  fi
  echo "fetching the CRDs of $release from $registry to $out/$release"
  work=$(begin "$release")
  # shellcheck disable=SC2086 # a list of words
  manifest "${release##*-}" $names >"$work/providers.yaml"
  "$crossplane" xpkg get-crds "$work/providers.yaml" --flat --no-cache --output-dir "$work/crds" >/dev/null
  for file in "$work"/crds/*.yaml; do
    name=$(basename "$file" .yaml) # <plural>.<group>
    mv "$file" "$work/crds/${name#*.}_${name%%.*}.yaml"
  done
  mv "$work/crds" "$out/$release"
  rm -r "$work"
done < <(releases)
