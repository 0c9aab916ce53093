# shellcheck shell=bash
# What building, running and serving the image have in common.

say() { printf '%s\n' "$*"; }

fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# Architectures are called as in images: amd64, arm64.
host_arch() {
  case $(uname -m) in
    x86_64) echo amd64 ;;
    aarch64 | arm64) echo arm64 ;;
    *) uname -m ;;
  esac
}

rust_target() { rustc -vV | sed -n 's/^host: //p'; }

# Whether a binary names no dynamic loader.
is_static() { ! readelf --wide --program-headers "$1" | grep -q INTERP; }

first_of() {
  local name
  for name in "$@"; do
    if command -v "$name" >/dev/null; then
      echo "$name"
      return
    fi
  done
}

ARCH=${ARCH:-$(host_arch)}
# An empty BUILDER is one that make passes on without a value.
BUILDER=${BUILDER:-$(first_of buildah podman docker)}

# least NUMBER...: words like unlimited do not count.
least() { printf '%s\n' "$@" | grep -E '^[0-9]+$' | sort -n | head -n 1; }

# Storage and settings of our own for buildah and podman: no daemon, nothing of the user's is touched. Their default
# limits are higher than some machines allow, and a container does not start then.
container_settings() {
  local folder=${CONTAINERS_STATE:-$root/.state/containers} files processes
  mkdir -p "$folder"
  files=$(least 1048576 "$(ulimit -H -n)")
  # podman lowers its own limit of processes to the kernel's, and cannot raise it again.
  processes=$(least 1048576 "$(ulimit -H -u)" "$(cat /proc/sys/kernel/pid_max)")
  cat >"$folder/containers.conf" <<TOML
[containers]
default_ulimits = ["nofile=$files:$files", "nproc=$processes:$processes"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
TOML
  export CONTAINERS_CONF=$folder/containers.conf
  engine_flags=(--root "$folder/storage" --runroot "$folder/run" --storage-driver vfs)
}
