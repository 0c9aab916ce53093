# shellcheck shell=bash
# etcd, kube-apiserver and the two controllers that Crossplane relies on: without nodes, no pod runs.

start_etcd() {
  local clients=http://127.0.0.1:$etcd_port peers=http://127.0.0.1:$etcd_peer_port
  start etcd "$bin/etcd" --data-dir "$STATE/etcd" --unsafe-no-fsync --log-level warn \
    --listen-client-urls "$clients" --advertise-client-urls "$clients" \
    --listen-peer-urls "$peers" --initial-advertise-peer-urls "$peers" --initial-cluster "default=$peers"
}

start_apiserver() {
  # shellcheck disable=SC2086 # APISERVER_FLAGS is a list of words
  start kube-apiserver "$bin/kube-apiserver" --etcd-servers "http://127.0.0.1:$etcd_port" \
    --bind-address 127.0.0.1 --advertise-address 127.0.0.1 --secure-port "$api_port" \
    --tls-cert-file "$pki/apiserver.crt" --tls-private-key-file "$pki/apiserver.key" --cert-dir "$pki" \
    --client-ca-file "$pki/ca.crt" --authorization-mode RBAC --service-cluster-ip-range 10.96.0.0/16 \
    --service-account-issuer https://kubernetes.default.svc --service-account-key-file "$pki/service-account.pub" \
    --service-account-signing-key-file "$pki/service-account.key" \
    --endpoint-reconciler-type none --disable-admission-plugins ServiceAccount ${APISERVER_FLAGS:-}
  wait_ready kube-apiserver 120 kubectl get --raw /readyz
}

start_controller_manager() {
  start kube-controller-manager "$bin/kube-controller-manager" --kubeconfig "$STATE/kubeconfig" \
    --controllers garbage-collector-controller,namespace-controller,serviceaccount-controller \
    --service-account-private-key-file "$pki/service-account.key" --root-ca-file "$pki/ca.crt" \
    --leader-elect=false --secure-port 0
}

write_kubeconfig() {
  local file=$STATE/kubeconfig
  kubectl config --kubeconfig "$file" set-cluster local --server "https://127.0.0.1:$api_port" \
    --certificate-authority "$pki/ca.crt" --embed-certs
  kubectl config --kubeconfig "$file" set-credentials admin --client-certificate "$pki/admin.crt" \
    --client-key "$pki/admin.key" --embed-certs
  kubectl config --kubeconfig "$file" set-context local --cluster local --user admin
  kubectl config --kubeconfig "$file" use-context local
}

start_kubernetes() {
  make_certificates
  write_kubeconfig >/dev/null
  start_etcd
  start_apiserver
  start_controller_manager
}

# established OBJECT...: the API server serves these kinds. `kubectl wait` gives up at once on an object so new that it
# has no conditions.
established() {
  wait_until 120 "kinds" kubectl wait --for condition=Established "$@" --timeout 60s ||
    fail "not served: $*; see $STATE/log/kube-apiserver.log and $STATE/log/core.log"
}
