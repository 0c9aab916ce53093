#!/usr/bin/env bash
# Push all packages of dist/ as one index: push.sh IMAGE VERSION
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
# shellcheck source=/dev/null
. "$here/lib.sh"

image=${1:-} version=${2:-} dist=${DIST:-$root/dist}
[ -n "$image" ] || fail "IMAGE is not set; use IMAGE=ghcr.io/OWNER/function-xcluster"
# Crossplane sorts versions, and a dependency on this package names a range of them.
[[ $version =~ ^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] ||
  fail "VERSION is '$version'; use a semantic version with a v, like v1.2.3"
[ -f "$dist/function-xcluster-amd64.xpkg" ] ||
  fail "$dist/function-xcluster-amd64.xpkg is missing; 'make xpkg' builds it"
packages=("$dist"/function-xcluster-*.xpkg)
files=$(IFS=, && echo "${packages[*]}")
"${TOOLS_DIR:-$root/.tools}/bin/crossplane" xpkg push --package-files "$files" "$image:$version"
