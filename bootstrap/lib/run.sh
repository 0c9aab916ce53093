# shellcheck shell=bash
# How a step is said, done and waited for.

say() { printf '%s\n' "$*"; }

fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# step NAME COMMAND...: says what happens and how long it took. With --dry-run, the commands that it would run.
step() {
  local name=$1 began=$SECONDS
  shift
  say "==> $name"
  "$@"
  [ -n "$dry_run" ] || say "    done in $((SECONDS - began)) s"
}

# run COMMAND...: its output is shown only when it fails.
run() {
  local output
  if [ -n "$dry_run" ]; then
    printf '    %s\n' "$*"
    return
  fi
  output=$("$@" 2>&1) || {
    printf '%s\n' "$output" | tail -20 | sed 's/^/    /' >&2
    return 1
  }
}

k() { run kubectl --context "$CONTEXT" "$@"; }

# apply FILE...: as one owner of its fields, so that a second run changes what a first one set.
apply() {
  local file
  for file in "$@"; do
    k apply --server-side --field-manager bootstrap --force-conflicts --filename "$file" ||
      fail "$file is refused; the line above says why"
  done
}

# namespace NAME
namespace() {
  if [ -n "$dry_run" ] || ! kubectl --context "$CONTEXT" get namespace "$1" >/dev/null 2>&1; then
    k create namespace "$1"
  fi
}

# chart RELEASE NAME VERSION REPOSITORY NAMESPACE VALUES...
chart() {
  local release=$1 name=$2 version=$3 repository=$4 where=$5 values=() file
  shift 5
  for file in "$@"; do values+=(--values "$file"); done
  run helm --kube-context "$CONTEXT" upgrade --install "$release" "$name" --repo "$repository" --version "$version" \
    --namespace "$where" --create-namespace --wait --timeout 10m "${values[@]}" ||
    fail "the chart $name $version does not come up; look at 'kubectl --context $CONTEXT get pods -n $where', then run this again"
}
