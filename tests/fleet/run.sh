#!/usr/bin/env bash
# The commands of the platform on a control plane of their own, with simulated clouds: the demo with all its faults, then
# what the same commands do where clusters are real and a person has to be asked.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
export CONTROL_PLANE_STATE=$root/.state/fleet CONTROL_PLANE_PORT=${CONTROL_PLANE_PORT:-26520}
export KUBECONFIG=$CONTROL_PLANE_STATE/kubeconfig PATH=$root/.tools/bin:$PATH
output=$root/.state/fleet.log
mkdir -p "$root/.state"

ok() { printf '    ok   %s\n' "$1"; }

failed() {
  printf '    FAIL %s\n' "$1" >&2
  tail -40 "$output" | sed 's/^/         /' >&2
  exit 1
}

# expect WHAT COMMAND...: it succeeds.
expect() { if "${@:2}"; then ok "$1"; else failed "$1"; fi; }

# runs WHAT COMMAND..., refuses WHAT COMMAND...: it succeeds, it fails; what it prints is kept. Nobody is there to be asked.
kept() { "$@" >"$output" 2>&1 </dev/null; }
fails() { ! kept "$@"; }
runs() { expect "$1" kept "${@:2}"; }
refuses() { expect "$1" fails "${@:2}"; }

# says WHAT PATTERN: the last command printed it.
says() { expect "$1" grep -Eq -- "$2" "$output"; }

stop() { KEEP_LOGS=1 "$root/tools/control-plane/down.sh" >/dev/null; }
trap stop EXIT

echo "the demo, with a wrong region, providers that are down, and providers without credentials"
FAULT="wrong-region provider-down no-credentials" KEEP=1 runs "it goes through to its end" "$root/fleet/demo.sh"
says "a wrong region is found before anything is made" 'typo is stuck: .*spec.region: "us-esat-1" is not a region'
says "... with the region that was meant" 'create it in a region such as us-east-1'
says "a provider that is down is found" 'prod-us is stuck: .*the provider has not reported on it yet'
says "... with where to look" 'fix: .*kubectl get providers'
says "missing credentials are found on AWS" 'prod-us is stuck: .*failed to retrieve aws credentials'
says "... on GCP" 'prod-eu is stuck: .*cannot get credentials secret'
says "... with what to do" 'fix: give the provider credentials'
says "both clusters become Ready" 'all 2 are Ready'
for cluster in "prod-us  +aws +us-east-1 +standard +1\.36" "prod-eu  +gcp +europe-west1 +auto +1\.36"; do
  says "the summary has ${cluster%% *}" "${cluster}[^ ]* +Ready +[0-9]+ +[0-9]+ +http://127.0.0.1:"
done
says "kubectl get clusters lists them" '^ml-platform +prod-us +aws +us-east-1 '
says "Argo CD has an Application of the service for each" 'inference-ml-platform\.prod-eu +ml-platform\.prod-eu'
says "both services answer the same" 'all 2 answer, with the same model and the same prediction'

# cloud_commands BODY: what stands for aws and gcloud, which write a kubeconfig.
cloud_commands() {
  local folder=$CONTROL_PLANE_STATE/commands
  mkdir -p "$folder"
  printf '#!/usr/bin/env bash\n%s\n' "$1" >"$folder/aws"
  # gcloud writes where KUBECONFIG says, and aws where its last argument does.
  # shellcheck disable=SC2016 # it is for the command, not for here
  printf '#!/usr/bin/env bash\nKUBECONFIG_OUT=$KUBECONFIG\n%s\n' "$1" >"$folder/gcloud"
  chmod +x "$folder"/*
  export PATH=$folder:$PATH
}

service_of_prod_us() {
  kubectl create namespace inference --dry-run=client -o yaml | kubectl apply -f - >/dev/null
  kubectl apply -f - >/dev/null <<YAML
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: inference, namespace: inference}
spec: {rules: [{host: inference.acme.example}]}
YAML
  kubectl patch ingress inference --namespace inference --subresource status --type merge \
    --patch '{"status": {"loadBalancer": {"ingress": [{"ip": "127.0.0.2"}]}}}' >/dev/null
}

echo "the same commands where clusters are real"
real() { MANAGEMENT=kind CONTEXT=local "$@"; }
objects() { kubectl get managed --all-namespaces --output name | sort; }
before=$(objects)
refuses "nothing is created without a yes" real "$root/fleet/deploy-clusters.sh"
says "... and it says what it costs" 'they cost money .*YES=1'
YES=1 runs "with it, what is there stays" real "$root/fleet/deploy-clusters.sh"
CHECK_TIMEOUT=0 runs "a look at clusters that are Ready" real "$root/fleet/check-clusters.sh"
SCOPE=namespaced refuses "another scope than the one installed" real "$root/fleet/check-clusters.sh"
says "... is named" "SCOPE is 'namespaced', and local has the XRD for 'claims'"
APPS_TIMEOUT=1 refuses "Applications that nobody syncs" real "$root/fleet/deploy-apps.sh"
says "... are named" 'inference-ml-platform.prod-us: .*not Synced and Healthy|inference-ml-platform.prod-us: '
cloud_commands "exit 1"
refuses "an endpoint of a cluster that the cloud's command does not reach" real "$root/fleet/test-endpoints.sh"
says "... says which, and what to ask" "cannot get a kubeconfig of prod-eu-[0-9a-f]{6}; does 'gcloud auth list'"
# The clusters' API server is this one, and there the load balancer of one of them has an address that nobody answers at.
cloud_commands "cp '$KUBECONFIG' \"\${KUBECONFIG_OUT:-\${!#}}\""
service_of_prod_us
refuses "endpoints that do not answer" real "$root/fleet/test-endpoints.sh"
says "... are told apart: one without a load balancer" "prod-eu-[0-9a-f]{6} does not answer, or has no Ingress or Gateway"
says "... and one that answers nothing" "prod-us answers 000 to a request without a token"
sed 's/^  namespace: .*/  namespace: default/' "$root/clusters/prod-us.yaml" >"$CONTROL_PLANE_STATE/elsewhere.yaml"
CLUSTERS=$CONTROL_PLANE_STATE/elsewhere.yaml runs "a cluster's name in another namespace means another cluster" real "$root/fleet/destroy.sh"
says "... which is not there" 'none of these exists'
CLUSTERS=$root/clusters/prod-us.yaml refuses "a file names one cluster" real "$root/fleet/destroy.sh"
says "... and that alone" '1 of 1 are protected'
refuses "protected clusters are not deleted" real "$root/fleet/destroy.sh"
says "... and it says how to release them" "patch clusters.xcluster.dev prod-us --namespace ml-platform .*deletionProtection.*false"
for name in prod-us prod-eu; do
  kubectl patch clusters.xcluster.dev "$name" --namespace ml-platform --type merge --patch '{"spec": {"deletionProtection": false}}' >/dev/null
done
refuses "nor are others without their names" real "$root/fleet/destroy.sh"
says "... which it asks for" 'CONFIRM="prod-eu prod-us"'
CONFIRM="prod-us" refuses "a part of the names is not enough" real "$root/fleet/destroy.sh"
expect "all of that has changed nothing" test "$(objects)" = "$before"

echo "the end"
MANAGEMENT=local runs "everything is taken away" "$root/fleet/destroy.sh"
expect "nothing is left" test ! -d "$CONTROL_PLANE_STATE"
