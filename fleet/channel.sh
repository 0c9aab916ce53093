#!/usr/bin/env bash
# Which channel each cluster follows, and which function composes it; with a channel and clusters, move them there and wait
# until they are Ready again.
#   fleet/channel.sh                          the list
#   fleet/channel.sh next staging-eu …        clusters as NAME or NAMESPACE/NAME
#   fleet/channel.sh stable --all
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/lib/target.sh"
# shellcheck source=/dev/null
. "$root/fleet/lib/channels.sh"
limit=${CHANNEL_TIMEOUT:-600}

list() {
  local known
  known=$(revisions | jq --slurp 'map({key: .name, value: .}) | from_entries')
  {
    printf 'CLUSTER\tCHANNEL\tREVISION\tFUNCTION\tREADY\n'
    in_channels | jq --raw-output --argjson known "$known" '[.id, .channel // "-", .revision // "-",
      (if .revision then $known[.revision].functions else null end) // "-", .ready] | @tsv'
  } | table
}

# cluster_named NAME: the cluster of that name.
cluster_named() {
  local found
  found=$(in_channels | jq --compact-output --arg name "$1" 'select(.id == $name or .name == $name)')
  case $(count "$found") in
    1) echo "$found" ;;
    0) fail "there is no cluster $1; 'kubectl get clusters --all-namespaces' lists them" ;;
    *) fail "several clusters are called $1; say NAMESPACE/$1" ;;
  esac
}

# In which object of the spec Crossplane keeps its own fields.
patch() {
  local selector
  selector=$(jq --null-input --compact-output --arg channel "$1" '{compositionRevisionSelector: {matchLabels: {channel: $channel}}}')
  [ "$SCOPE" = claims ] || selector="{\"crossplane\": $selector}"
  echo "{\"spec\": $selector}"
}

# move CHANNEL CLUSTER
move() {
  local id name namespace where=()
  id=$(jq --raw-output .id <<<"$2") name=$(jq --raw-output .name <<<"$2") namespace=$(jq --raw-output .namespace <<<"$2")
  [ -z "$namespace" ] || where=(--namespace "$namespace")
  [ "$(jq --raw-output .policy <<<"$2")" != Manual ] ||
    fail "$id has compositionUpdatePolicy Manual: it follows no channel, but the revision that it names. Set Automatic first"
  k patch "$kind" "$name" "${where[@]}" --type merge --patch "$(patch "$1")" || fail "$id is refused; the line above says why"
  say "$id: asked for $1"
}

# there CHANNEL ID: the newest revision of the channel composes it, and it is Ready.
there() {
  local newest
  newest=$(revisions | jq --slurp --raw-output --arg channel "$1" 'map(select(.channel == $channel)) | max_by(.revision) | .name')
  in_channels | jq --slurp --exit-status --arg id "$2" --arg newest "$newest" \
    'any(.[]; .id == $id and .revision == $newest and .synced == "True" and .ready == "True")' >/dev/null
}

connect
if [ "$#" = 0 ]; then
  list
  exit
fi
channel=$1
shift
check_channel "$channel"
[ "$#" -gt 0 ] || fail "name the clusters that go to $channel, or --all"
[ -n "$(revisions | jq --arg channel "$channel" 'select(.channel == $channel)')" ] ||
  fail "nothing is published in $channel; 'make publish CHANNEL=$channel' does it"
if [ "$*" = --all ]; then
  found=$(in_channels | jq --compact-output 'select(.policy != "Manual")')
else
  found=$(for name in "$@"; do cluster_named "$name"; done)
fi
while read -r cluster; do move "$channel" "$cluster"; done <<<"$found"
for id in $(jq --raw-output .id <<<"$found"); do
  until_true "$limit" 1 there "$channel" "$id" ||
    fail "$id is not Ready after $limit s. What it waits for: fleet/check-clusters.sh. Back: fleet/channel.sh stable $id"
  say "$id: Ready in $channel"
done
