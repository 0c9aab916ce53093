#!/usr/bin/env bash
# Wait until every cluster of the management cluster is Ready, and say what each waits for. It ends early when nothing is
# left to wait for: each is Ready, or stuck on something that a person has to mend, and then it says what.
# CHECK_TIMEOUT is in seconds; with 0 it looks once.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/lib/target.sh"

if is_local; then
  interval=1 patience=10 limit=${CHECK_TIMEOUT:-420}
else
  # A provider that has just started needs a minute or two until it looks at everything.
  interval=10 patience=180 limit=${CHECK_TIMEOUT:-3600}
fi
declare -A shown=() since=() stuck=()

# What no cluster can mend.
check_providers() {
  local unhealthy
  unhealthy=$(read_from get providers.pkg.crossplane.io -o json 2>/dev/null | jq --raw-output '.items[] |
    ([.status.conditions[]? | select(.type == "Healthy")][0]) as $healthy | select($healthy.status != "True") |
    "  provider \(.metadata.name) is not healthy: \($healthy.message // "nothing is reported of it yet")\n    fix: kubectl describe provider \(.metadata.name)"')
  [ -z "$unhealthy" ] || say "$unhealthy"
}

# progress: one line a cluster, as lib/progress.jq writes it.
progress() {
  local composites='{}' found
  if [ "$SCOPE" = claims ]; then composites=$(read_from get xclusters.xcluster.dev -o json) || return 1; fi
  found=$(clusters) || return 1
  jq --raw-output --argjson composites "$composites" --from-file "$root/fleet/lib/progress.jq" <<<"$found"
}

# report NAME PLACE: what changed, once.
report() {
  [ "${shown[$1]:-}" != "$2" ] || return 0
  shown[$1]=$2
  printf '  %4ss  %s: %s\n' "$SECONDS" "$1" "$2"
}

# judge NAME WHAT FIX AT_ONCE: a cluster is stuck when it has waited long for something that has a fix.
judge() {
  local name=$1 what=$2 fix=$3 at_once=$4 wait=$patience
  if [ -z "$fix" ]; then
    unset "since[$name]" "stuck[$name]"
    return
  fi
  # The message may change from attempt to attempt; what to do about it does not.
  if [ "${since[$name]:-}" = "" ] || [ "${since[$name]#* }" != "$fix" ]; then since[$name]="$SECONDS $fix"; fi
  [ "$at_once" != true ] || wait=0
  [ "$limit" != 0 ] || wait=0
  if [ $((SECONDS - ${since[$name]%% *})) -ge "$wait" ] && [ -z "${stuck[$name]:-}" ]; then
    stuck[$name]="$what"
    printf '  %4ss  %s is stuck: %s\n         fix: %s\n' "$SECONDS" "$name" "$what" "$fix"
  fi
}

# look: sets total, ready and waiting.
look() {
  local lines name is_ready place what fix at_once
  lines=$(progress) || { say "  the management cluster does not answer at the moment"; return 0; }
  total=0 ready=0 waiting=0
  while IFS=$'\x1f' read -r name is_ready place what fix at_once; do
    [ -n "$name" ] || continue
    total=$((total + 1))
    report "$name" "$place"
    judge "$name" "$what" "$fix" "$at_once"
    if [ "$is_ready" = true ]; then
      ready=$((ready + 1))
    elif [ -z "${stuck[$name]:-}" ]; then
      waiting=$((waiting + 1))
    fi
  done <<<"$lines"
}

overview() {
  clusters | jq --raw-output --slurp '(["NAME", "PROVIDER", "REGION", "VERSION", "PHASE", "READY", "ENDPOINT"],
    (.[] | [.name, .provider, .region, (.status.kubernetesVersion.controlPlane // "-"), (.status.phase // "-"),
      (.conditions.Ready.status // "Unknown"), (.status.endpoint // "-")])) | @tsv' | table
}

connect
check_providers
total=0 ready=0 waiting=1
while :; do
  look
  if [ "$waiting" = 0 ] || [ "$SECONDS" -ge "$limit" ]; then break; fi
  sleep "$interval"
done
say ""
overview
[ "$total" != 0 ] || fail "there is no cluster on $CONTEXT; 'make deploy-clusters MANAGEMENT=$MANAGEMENT' creates those of clusters/"
[ "${#stuck[@]}" = 0 ] || { check_providers; fail "${#stuck[@]} of $total wait for a person: ${!stuck[*]}; the fix stands above"; }
[ "$ready" = "$total" ] || fail "$((total - ready)) of $total are not Ready after $SECONDS s; 'kubectl describe $kind' says why"
say "all $total are Ready"
