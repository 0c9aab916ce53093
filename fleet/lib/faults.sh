# shellcheck shell=bash
# What goes wrong on a real platform, done to the simulated one, to be shown and mended.

# seed FAULT: makes it, lets check-clusters say what it sees, mends it as that says, and shows that it goes on.
seed() {
  case $1 in
    wrong-region) wrong_region ;;
    provider-down | no-credentials) broken_provider "$1" ;;
  esac
}

check_faults() {
  local fault
  for fault in ${FAULT:-}; do
    case $fault in
      wrong-region | provider-down | no-credentials) ;;
      *) fail "FAULT names '$fault'; use wrong-region, provider-down and no-credentials" ;;
    esac
  done
}

# shown: check-clusters must fail, and must name a fix.
shown() {
  local said
  if said=$("$root/fleet/check-clusters.sh" 2>&1); then
    fail "check-clusters found nothing wrong"
  fi
  printf '%s\n' "$said"
  grep -q '^ *fix: ' <<<"$said" || fail "check-clusters names no fix"
}

# A region with a typing error, in a cluster of its own.
wrong_region() {
  local file=$STATE/wrong-region.yaml
  sed -e 's/^  name: .*/  name: typo/' -e 's/^  region: .*/  region: us-esat-1/' "$root/clusters/staging-us.yaml" >"$file"
  CLUSTERS=$file "$root/fleet/deploy-clusters.sh"
  shown
  say "mended: the cluster is deleted, since a region cannot be changed"
  CLUSTERS=$file "$root/fleet/destroy.sh"
}

# broken_provider FAULT: of both clouds, until it is mended.
broken_provider() {
  local aws=$root/clusters/prod-us.yaml gcp=$root/clusters/prod-eu.yaml
  kubectl create configmap cloudsim --namespace "$crossplane_namespace" --from-literal "$1=*" >/dev/null
  CLUSTERS="$aws $gcp" "$root/fleet/deploy-clusters.sh"
  shown
  kubectl delete configmap cloudsim --namespace "$crossplane_namespace" >/dev/null
  say "mended: the providers work again, and both clusters go on by themselves"
}
