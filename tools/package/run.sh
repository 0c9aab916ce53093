# shellcheck shell=bash
# Running the image of a package as the process `function`, in place of the binary.

# container_engine: podman, when it can run a container here.
container_engine() {
  command -v podman >/dev/null && command -v runc >/dev/null && [ "$(id -u)" = 0 ] && echo podman
}

# run_image IMAGE BINARY ARGUMENTS...: with podman, or the binary of the image where that cannot be.
run_image() {
  local image=$1 binary=$2
  shift 2
  if [ -n "$(container_engine)" ]; then
    container_settings
    podman "${engine_flags[@]}" --runtime runc pull --quiet --tls-verify=false "$image" >/dev/null
    # As Crossplane runs it: no root, nothing to write to, no capability.
    start function podman "${engine_flags[@]}" --runtime runc run --rm --network host \
      --read-only --read-only-tmpfs=false --user 2000:2000 --cap-drop all --security-opt no-new-privileges \
      --volume "$STATE:$STATE:ro" "$image" "$@"
    say "  running the image with podman"
  else
    start function "$binary" "$@"
    say "  no container engine runs here (podman and runc, as root): running the image's binary"
  fi
}
