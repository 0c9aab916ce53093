#!/usr/bin/env bash
# The package as users get it: pushed to a registry, looked at there, extracted, and its image run.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
# Apart from a control plane that may be running.
export CONTROL_PLANE_STATE=${CONTROL_PLANE_STATE:-$root/.state/package}
export CONTROL_PLANE_PORT=${CONTROL_PLANE_PORT:-26440}
# shellcheck source=/dev/null
. "$root/tools/control-plane/lib/settings.sh"
# shellcheck source=/dev/null
. "$root/tools/control-plane/lib/process.sh"
# shellcheck source=/dev/null
. "$root/tools/package/lib.sh"

package=$root/tools/package
image=127.0.0.1:$spare_port/function-xcluster
work=$STATE/work
rm -rf "$work"
mkdir -p "$work/dist"

finish() {
  stop function
  "$package/registry.sh" stop
  rm -rf "$STATE"
}
trap finish EXIT

ok() { printf '  ok   %s\n' "$*"; }

# check WHAT COMMAND...
check() {
  local what=$1
  shift
  "$@" >"$work/out" 2>&1 || {
    printf '  FAIL %s\n' "$what"
    tail -n 20 "$work/out" "$STATE/log/function.log"
    exit 1
  }
  ok "$what"
}

# says PATTERN COMMAND...: the command prints a line with it.
says() {
  local pattern=$1
  shift
  "$@" 2>&1 | tee "$work/said" | grep -Eq -- "$pattern" || { cat "$work/said"; return 1; }
}

# refuses PATTERN COMMAND...: the command fails and says why.
refuses() {
  local pattern=$1
  shift
  if "$@" >"$work/said" 2>&1; then return 1; fi
  grep -Eq -- "$pattern" "$work/said" || { cat "$work/said"; return 1; }
}

export DIST=$work/dist
check "push: no version, no push" refuses 'VERSION is .*; use a semantic version' "$package/push.sh" "$image" latest
check "push: no image, no push" refuses 'IMAGE is not set' "$package/push.sh" "" v0.0.1
check "push: no package, no push" refuses 'is missing' env DIST="$work" "$package/push.sh" "$image" v0.0.1
check "image: a binary that needs a loader is refused" \
  refuses 'needs a dynamic loader' env BINARY="$(command -v bash)" "$package/image.sh"
check "a second architecture is built" "$here/second.sh" "$DIST"
check "a registry serves" "$package/registry.sh" start "$spare_port"
check "both architectures are pushed as one index" "$package/push.sh" "$image" v0.0.1
check "the index has two manifests" says '^linux/amd64 linux/arm64 $' \
  sh -c "'$bin/crane' manifest $image:v0.0.1 | tr ',' '\n' | sed -n 's/.*\"architecture\":\"\([a-z0-9]*\)\".*/linux\/\1/p' | sort | tr '\n' ' '"
digest=$("$bin/crane" digest "$image:v0.0.1")
check "the same packages have the same digest" says "$digest" \
  sh -c "'$package/push.sh' $image v0.0.2 && '$bin/crane' digest $image:v0.0.2"

config() { "$bin/crane" config --platform "linux/$(host_arch)" "$image:v0.0.1"; }
check "the image runs as user 2000" says '"User":"2000:2000"' config
check "the image runs the function" says '"Entrypoint":\["/function-xcluster"\]' config
check "the image has a layer for the package and one or two for the program" \
  says '^(2|3|4)$' sh -c "'$bin/crane' manifest --platform linux/$(host_arch) $image:v0.0.1 | grep -o '\"digest\"' | wc -l | awk '{print \$1 - 1}'"
check "crossplane extracts what was pushed" "$bin/crossplane" xpkg extract "$image:v0.0.1" --output "$work/package.gz"
contents() { gzip -dc "$work/package.gz"; }
check "it is the function's package" says '^  name: function-xcluster$' contents
check "its Input's schema is in it" says '^kind: CustomResourceDefinition$' contents
check "it is for compositions" says '^  - composition$' contents
check "the program in it is the one that was built" sh -c "
  '$bin/crane' export --platform linux/$(host_arch) $image:v0.0.1 - | tar -x -C '$work' function-xcluster &&
  cmp '$work/function-xcluster' '$root/target/$(rust_target)/release/function-xcluster'"

# shellcheck source=/dev/null
. "$package/run.sh"
run_image "$image:v0.0.1" "$work/function-xcluster" --insecure \
  --address "127.0.0.1:$function_port" --metrics-address "127.0.0.1:$function_http_port"
check "it serves" wait_until 30 it curl -fsS "http://127.0.0.1:$function_http_port/readyz"
check "it says what it is" says '^xcluster_build_info' curl -fsS "http://127.0.0.1:$function_http_port/metrics"
stop function
check "it stops when asked to" says 'stop|drain|shut' tail -3 "$STATE/log/function.log"
echo "package tests passed"
