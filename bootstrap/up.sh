#!/usr/bin/env bash
# Make a management cluster: Crossplane with the providers and the function, External Secrets, Argo CD, and what it deploys.
#   bootstrap/up.sh              on kind, made here; with the credentials of the environment
#   bootstrap/up.sh --dry-run    print what it would do, and change nothing
#   MANAGEMENT=eks CONTEXT=NAME bootstrap/up.sh    on the EKS cluster of bootstrap/eks, without keys
# It can be run again at any time: what is there stays, what changed is changed. lib/settings.sh lists what can be set.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
for part in settings run checks identities install; do
  # shellcheck source=/dev/null
  . "$here/lib/$part.sh"
done

dry_run=
case ${1:-} in
  --dry-run) dry_run=yes ;;
  "") ;;
  *) fail "'$1' is no option; the only one is --dry-run" ;;
esac

check_settings
say "management cluster: $MANAGEMENT, context $CONTEXT, scope $SCOPE, clouds: ${CLOUDS:-none}"
if [ -z "$dry_run" ]; then
  check_tools
  check_facts
  check_credentials
fi

[ "$MANAGEMENT" != kind ] || step "kind cluster" kind_cluster
step "the cluster answers" reachable
step "people and namespaces" apply "$here/people.yaml"
step "what authors may not write" apply "$here/policies.yaml"
step "identities of the controllers" identities
step "Crossplane $crossplane_chart" crossplane
step "active kinds" activation
step "providers and function" packages
step "provider configurations" provider_configs
step "API and Composition" api
step "External Secrets $external_secrets_chart" external_secrets
step "Argo CD $argocd_chart" argocd
step "the service's first token" inference_tokens
step "projects and ApplicationSets" applications

[ -n "$dry_run" ] || cat <<TEXT

Create clusters:  kubectl --context $CONTEXT apply -f clusters/staging-us.yaml -f clusters/staging-eu.yaml
Watch them:       kubectl --context $CONTEXT get clusters --all-namespaces --watch
What they run:    kubectl --context $CONTEXT get applications --namespace argocd
TEXT
