# shellcheck shell=bash
# Argo CD itself reads the Secrets and argocd/: one Application a cluster for each set that is for it, within its project,
# with what the cloud of the cluster needs; and the login that was meant for each mode.

kubectl apply --server-side -f "$(crds_folder)"/external-secrets-v* >/dev/null
kubectl apply --server-side --force-conflicts -k "$repository/argocd" >/dev/null

applications() { kubectl get applications -n argocd -o name | cut -d/ -f2 | sort; }
expected() {
  local name
  for name in external-secrets inference management stores; do printf '%s\n' "$name-${prefix}prod-"{eu,us}; done
  # GKE has its own metrics server, and Autopilot its own device plugin.
  printf '%s\n' "metrics-server-${prefix}prod-us" "nvidia-device-plugin-${prefix}prod-us" root
  # EKS brings no load balancers in mode standard, and no class of volumes that encrypts.
  printf '%s\n' "load-balancer-"{controller,identity}"-${prefix}prod-us" "standard-mode-${prefix}prod-us"
}
expect 60 "each ApplicationSet makes one Application for each cluster that it is for" \
  is "$(expected | sort)" applications
errors() {
  # shellcheck disable=SC2016 # a variable of the template
  kubectl get applicationsets -n argocd -o go-template='{{range .items}}{{$name := .metadata.name}}{{range .status.conditions -}}
    {{if and (eq .type "ErrorOccurred") (ne .status "False")}}{{$name}}: {{.message}}{{end}}{{end}}{{end}}'
}
expect 30 "none has an error" is '' errors
# Nothing is synced here, so the only sign of the steps is what the controller writes down.
expect 30 "production is the last step of a rollout" \
  shows "step 2: \[inference-${prefix}prod-eu inference-${prefix}prod-us\]" cat "$STATE/log/applicationset-controller.log"
expect 10 "... which starts the syncs itself" is '' \
  kubectl get application "inference-${prefix}prod-us" -n argocd -o 'jsonpath={.spec.syncPolicy.automated}'
expect 10 "the Application names its cluster" is "${prefix}prod-us" \
  kubectl get application "inference-${prefix}prod-us" -n argocd -o 'jsonpath={.spec.destination.name}'
expect 10 "its labels come from the cluster" is "aws us-east-1 prod" \
  kubectl get application "inference-${prefix}prod-us" -n argocd \
  -o 'jsonpath={.metadata.labels.provider} {.metadata.labels.region} {.metadata.labels.environment}'

expect 10 "a controller is told what the cloud calls its network" is "$(of prod-us '{.status.network.vpcId}')" \
  kubectl get application "load-balancer-controller-${prefix}prod-us" -n argocd \
  -o 'jsonpath={.spec.source.helm.valuesObject.vpcId}'

# Argo CD's own API server says what a project allows. It runs for this case alone.
trap 'stop argocd-server' EXIT
ARGOCD_BINARY_NAME=argocd-server ARGOCD_TLS_DATA_PATH=$STATE/argocd/tls ARGOCD_SSH_DATA_PATH=$STATE/argocd/ssh \
  start argocd-server "$bin/argocd" --namespace argocd --disable-auth --insecure --logformat text \
  --address 127.0.0.1 --port "$spare_port" --metrics-address 127.0.0.1 --metrics-port "$((spare_port + 1))" \
  --repo-server 127.0.0.1:1 --redis 127.0.0.1:1
wait_ready argocd-server 60 curl -fsS "http://127.0.0.1:$spare_port/healthz"
# take NAME [JSON]: an Application as it is, or with this merged into its spec.
take() {
  kubectl get application "$1" -n argocd -o json | jq --argjson change "${2:-{\}}" \
    '{apiVersion, kind, metadata: (.metadata | {name, namespace, labels}), spec: (.spec * $change)}' >"$STATE/application.json"
  ARGOCD_BINARY_NAME=argocd "$bin/argocd" app create --file "$STATE/application.json" --upsert --validate=false \
    --server "127.0.0.1:$spare_port" --plaintext
}
for name in $(applications); do expect 10 "$name is within its project" take "$name"; done
service=inference-${prefix}prod-us
expect 10 "the service may not leave its namespace" \
  refused "do not match any of the allowed destinations in project 'ml-platform'" \
  take "$service" '{"destination": {"namespace": "kube-system"}}'
expect 10 "... nor reach the management cluster" \
  refused "do not match any of the allowed destinations in project 'ml-platform'" \
  take "$service" '{"destination": {"name": "in-cluster"}}'
expect 10 "... nor come from elsewhere" refused "is not permitted in project 'ml-platform'" \
  take "$service" '{"source": {"repoURL": "https://example.com/another.git"}}'
expect 10 "a chart comes from its own repository" refused "is not permitted in project 'platform'" \
  take "metrics-server-${prefix}prod-us" '{"source": {"repoURL": "https://charts.example.com"}}'
stop argocd-server

# What Argo CD would have Kustomize build: the folder, with what the Application adds.
kubectl create namespace inference --dry-run=client -o yaml | kubectl apply -f - >/dev/null
built() {
  local folder=$STATE/built path options
  path=$(kubectl get application "$1" -n argocd -o 'jsonpath={.spec.source.path}')
  options=$(kubectl get application "$1" -n argocd -o 'jsonpath={.spec.source.kustomize}')
  rm -rf "$folder"
  mkdir -p "$folder"
  cp -R "$repository/argocd" "$folder/"
  mkdir "$folder/model-server"
  cp -R "$repository/model-server/deploy" "$folder/model-server/"
  # A component's path begins at the Application's folder.
  jq --arg path "$path" '. + {resources: [$path]} | if .components then .components |= map("\($path)/\(.)") else . end' \
    <<<"${options:-{\}}" >"$folder/kustomization.yaml"
  kubectl kustomize "$folder"
}
taken() { built "$1" | kubectl apply --dry-run=server -f -; }
for name in "stores-${prefix}prod-"{eu,us} "management-${prefix}prod-"{eu,us} "load-balancer-identity-${prefix}prod-us"; do
  expect 20 "the API server takes what is built for $name" taken "$name"
done
expect 10 "a store reads in the region of its EKS cluster" shows '^      region: us-east-1$' built "stores-${prefix}prod-us"
expect 10 "... and in the project of its GKE cluster" shows '^      projectID: acme-prod$' built "stores-${prefix}prod-eu"
expect 10 "... which it names" shows "clusterName: $(of prod-eu '{.status.clusterName}')\$" built "stores-${prefix}prod-eu"
pushed_to() { built "$1" | sed -n '/^kind: PushSecret/,$p'; }
for name in us eu; do
  expect 10 "the token is pushed to prod-$name's own store, by its name" \
    shows "name: ${prefix}prod-$name-push\$" pushed_to "management-${prefix}prod-$name"
done
external() { built "$1" | sed -n '/^kind: ExternalSecret/,/^---/p' | sed '1,/^spec:/d'; }
expect 10 "what reads secrets is the same on both clouds" \
  is "$(external "inference-${prefix}prod-us")" external "inference-${prefix}prod-eu"
expect 10 "... and there" shows 'key: inference-tokens' external "inference-${prefix}prod-eu"
taken_there() { built "$1" | kubectl apply --namespace inference --dry-run=server -f -; }
expect 20 "the API server takes the service on EKS" taken_there "inference-${prefix}prod-us"
for name in us eu; do
  expect 10 "prod-$name answers to the service's host" shows ' inference\.acme\.example$' built "inference-${prefix}prod-$name"
  expect 10 "... and to one of its own" \
    shows " ${prefix//./-}prod-$name\.inference\.acme\.example\$" built "inference-${prefix}prod-$name"
done
expect 10 "its own network's load balancers are let in" \
  shows "cidr: $(of prod-us '{.spec.network.cidr}')\$" built "inference-${prefix}prod-us"
kubectl apply --server-side -f "$(crds_folder)"/gateway-api-v* >/dev/null
# GKE's own policies have no definition that could be installed here.
gateway_taken() {
  built "inference-${prefix}prod-eu" | awk 'BEGIN { RS = ORS = "---\n" } /apiVersion: gateway\.networking/' |
    kubectl apply --namespace inference --dry-run=server -f - | grep -c created
}
expect 20 "the API server takes the service's Gateway and route on GKE" is 2 gateway_taken
answers() { built "$1" | grep -c "^ *xcluster.dev/cluster: $2\$"; }
expect 10 "each of its objects, and its Pods, know their cluster" \
  shows '^([9]|1[0-9])$' answers "inference-${prefix}prod-eu" "${prefix}prod-eu"

# login NAME: the kubeconfig that Argo CD would use, read from the Secret by Argo CD's own code.
login() {
  local server out=$STATE/login
  server=$(kubectl get secret -n argocd -l "xcluster.dev/name=$1" -o 'jsonpath={.items[0].data.server}' | base64 -d)
  rm -f "$out"
  ARGOCD_BINARY_NAME=argocd "$bin/argocd" admin cluster kubeconfig "$server" "$out" --namespace argocd >/dev/null 2>&1
  cat "$out"
}

expect 20 "Argo CD logs in to EKS as its own role" \
  shows 'command: argocd-k8s-auth' login prod-us
expect 20 "... for the cluster by its name on AWS" shows "^ +- $(of prod-us '{.status.clusterName}')\$" login prod-us
expect 20 "... with the cluster's certificate authority" shows 'certificate-authority-data: ' login prod-us
expect 20 "Argo CD logs in to GKE with its Google identity" shows '^ +- gcp$' login prod-eu
expect 20 "... at the address that the platform's ranges may reach" \
  shows "server: $(of prod-eu '{.status.endpoint}')\$" login prod-eu
expect 20 "... with the cluster's certificate authority" shows 'certificate-authority-data: ' login prod-eu
credentials() { login "$1" | grep -Ei '(token|password|client-key-data|client-certificate-data): *[^ ]' || true; }
for name in prod-us prod-eu; do
  expect 10 "$name: no token, key or password is in what Argo CD reads" is '' credentials "$name"
done
