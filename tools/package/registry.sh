#!/usr/bin/env bash
# A registry on the loopback interface, for tests: registry.sh start PORT | stop
# It is Debian's docker-registry, or crane's own where that is not installed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# The state of the control plane is where its processes are noted, too.
# shellcheck source=/dev/null
. "$here/../control-plane/lib/settings.sh"
# shellcheck source=/dev/null
. "$here/../control-plane/lib/process.sh"

case ${1:-} in
  start)
    port=${2:?registry.sh start PORT}
    if command -v docker-registry >/dev/null; then
      mkdir -p "$STATE/registry"
      cat >"$STATE/registry.yml" <<YAML
version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: "$STATE/registry"}}
http: {addr: "127.0.0.1:$port"}
YAML
      start registry docker-registry serve "$STATE/registry.yml"
    else
      start registry "$bin/crane" registry serve --address "127.0.0.1:$port"
    fi
    wait_ready registry 20 curl -fsS "http://127.0.0.1:$port/v2/"
    ;;
  stop) stop registry && rm -rf "$STATE/registry" ;;
  *) echo "registry.sh start PORT | stop" >&2; exit 64 ;;
esac
