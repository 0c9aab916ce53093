# shellcheck shell=bash
# What is installed where. Each capital name of the first part can be set in the environment.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# What the management cluster is: kind, made here, or eks, made by Terraform in bootstrap/eks.
MANAGEMENT=${MANAGEMENT:-kind}
# Which of the three XRDs is installed: claims, cluster or namespaced.
SCOPE=${SCOPE:-claims}
# Which clouds it makes clusters in.
CLOUDS=${CLOUDS-aws gcp}
# How the providers prove who they are: a Secret on kind; on EKS Pod Identity, or irsa where there is no agent for it.
# The context of the management cluster is always named, so that nobody's current context is touched by accident.
case $MANAGEMENT in
  kind) AWS_IDENTITY=${AWS_IDENTITY:-secret} GCP_IDENTITY=${GCP_IDENTITY:-secret} CONTEXT=${CONTEXT:-kind-xcluster} ;;
  *) AWS_IDENTITY=${AWS_IDENTITY:-pod-identity} GCP_IDENTITY=${GCP_IDENTITY:-federation} CONTEXT=${CONTEXT:-} ;;
esac

# renovate: datasource=helm depName=crossplane registryUrl=https://charts.crossplane.io/stable
crossplane_chart=2.3.4
# renovate: datasource=helm depName=argo-cd registryUrl=https://argoproj.github.io/argo-helm
argocd_chart=9.5.22
# renovate: datasource=helm depName=external-secrets registryUrl=https://charts.external-secrets.io
external_secrets_chart=2.9.0

# The account, the project and the service's host of the examples.
example_account=111122223333
example_project=acme-prod
example_host=inference.acme.example
