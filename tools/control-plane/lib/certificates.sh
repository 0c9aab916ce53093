# shellcheck shell=bash
# The certificate authority of the API server, and certificates signed by it or by Crossplane's.

pki=$STATE/pki

ssl() { openssl "$@" 2>>"$STATE/log/openssl.log"; }

# sign NAME SUBJECT NAMES CA: pki/NAME.{crt,key}, signed by CA.{crt,key}.
sign() {
  local name=$1 subject=$2 names=$3 ca=$4
  ssl req -newkey rsa:2048 -nodes -keyout "$pki/$name.key" -out "$pki/$name.csr" -subj "$subject"
  ssl x509 -req -in "$pki/$name.csr" -CA "$ca.crt" -CAkey "$ca.key" -CAcreateserial -days 30 -out "$pki/$name.crt" \
    -extfile <(printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth,clientAuth' "$names")
}

make_certificates() {
  if [ -f "$pki/service-account.pub" ]; then return; fi
  command -v openssl >/dev/null || fail "openssl is not installed; it makes the certificates"
  mkdir -p "$pki" "$STATE/log"
  ssl req -x509 -newkey rsa:2048 -nodes -keyout "$pki/ca.key" -out "$pki/ca.crt" -days 30 -subj /CN=control-plane
  sign apiserver /CN=kube-apiserver \
    DNS:localhost,DNS:kubernetes.default.svc,IP:127.0.0.1,IP:10.96.0.1 "$pki/ca"
  sign admin /O=system:masters/CN=admin DNS:admin "$pki/ca"
  ssl genrsa -out "$pki/service-account.key" 2048
  ssl rsa -in "$pki/service-account.key" -pubout -out "$pki/service-account.pub"
}
