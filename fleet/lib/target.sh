# shellcheck shell=bash
# Which management cluster the commands work on, and what they work on there. Each capital name can be set in the
# environment.
#   MANAGEMENT=kind     the cluster of bootstrap/up.sh on this machine, unless set
#   MANAGEMENT=eks      the one of bootstrap/eks; CONTEXT names it in the kubeconfig
#   MANAGEMENT=local    the control plane of 'make control-plane-up', whose clouds are simulated

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
MANAGEMENT=${MANAGEMENT:-kind}
# What the person asked for, before anything sets a default.
asked_scope=${SCOPE:-}
dry_run=

# shellcheck source=/dev/null
. "$root/bootstrap/lib/run.sh"
case $MANAGEMENT in
  local)
    # shellcheck source=/dev/null
    . "$root/tools/control-plane/lib/settings.sh"
    # shellcheck source=/dev/null
    . "$root/tools/control-plane/lib/process.sh"
    CONTEXT=local
    ;;
  kind | eks)
    # shellcheck source=/dev/null
    . "$root/bootstrap/lib/settings.sh"
    ;;
  *) fail "MANAGEMENT is '$MANAGEMENT'; use kind, eks or local" ;;
esac

# The clusters that are made, as files.
CLUSTERS=${CLUSTERS:-$root/clusters/prod-us.yaml $root/clusters/prod-eu.yaml}

is_local() { [ "$MANAGEMENT" = local ]; }

need() {
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null || fail "$tool is not installed; docs/platform.md names what is needed"
  done
}

# Before anything else: the management cluster answers, and somebody has made it one.
connect() {
  need kubectl jq
  if is_local; then
    [ -f "$KUBECONFIG" ] || fail "no control plane runs in $STATE; start one with 'make crossplane-up MANAGEMENT=local'"
  fi
  [ -n "$CONTEXT" ] || fail "CONTEXT is not set; name the kubeconfig context of the management cluster: CONTEXT=…"
  read_from get --raw /readyz >/dev/null ||
    fail "the management cluster of context $CONTEXT does not answer; make it with 'make crossplane-up MANAGEMENT=$MANAGEMENT'"
  find_scope
}

# read_from ARGUMENTS...: what kubectl prints; nothing is changed by it.
read_from() { kubectl --context "$CONTEXT" --request-timeout 30s "$@"; }

# Which of the three XRDs is installed decides, not what somebody remembers.
find_scope() {
  local found
  found=$(read_from get compositeresourcedefinitions.apiextensions.crossplane.io -o json | jq --raw-output '
    .items[].spec | select(.group == "xcluster.dev") |
    if .claimNames then "claims" elif .scope == "Namespaced" then "namespaced" else "cluster" end') ||
    fail "Crossplane is not installed in $CONTEXT; 'make crossplane-up MANAGEMENT=$MANAGEMENT' installs it"
  [ "$(wc -w <<<"$found")" = 1 ] ||
    fail "$CONTEXT has $(wc -w <<<"$found") XRDs of xcluster.dev (${found//$'\n'/, }); it needs one of those in clusters/xrd"
  [ -z "$asked_scope" ] || [ "$asked_scope" = "$found" ] ||
    fail "SCOPE is '$asked_scope', and $CONTEXT has the XRD for '$found'; leave SCOPE out, or install the other XRD instead"
  SCOPE=$found
  case $SCOPE in
    cluster) kind=xclusters.xcluster.dev ;;
    *) kind=clusters.xcluster.dev ;;
  esac
}

# as_installed FILE: the cluster as the installed XRD has it; the files are written for those with namespaces.
as_installed() {
  if [ "$SCOPE" = cluster ]; then
    sed -e 's/^kind: Cluster$/kind: XCluster/' -e '/^  namespace: /d' "$1"
  else
    cat "$1"
  fi
}

# All clusters as JSON, one a line: what the commands read of them.
clusters() {
  read_from get "$kind" --all-namespaces -o json | jq --compact-output '.items[] | {
    uid: .metadata.uid, namespace: (.metadata.namespace // ""), name: .metadata.name,
    provider: .spec.provider, region: .spec.region, spec: .spec, status: (.status // {}),
    protected: (.spec.deletionProtection != false),
    deleting: (.metadata.deletionTimestamp != null),
    argocd: (.status.argocd.name // ""),
    conditions: ([.status.conditions[]? | {key: .type, value: .}] | from_entries)}'
}

# until_true SECONDS INTERVAL COMMAND...: asks until the command succeeds, or fails when the time is up.
until_true() {
  local deadline=$((SECONDS + $1)) interval=$2
  shift 2
  until "$@"; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep "$interval"
  done
}

# How many lines a value has; none has none.
count() { grep -c . <<<"$1" || true; }

# table: tab-separated lines in aligned columns.
table() {
  awk -F '\t' '{ for (i = 1; i <= NF; i++) { cell[NR, i] = $i; if (length($i) > width[i]) width[i] = length($i) } if (NF > most) most = NF }
    END { for (row = 1; row <= NR; row++) { line = " "
      for (i = 1; i <= most; i++) line = line " " sprintf("%-" width[i] + 1 "s", cell[row, i])
      sub(/ +$/, "", line); print line } }'
}
