#!/usr/bin/env bash
# Fill FOLDER with the package of this machine's architecture and one of another: second.sh FOLDER
# What is in the second does not matter for an index, and this machine cannot run it: it is the same program. CI builds
# the real one on a machine of that architecture.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
# shellcheck source=/dev/null
. "$root/tools/package/lib.sh"

folder=${1:?second.sh FOLDER}
own=$(host_arch)
other=arm64
[ "$own" != arm64 ] || other=amd64
mkdir -p "$folder"
cp "$root/dist/function-xcluster-$own.xpkg" "$folder/"
ARCH=$other BINARY=${BINARY:-$root/target/$(rust_target)/release/function-xcluster} DIST=$folder \
  "$root/tools/package/image.sh" >/dev/null
"${TOOLS_DIR:-$root/.tools}/bin/crossplane" xpkg build --package-root "$root/package" --examples-root "$root/examples" \
  --package-file "$folder/function-xcluster-$other.xpkg" \
  --embed-runtime-image-tarball "$folder/function-xcluster-$other.tar"
