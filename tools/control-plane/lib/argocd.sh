# shellcheck shell=bash
# Argo CD: its kinds, and its ApplicationSet controller as a process. Nothing is synced: no cluster is real.

install_argocd() {
  kubectl create namespace argocd --dry-run=client -o yaml | kubectl apply -f -
  kubectl apply --server-side -k "$share/argocd/crds"
  established crd/applications.argoproj.io crd/applicationsets.argoproj.io crd/appprojects.argoproj.io
  kubectl apply -n argocd -f - <<YAML
apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-cm, labels: {app.kubernetes.io/part-of: argocd}}
---
apiVersion: v1
kind: Secret
metadata: {name: argocd-secret, labels: {app.kubernetes.io/part-of: argocd}}
stringData: {server.secretkey: "$(openssl rand -hex 16)"}
---
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: default}
spec:
  sourceRepos: ["*"]
  destinations: [{server: "*", namespace: "*"}]
  clusterResourceWhitelist: [{group: "*", kind: "*"}]
YAML
}

start_applicationset_controller() {
  ARGOCD_BINARY_NAME=argocd-applicationset-controller ARGOCD_TLS_DATA_PATH=$STATE/argocd/tls \
    ARGOCD_SSH_DATA_PATH=$STATE/argocd/ssh \
    start applicationset-controller "$bin/argocd" --namespace argocd --enable-leader-election=false --logformat text \
    --enable-progressive-syncs \
    --metrics-addr "127.0.0.1:$applicationset_metrics_port" --probe-addr "127.0.0.1:$applicationset_probe_port" \
    --webhook-addr "127.0.0.1:$applicationset_webhook_port" --argocd-repo-server 127.0.0.1:1
  wait_ready applicationset-controller 60 curl -fsS "http://127.0.0.1:$applicationset_metrics_port/metrics"
}

start_argocd() {
  mkdir -p "$STATE/argocd/tls" "$STATE/argocd/ssh"
  install_argocd >/dev/null
  start_applicationset_controller
}
