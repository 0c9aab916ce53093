# shellcheck shell=bash
# Argo CD itself reads the Secrets: one Application a cluster, and the login that was meant for each mode.

kubectl apply -f "$repository/tests/e2e/applicationset.yaml" >/dev/null
expect 60 "the ApplicationSet makes one Application for each cluster" \
  is "inference-${prefix}prod-eu inference-${prefix}prod-us" \
  kubectl get applications -n argocd -o 'jsonpath={.items[*].metadata.name}'
expect 30 "it has no error" shows '^True' kubectl get applicationset inference -n argocd \
  -o 'jsonpath={.status.conditions[?(@.type=="ResourcesUpToDate")].status}'
expect 10 "the Application names its cluster" is "${prefix}prod-us" \
  kubectl get application "inference-${prefix}prod-us" -n argocd -o 'jsonpath={.spec.destination.name}'
expect 10 "its labels come from the cluster" is "aws us-east-1 prod" \
  kubectl get application "inference-${prefix}prod-us" -n argocd \
  -o 'jsonpath={.metadata.labels.provider} {.metadata.labels.region} {.metadata.labels.environment}'

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
