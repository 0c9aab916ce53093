#!/usr/bin/env bash
# Build the image of one architecture into dist/function-xcluster-ARCH.tar, a docker-archive.
#   buildah or podman  put a static binary into it, which cargo builds first; nothing is pulled
#   docker             builds it from source, in the Dockerfile's own Rust image
# BUILDER chooses one of the three, ARCH the architecture (binary only), BINARY a static binary that exists already, DIST
# another folder.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
# shellcheck source=/dev/null
. "$here/lib.sh"

archive=${DIST:-$root/dist}/function-xcluster-$ARCH.tar
mkdir -p "${archive%/*}"

from_binary() {
  local image=localhost/function-xcluster:$ARCH
  BINARY=${BINARY:-$root/target/$(rust_target)/release/function-xcluster}
  [ -x "$BINARY" ] || fail "$BINARY is missing; 'make static' builds it"
  is_static "$BINARY" || fail "$BINARY needs a dynamic loader, and the image has none; build it with 'make static'"
  context=$(mktemp -d)
  trap 'rm -rf "$context"' EXIT
  install -m 0755 "$BINARY" "$context/function-xcluster"
  # A fixed time makes two builds of one binary the same image.
  "$1" "${engine_flags[@]}" build --quiet --pull-never --isolation chroot --format docker --timestamp 0 \
    --platform "linux/$ARCH" --target prebuilt --tag "$image" --file "$root/Dockerfile" "$context" >/dev/null
  rm -f "$archive"
  "$1" "${engine_flags[@]}" push --quiet "$image" "docker-archive:$archive:function-xcluster:$ARCH"
}

from_source() {
  [ "$ARCH" = "$(host_arch)" ] || fail "docker builds for $(host_arch) here; build $ARCH on a machine of its own"
  docker buildx build --target image --output "type=docker,dest=$archive,name=function-xcluster:$ARCH" "$root"
}

case $BUILDER in
  buildah | podman) container_settings; from_binary "$BUILDER" ;;
  docker) from_source ;;
  '') fail "no container builder: install buildah, podman or docker" ;;
  *) fail "BUILDER is '$BUILDER'; use buildah, podman or docker" ;;
esac
say "$(du -h "$archive" | cut -f1) ${archive#"$root"/}"
