# shellcheck shell=bash
# Who the controllers are in the clouds. Keys reach kubectl through its standard input, never its arguments.

# put KIND NAME KEY NAMESPACE...: makes a Secret or ConfigMap of standard input.
put() {
  local kind=$1 name=$2 key=$3 create=(configmap) where content object
  [ "$kind" != Secret ] || create=(secret generic)
  shift 3
  content=$(cat)
  for where in "$@"; do
    if [ -n "$dry_run" ]; then
      say "    $kind $where/$name, with the key $key"
      continue
    fi
    object=$(printf %s "$content" | kubectl create "${create[@]}" "$name" --namespace "$where" \
      --from-file "$key=/dev/stdin" --dry-run=client --output yaml) ||
      fail "$kind $name cannot be made; the line above says why"
    kubectl --context "$CONTEXT" apply --server-side --field-manager bootstrap --force-conflicts --filename - \
      <<<"$object" >/dev/null || fail "$kind $name cannot be written in $where; the line above says why"
  done
}

readonly controllers=(crossplane-system argocd external-secrets)

aws_keys() {
  put Secret aws-credentials credentials "${controllers[@]}" <<KEYS
[default]
aws_access_key_id = ${AWS_ACCESS_KEY_ID:-}
aws_secret_access_key = ${AWS_SECRET_ACCESS_KEY:-}
${AWS_SESSION_TOKEN:+aws_session_token = $AWS_SESSION_TOKEN}
KEYS
}

gcp_keys() { put Secret gcp-credentials credentials "${controllers[@]}" <"${GOOGLE_APPLICATION_CREDENTIALS:-/dev/null}"; }

# Where each controller exchanges its token: public data, one file for each.
gcp_federation() {
  local where files
  files=$([ -n "$dry_run" ] || terraform -chdir="$root/bootstrap/gcp" output -json credentials) ||
    fail "bootstrap/gcp has no output 'credentials'; run 'terraform -chdir=bootstrap/gcp apply', or leave gcp out of CLOUDS"
  for where in "${controllers[@]}"; do
    { [ -n "$dry_run" ] || jq --raw-output --arg name "$where" '.[$name]' <<<"$files"; } |
      put ConfigMap gcp-federation credentials.json "$where"
  done
}

identities() {
  local where
  for where in "${controllers[@]}"; do namespace "$where"; done
  if wants aws && [ "$AWS_IDENTITY" = secret ]; then aws_keys; fi
  if wants gcp; then
    case $GCP_IDENTITY in
      secret) gcp_keys ;;
      federation) gcp_federation ;;
    esac
  fi
}

# The token that callers of the service present: made once, pushed to the clouds from here (argocd/management/push).
inference_tokens() {
  local where=ml-platform name=inference-tokens
  if [ -z "$dry_run" ] && kubectl --context "$CONTEXT" get secret "$name" --namespace "$where" >/dev/null 2>&1; then
    return
  fi
  openssl rand -hex 32 | tr -d '\n' | put Secret "$name" tokens "$where"
}
