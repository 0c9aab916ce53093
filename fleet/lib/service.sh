# shellcheck shell=bash
# The inference service on a simulated cluster: the same server, as a process instead of Pods. What Argo CD, the kubelet
# and External Secrets would hand it comes from the same places: the Application, and the Secret of the tokens.

server=$root/model-server
python=$server/.venv/bin/python

# The first free port after those of the control plane, the registry and Argo CD's server.
first_port() { echo $((spare_port + 2)); }

# annotations APPLICATION: what Kustomize would put on its Pods, which the downward API makes environment variables.
annotation() {
  read_from get application "$1" --namespace argocd -o json |
    jq --raw-output --arg key "xcluster.dev/$2" '.spec.source.kustomize.commonAnnotations[$key] // empty'
}

# tokens FILE: what External Secrets would write for the Pods.
tokens() {
  local folder
  folder=$(dirname "$1")
  mkdir -p "$folder" && chmod 700 "$folder"
  read_from get secret inference-tokens --namespace ml-platform -o 'jsonpath={.data.tokens}' | base64 -d >"$1.new" ||
    fail "the Secret inference-tokens in ml-platform cannot be read"
  mv "$1.new" "$1"
}

# start_service CLUSTER APPLICATION PORT
start_service() {
  local cluster=$1 application=$2 port=$3 folder=$STATE/service/$1
  tokens "$folder/tokens"
  start "service-$cluster" env CLUSTER_NAME="$(annotation "$application" cluster)" \
    CLOUD_PROVIDER="$(annotation "$application" provider)" CLOUD_REGION="$(annotation "$application" region)" \
    HOST=127.0.0.1 PORT="$port" TOKEN_FILE="$folder/tokens" MODEL_DIR="$server/model" PYTHONPATH="$server/src" \
    DRAIN_SECONDS=0 "$python" -m model_server
  wait_ready "service-$cluster" 60 curl -fsS "http://127.0.0.1:$port/readyz"
  echo "$port" >"$folder/port"
}

start_services() {
  local cluster application port
  [ -x "$python" ] || fail "the model server is not installed; 'make -C model-server install' does that"
  port=$(first_port)
  while read -r application cluster; do
    [ "$port" -lt $((CONTROL_PLANE_PORT + 20)) ] || fail "more services than ports; set CLUSTERS to fewer clusters"
    start_service "$cluster" "$application" "$port"
    port=$((port + 1))
  done < <(service_applications)
}
