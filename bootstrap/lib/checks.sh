# shellcheck shell=bash
# What must be true before anything is changed. Each says what to do.

check_settings() {
  case $MANAGEMENT in kind | eks) ;; *) fail "MANAGEMENT is '$MANAGEMENT'; use kind or eks" ;; esac
  case $SCOPE in claims | cluster | namespaced) ;; *) fail "SCOPE is '$SCOPE'; use claims, cluster or namespaced" ;; esac
  local cloud
  for cloud in $CLOUDS; do
    case $cloud in aws | gcp) ;; *) fail "CLOUDS names '$cloud'; use aws, gcp or both" ;; esac
  done
  [ -f "$root/bootstrap/providerconfigs/aws-$AWS_IDENTITY.yaml" ] ||
    fail "AWS_IDENTITY is '$AWS_IDENTITY'; use pod-identity, irsa or secret"
  [ -f "$root/bootstrap/providerconfigs/gcp-$GCP_IDENTITY.yaml" ] ||
    fail "GCP_IDENTITY is '$GCP_IDENTITY'; use federation or secret"
  [ -n "$CONTEXT" ] || fail "CONTEXT is not set; name the kubeconfig context of the management cluster: CONTEXT=… $0"
}

check_tools() {
  local tool tools=(kubectl helm openssl)
  [ "$MANAGEMENT" != kind ] || tools+=(kind)
  ! federates || tools+=(terraform jq)
  for tool in "${tools[@]}"; do
    command -v "$tool" >/dev/null || fail "$tool is not installed; docs/platform.md names what is needed"
  done
}

wants() { [[ " $CLOUDS " == *" $1 "* ]]; }
federates() { wants gcp && [ "$GCP_IDENTITY" = federation ]; }

composition() {
  case $SCOPE in
    namespaced) echo "$root/clusters/composition-namespaced.yaml" ;;
    *) echo "$root/clusters/composition.yaml" ;;
  esac
}

# The examples' account and project are nobody's: clusters would be refused by the cloud, minutes later. Nor is there a
# certificate for the examples' host.
check_facts() {
  local file
  file=$(composition)
  if wants aws && grep -q "$example_account" "$file"; then
    fail "the AWS account $example_account is an example; put yours into $file"
  fi
  if wants aws && [ "$AWS_IDENTITY" = secret ] && grep -q 'mode: awsPodIdentity' "$file"; then
    fail "nobody gives Argo CD a Pod Identity here; put 'mode: awsProfile' and 'profile: default' into $file"
  fi
  for file in "$file" "$root/bootstrap/providerconfigs/gcp-$GCP_IDENTITY.yaml"; do
    if wants gcp && grep -q "$example_project" "$file"; then
      fail "the Google Cloud project $example_project is an example; put yours into $file"
    fi
  done
  file=$root/argocd/root.yaml
  if grep -q "$example_host" "$file"; then
    fail "the service's host $example_host is an example; put yours into $file"
  fi
}

check_credentials() {
  if wants aws && [ "$AWS_IDENTITY" = secret ] && [ -z "${AWS_ACCESS_KEY_ID:-}" ]; then
    fail "AWS has no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or leave aws out of CLOUDS"
  fi
  if wants gcp && [ "$GCP_IDENTITY" = secret ] && [ ! -f "${GOOGLE_APPLICATION_CREDENTIALS:-}" ]; then
    fail "Google Cloud has no credentials; set GOOGLE_APPLICATION_CREDENTIALS to a file, or leave gcp out of CLOUDS"
  fi
}
