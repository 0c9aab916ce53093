#!/usr/bin/env bash
# Fill the folder XCLUSTER_CRDS, .crds unless set, with the definitions of the kinds that tests check: a folder for each
# release, in it a file <group>_<plural>.yaml for each kind. A file that is there stays. The others come from the first of
# these that has them: the folder CRDS_FROM, GitHub, the Go module proxy. The proxy has no release of a cloud's provider.
set -euo pipefail
cd "$(dirname "$0")/.."

out=${XCLUSTER_CRDS:-.crds}
from=${CRDS_FROM:-}
github=${CRDS_GITHUB:-https://raw.githubusercontent.com}
go=${GO:-go}

# release NAME REPOSITORY@TAG FOLDER MODULE FILE[=ORIGINAL]…: fetches the files of a release that are missing. They are in a
# FOLDER of its repository and of its Go MODULE, if it has one; ORIGINAL is what a file is called there.
release() {
  local name=$1 repository=${2%@*} tag=${2#*@} folder=$3 module=$4 source file missing
  shift 4
  for source in folder github module; do
    missing=()
    for file in "$@"; do
      [ -f "$out/$name/${file%=*}" ] || missing+=("$file")
    done
    [ "${#missing[@]}" -gt 0 ] || return 0
    "from_$source"
    # Moved when all of it is there: what is in its place is taken for complete.
    for file in "$work"/*.yaml; do
      [ ! -f "$file" ] || { mkdir -p "$out/$name" && mv "$file" "$out/$name/"; }
    done
  done
  for file in "$@"; do
    [ -f "$out/$name/${file%=*}" ] || failed+=("$name/${file%=*}")
  done
}

# Each of these puts those of the missing files that it has into $work.
from_folder() {
  [ -n "$from" ] || return 0
  for file in "${missing[@]}"; do
    [ ! -f "$from/$name/${file%=*}" ] || cat "$from/$name/${file%=*}" >"$work/${file%=*}"
  done
}

# Where it fails once it is not asked again.
from_github() {
  [ -n "$github" ] || return 0
  echo "fetching ${#missing[@]} definitions of $name"
  for file in "${missing[@]}"; do
    printf 'url = "%s"\noutput = "%s"\n' "$github/$repository/$tag/$folder/${file#*=}" "$work/${file%=*}"
  done | curl --fail --fail-early --silent --show-error --location --retry 2 --config - 2>>"$work/errors" || {
    github=
    rm -f "$work"/*.yaml
  }
}

from_module() {
  [ "$module" != - ] && command -v "$go" >/dev/null || return 0
  local origin
  origin=$(GOWORK=off GOFLAGS=-mod=mod "$go" mod download -json "$module@$tag" 2>>"$work/errors" |
    sed -n 's/^\t"Dir": "\(.*\)",$/\1/p') || return 0
  for file in "${missing[@]}"; do
    cat "$origin/$folder/${file#*=}" >"$work/${file%=*}"
  done
}

# provider CLOUD TAG: what the platform activates of a cloud's provider, which is what the function and Argo CD compose, and
# the kinds that hold its credentials.
provider() {
  local cloud=$1 tag=$2 group="[a-z0-9]*\.$1\.\(m\.\)\{0,1\}upbound\.io"
  # shellcheck disable=SC2046 # file names without spaces
  release "provider-$cloud-$tag" "crossplane-contrib/provider-upjet-$cloud@$tag" package/crds - \
    $(sed -n "s/^ *- \([a-z]*\)\.\($group\)$/\2_\1.yaml/p" bootstrap/crossplane/activation-*.yaml | sort -u) \
    "$cloud.upbound.io_providerconfigs.yaml" "$cloud.m.upbound.io_"{,cluster}providerconfigs.yaml
}

mkdir -p "$out"
work=$(mktemp -d "$out/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
failed=()

provider aws v2.6.0
provider gcp v2.6.0
release provider-kubernetes-v1.2.1 crossplane-contrib/provider-kubernetes@v1.2.1 package/crds - \
  kubernetes.m.crossplane.io_{objects,providerconfigs,clusterproviderconfigs}.yaml

# The version that tests run.
crossplane=$(sed -n 's|^\tgithub.com/crossplane/crossplane/v2 \(v[0-9.]*\).*|\1|p' tools/crossplane-core/go.mod)
release "crossplane-$crossplane" "crossplane/crossplane@$crossplane" cluster/crds github.com/crossplane/crossplane/v2 \
  apiextensions.crossplane.io_{compositeresourcedefinitions,compositions,managedresourceactivationpolicies}.yaml \
  pkg.crossplane.io_{deploymentruntimeconfigs,functions,imageconfigs,providers}.yaml \
  protection.crossplane.io_{clusterusages,usages}.yaml

# The newest Argo CD, which may be newer than the one that tests run.
release argocd-v3.5.1 argoproj/argo-cd@v3.5.1 manifests/crds github.com/argoproj/argo-cd/v3 \
  argoproj.io_applications.yaml=application-crd.yaml argoproj.io_applicationsets.yaml=applicationset-crd.yaml \
  argoproj.io_appprojects.yaml=appproject-crd.yaml

# GKE brings these to its clusters. What is used of them is of v1, which is as it was in v1.0.
release gateway-api-v1.3.0 kubernetes-sigs/gateway-api@v1.3.0 config/crd/standard sigs.k8s.io/gateway-api \
  gateway.networking.k8s.io_{gateways,httproutes}.yaml

release external-secrets-v2.9 external-secrets/external-secrets@v2.9.0 config/crds/bases - \
  external-secrets.io_{clustersecretstores,externalsecrets,pushsecrets}.yaml

if [ "${#failed[@]}" -gt 0 ]; then
  tail -n 1 "$work/errors" >&2
  printf 'cannot fetch %s definitions, such as %s\n' "${#failed[@]}" "${failed[0]}" >&2
  echo "They come from GitHub: run 'make crds' where it can be reached, or 'make crds CRDS_FROM=FOLDER' with a folder that has them." >&2
  exit 1
fi
