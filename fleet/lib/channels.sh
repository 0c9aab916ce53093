# shellcheck shell=bash
# Which release of the function composes which cluster: channels of the Composition's revisions.

# function_of CHANNEL
function_of() { [ "$1" = stable ] && echo function-xcluster || echo "function-xcluster-$1"; }

check_channel() {
  case $1 in stable | next) ;; *) fail "CHANNEL is '$1'; use stable or next" ;; esac
}

# All revisions of the Composition as JSON, one a line.
revisions() {
  read_from get compositionrevisions.apiextensions.crossplane.io \
    --selector crossplane.io/composition-name=xclusters.xcluster.dev -o json | jq --compact-output '.items[] | {
    name: .metadata.name, revision: .spec.revision, channel: .metadata.labels.channel,
    functions: ([.spec.pipeline[]?.functionRef.name] | join(", "))}'
}

# All clusters as JSON, one a line, with the channel that they name and the revision that composes them.
in_channels() {
  clusters | jq --compact-output '(.spec.crossplane // .spec) as $machinery | {
    id: ((if .namespace == "" then "" else .namespace + "/" end) + .name), namespace, name,
    channel: $machinery.compositionRevisionSelector.matchLabels.channel,
    policy: $machinery.compositionUpdatePolicy, revision: $machinery.compositionRevisionRef.name,
    synced: (.conditions.Synced.status // "Unknown"), ready: (.conditions.Ready.status // "Unknown")}'
}
