# Who the controllers are on AWS: a role each, given by Pod Identity to a namespace and a service account. No key exists.
data "aws_iam_policy_document" "pod" {
  statement {
    actions = ["sts:AssumeRole", "sts:TagSession"]

    principals {
      type        = "Service"
      identifiers = ["pods.eks.amazonaws.com"]
    }
  }
}

locals {
  # For workload clusters: argocd/management binds them there.
  workload_roles = ["external-secrets-reader", "aws-load-balancer-controller"]

  roles = toset(concat(["crossplane", "argocd", "external-secrets"], local.workload_roles))

  # Of the management cluster.
  bindings = {
    "crossplane/crossplane-system/provider-aws"          = {}
    "argocd/argocd/argocd-application-controller"        = {}
    "argocd/argocd/argocd-server"                        = {}
    "external-secrets/external-secrets/external-secrets" = {}
  }
}

# `argocd` has no policy: the function gives it an access entry in each cluster that it makes.
resource "aws_iam_role" "pod" {
  for_each = local.roles

  name               = each.key
  assume_role_policy = data.aws_iam_policy_document.pod.json
}

resource "aws_eks_pod_identity_association" "this" {
  for_each = local.bindings

  cluster_name    = aws_eks_cluster.this.name
  role_arn        = aws_iam_role.pod[split("/", each.key)[0]].arn
  namespace       = split("/", each.key)[1]
  service_account = split("/", each.key)[2]

  depends_on = [aws_eks_addon.before_nodes]
}

resource "aws_iam_role_policy" "pod" {
  for_each = {
    "crossplane"                   = data.aws_iam_policy_document.crossplane.json
    "external-secrets"             = data.aws_iam_policy_document.secrets_writer.json
    "external-secrets-reader"      = data.aws_iam_policy_document.secrets_reader.json
    "aws-load-balancer-controller" = data.aws_iam_policy_document.load_balancers.json
  }

  name   = each.key
  role   = aws_iam_role.pod[each.key].name
  policy = each.value
}
