#!/usr/bin/env bash
# Publish the Composition of clusters/, or the one that COMPOSITION names, in a channel: CHANNEL=next, or stable unless set.
# Crossplane keeps each published state as a CompositionRevision with the label `channel`; a cluster follows the newest one of
# its channel.
#   stable   is composed by the function function-xcluster
#   next     by function-xcluster-next, a second release of it: bootstrap/crossplane/function-next.yaml
# The one of stable stays the newest of all: a cluster that names no channel follows it.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/lib/target.sh"
# shellcheck source=/dev/null
. "$root/fleet/lib/channels.sh"
CHANNEL=${CHANNEL:-stable}

# serves FUNCTION: the package manager has a revision of it that Crossplane can call.
serves() {
  local revisions
  revisions=$(read_from get functionrevisions.pkg.crossplane.io --selector "pkg.crossplane.io/package=$1" -o json) || return 1
  jq --exit-status '[.items[] | select(.spec.desiredState == "Active" and (.status.endpoint // "") != "" and
    ([.status.conditions[]? | select(.type == "RuntimeHealthy" and .status == "True")] != []))] != []' <<<"$revisions" >/dev/null
}

# of_file CHANNEL: the file as this channel has it.
of_file() {
  kubectl --context "$CONTEXT" create --dry-run=client --filename "$COMPOSITION" -o json |
    jq --arg channel "$1" --arg function "$(function_of "$1")" '.metadata.labels.channel = $channel |
      .spec.pipeline |= map(if .functionRef.name == "function-xcluster" then .functionRef.name = $function else . end)'
}

# of_revision NAME: the Composition as it was.
of_revision() {
  read_from get compositionrevisions.apiextensions.crossplane.io "$1" -o json | jq '
    (.metadata.labels["crossplane.io/composition-name"]) as $name | {
      apiVersion: "apiextensions.crossplane.io/v1", kind: "Composition",
      metadata: {name: $name, labels: (.metadata.labels | with_entries(select(.key | startswith("crossplane.io/") | not)))},
      spec: (.spec | del(.revision))}'
}

newest() { revisions | jq --slurp --raw-output "map(select($1)) | max_by(.revision) | .name // empty"; }
is_newest() { [ "$(newest true)" = "$(newest ".channel == \"$1\"")" ]; }

# apply_as CHANNEL: what is on standard input. Returns when Crossplane has a revision of it: two changes at once would be one.
apply_as() {
  k apply --server-side --field-manager bootstrap --force-conflicts --filename - ||
    fail "the Composition is refused; the line above says why"
  until_true 60 0.3 is_newest "$1" ||
    fail "Crossplane has made no revision in channel $1; does it run? 'kubectl get pods --namespace crossplane-system'"
}

check_channel "$CHANNEL"
connect
case $SCOPE in
  namespaced) COMPOSITION=${COMPOSITION:-$root/clusters/composition-namespaced.yaml} ;;
  *) COMPOSITION=${COMPOSITION:-$root/clusters/composition.yaml} ;;
esac
[ -f "$COMPOSITION" ] || fail "COMPOSITION names $COMPOSITION, which does not exist"
function=$(function_of "$CHANNEL")
serves "$function" ||
  fail "the function $function does not run; install it with 'kubectl apply --filename bootstrap/crossplane/${function/xcluster-/}.yaml'"
if [ "$CHANNEL" = stable ]; then
  of_file stable | apply_as stable
else
  stable=$(newest '.channel == "stable"')
  [ -n "$stable" ] || fail "nothing is published in stable yet; 'make publish' does it"
  # For a moment the revision is the newest of all.
  nowhere=$(in_channels | jq --raw-output 'select(.channel == null and .policy != "Manual") | .id')
  [ -z "$nowhere" ] || fail "these clusters name no channel, and would follow any: ${nowhere//$'\n'/, }." \
    "Put them into one: fleet/channel.sh stable ${nowhere//$'\n'/ }"
  of_file "$CHANNEL" | apply_as "$CHANNEL"
  of_revision "$stable" | apply_as stable
fi
say "$CHANNEL is $(newest ".channel == \"$CHANNEL\""), composed by $function; its clusters follow it now"
