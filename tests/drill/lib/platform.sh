# shellcheck shell=bash
# Two clusters with the same service, as the platform makes them; the service itself as processes.

# What a platform team writes once: the service's host, its zone and its TTL.
configure_traffic() {
  local composition patch
  composition=$(read_from get compositions.apiextensions.crossplane.io --output name)
  patch=$(jq --null-input --compact-output --arg host "$host" --arg zone "$zone" --argjson ttl "$ttl" '[{op: "add", path: "/spec/pipeline/0/input/traffic",
    value: {host: $host, namespaces: ["ml-platform"], environments: ["prod"], zone: {aws: {zoneId: $zone}}, ttlSeconds: $ttl}}]')
  k patch "$composition" --type json --patch "$patch"
}

# The files of clusters/, with the host name of a load balancer where the cloud reserves no address. Nearly all callers go to
# prod-us, so that a connection that is kept is one to it.
make_clusters() {
  local name files=()
  for name in prod-us prod-eu; do
    {
      cat "$root/clusters/$name.yaml"
      echo "  traffic: {$([ "$name" = prod-eu ] || echo "address: $balancer, ")weight: $(weight_of "$name")}"
    } >"$STATE/$name.yaml"
    files+=("$STATE/$name.yaml")
  done
  CLUSTERS="${files[*]}" "$root/fleet/deploy-clusters.sh" >"$STATE/log/clusters.txt" || fail "the clusters are refused: $(tail -1 "$STATE/log/clusters.txt")"
  CLUSTERS="${files[*]}" "$root/fleet/check-clusters.sh" >>"$STATE/log/clusters.txt" || fail "the clusters do not become Ready: $STATE/log/clusters.txt"
}

# state_of CLUSTER: the state that is in force.
state_of() { read_from get "$kind" "$1" "${where[@]}" --output 'jsonpath={.status.traffic.state}'; }

in_force() { [ "$(state_of "$1")" = "$2" ]; }

# start_service CLUSTER [MODEL_FOLDER]
start_service() {
  local name=$1 model=${2:-$server/model} facts
  facts=$(read_from get "$kind" "$name" "${where[@]}" --output 'jsonpath={.status.argocd.name} {.spec.provider} {.spec.region}')
  local argocd provider region
  read -r argocd provider region <<<"$facts"
  start "service-$name" env CLUSTER_NAME="$argocd" CLOUD_PROVIDER="$provider" CLOUD_REGION="$region" \
    HOST="$(address_of "$name")" PORT="$service_port" TOKEN_FILE="$STATE/service/tokens" MODEL_DIR="$model" \
    PYTHONPATH="$server/src" DRAIN_SECONDS=1 SHUTDOWN_SECONDS=5 "$python" -m model_server
}

ready() { curl --silent --fail --max-time 1 --output "$STATE/service/ready" "http://$(address_of "$1"):$service_port/readyz"; }

# What DNS says when it has changed, sorted by name: both clusters have a record of their own.
knows_both() { [[ $(tail -1 "$STATE/log/dns.log") == *"$(address_of prod-eu)"*"ml-platform-prod-us.$host"* ]]; }

start_platform() {
  local name
  [ -x "$python" ] || fail "the model server is not installed; 'make model-server' does that"
  mkdir -p "$STATE/service" && chmod 700 "$STATE/service"
  openssl rand -hex 32 >"$STATE/service/tokens"
  for name in prod-us prod-eu; do
    wait_until 60 traffic in_force "$name" active || fail "$name is not active: $(read_from get "$kind" "$name" "${where[@]}" --output 'jsonpath={.status.conditions}')"
    start_service "$name"
    wait_ready "service-$name" 60 ready "$name"
  done
  start dns "$DNSSIM" --listen "127.0.0.1:$dns_port" --host "$balancer=$(address_of prod-us)"
  wait_ready dns 60 knows_both
  start pods "$here/pods.sh"
}

# The opposite of freeze, for whichever cluster that was.
awaken() {
  local name id
  for name in prod-us prod-eu; do
    if id=$(process "service-$name"); then kill -CONT "$id"; fi
  done
}

# freeze CLUSTER: it takes connections, and never answers; as behind a network that drops everything.
freeze() { kill -STOP "$(process "service-$1")"; }

# Everything as it was at the start, for the next case.
reset() {
  local name
  awaken
  for name in prod-us prod-eu; do
    k patch "$kind" "$name" "${where[@]}" --type merge --patch '{"spec": {"traffic": {"state": "active"}}}'
  done
  for name in prod-us prod-eu; do
    wait_until 60 traffic in_force "$name" active || fail "$name does not become active again"
    wait_until 60 ready ready "$name" || fail "the service of $name does not come back: $STATE/log/service-$name.log"
  done
}
