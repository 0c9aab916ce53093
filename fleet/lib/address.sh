# shellcheck shell=bash
# Where the service of a cluster is asked: a URL, and for real clusters the load balancer behind it, so that no DNS is needed.

# look_inside PROVIDER CLOUD_NAME REGION ACCOUNT FILE: a kubeconfig of a cluster, made by its cloud's own command.
look_inside() {
  local provider=$1 name=$2 region=$3 account=$4 file=$5
  case $provider in
    aws)
      need aws
      run aws eks update-kubeconfig --name "$name" --region "$region" --kubeconfig "$file" ||
        fail "cannot get a kubeconfig of $name; is 'aws sts get-caller-identity' in account $account?"
      ;;
    gcp)
      need gcloud
      KUBECONFIG=$file run gcloud container clusters get-credentials "$name" --location "$region" --project "$account" --dns-endpoint ||
        fail "cannot get a kubeconfig of $name; does 'gcloud auth list' show an account with access to $account?"
      ;;
  esac
}

# balancer PROVIDER FILE: "host address" of the service, from the object that the cloud's controller fills.
balancer() {
  case $1 in
    aws) kubectl --kubeconfig "$2" get ingress inference --namespace inference -o json |
      jq --raw-output '"\(.spec.rules[-1].host) \(.status.loadBalancer.ingress[0] | .hostname // .ip // "")"' ;;
    gcp) { kubectl --kubeconfig "$2" get httproute inference --namespace inference -o json &&
      kubectl --kubeconfig "$2" get gateway inference --namespace inference -o json; } |
      jq --raw-output --slurp '"\(.[0].spec.hostnames[-1]) \(.[1].status.addresses[0].value // "")"' ;;
  esac
}

# address CLUSTER_JSON: the URL, and the arguments for curl that lead it there, one a line.
address() {
  local provider name region account found host where file
  if is_local; then
    name=$(jq --raw-output .argocd <<<"$1")
    file=$STATE/service/$name/port
    [ -f "$file" ] || fail "no service runs for $name; 'make deploy-apps MANAGEMENT=local' starts it"
    printf 'http://127.0.0.1:%s\n' "$(cat "$file")"
    return
  fi
  read -r provider name region account < <(jq --raw-output '"\(.provider) \(.status.clusterName) \(.region) \(.status.account)"' <<<"$1")
  file=$(mktemp)
  look_inside "$provider" "$name" "$region" "$account" "$file"
  found=$(balancer "$provider" "$file") || fail "$name does not answer, or has no Ingress or Gateway 'inference' in namespace inference"
  rm -f "$file"
  read -r host where <<<"$found"
  [ -n "$where" ] || fail "the load balancer of $name has no address yet; its Ingress or Gateway 'inference' says why"
  printf 'https://%s\n--connect-to\n%s:443:%s:443\n' "$host" "$host" "$where"
}
