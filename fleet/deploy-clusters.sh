#!/usr/bin/env bash
# Create the clusters of CLUSTERS (files; prod-us and prod-eu unless set) on the management cluster, or bring them to what
# the files say. On real clouds it asks first; YES=1 answers.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/lib/target.sh"
# shellcheck source=/dev/null
. "$root/fleet/lib/ask.sh"

# Everything is looked at before anything is made. The API server knows the schema and its rules.
check() {
  local file answer
  for file in $CLUSTERS; do
    [ -f "$file" ] || fail "CLUSTERS names $file, which does not exist"
    grep -q '^kind: Cluster$' "$file" || fail "$file is no 'kind: Cluster'; clusters/prod-us.yaml is an example"
    answer=$(as_installed "$file" | kubectl --context "$CONTEXT" apply --dry-run=server --filename - 2>&1) ||
      fail "$file is refused: $answer"
  done
}

connect
if [ "$SCOPE" != cluster ]; then
  read_from get namespace ml-platform >/dev/null 2>&1 || k create namespace ml-platform
fi
check
say "on $CONTEXT ($SCOPE):"
# shellcheck disable=SC2086 # CLUSTERS is a list of files
awk '/^  name: / { name = $2 } /^  provider: / { provider = $2 } /^  region: / { print "  " name ": " provider ", " $2 }' $CLUSTERS
is_local || confirm "These are real clusters in your cloud accounts, and they cost money from now on."
for file in $CLUSTERS; do
  as_installed "$file" | k apply --server-side --field-manager platform --filename - || fail "$file is refused; the line above says why"
done
say "asked for. What they wait for:  make check-clusters MANAGEMENT=$MANAGEMENT"
