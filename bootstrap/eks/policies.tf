# What the function's objects need, and no more: docs/compatibility.md says the same in words.
locals {
  # The roles that the function names: <cluster>-control-plane and so on.
  cluster_roles = [
    for suffix in ["control-plane", "node", "networking", "block-storage"] :
    "arn:${local.partition}:iam::${local.account}:role/*-${suffix}"
  ]
}

data "aws_iam_policy_document" "crossplane" {
  statement {
    sid       = "Clusters"
    actions   = ["eks:*"]
    resources = ["*"]
  }

  # By name, so that the management cluster itself is out of reach.
  statement {
    sid     = "NotThisCluster"
    effect  = "Deny"
    actions = ["eks:Delete*", "eks:Update*"]
    resources = [
      "arn:${local.partition}:eks:*:${local.account}:*/${var.name}",
      "arn:${local.partition}:eks:*:${local.account}:*/${var.name}/*",
    ]
  }

  statement {
    sid = "Networks"
    actions = [
      "ec2:Describe*",
      "ec2:CreateTags",
      "ec2:DeleteTags",
      "ec2:*Vpc",
      "ec2:ModifyVpcAttribute",
      "ec2:*Subnet",
      "ec2:ModifySubnetAttribute",
      "ec2:*InternetGateway",
      "ec2:*NatGateway",
      "ec2:*Address",
      "ec2:*Addresses",
      "ec2:*Route",
      "ec2:*RouteTable",
      "ec2:ReplaceRouteTableAssociation",
      "ec2:*LaunchTemplate",
      "ec2:*LaunchTemplateVersion",
      "ec2:*LaunchTemplateVersions",
      "ec2:RunInstances",
    ]
    resources = ["*"]
  }

  statement {
    sid = "Roles"
    actions = [
      "iam:AttachRolePolicy",
      "iam:CreateRole",
      "iam:DeleteRole",
      "iam:DetachRolePolicy",
      "iam:GetRole",
      "iam:ListAttachedRolePolicies",
      "iam:ListInstanceProfilesForRole",
      "iam:ListRolePolicies",
      "iam:TagRole",
      "iam:UntagRole",
      "iam:UpdateAssumeRolePolicy",
      "iam:UpdateRole",
      "iam:UpdateRoleDescription",
    ]
    resources = local.cluster_roles
  }

  # To a cluster that it makes, and to controllers that run there (argocd/management).
  statement {
    sid       = "PassRoles"
    actions   = ["iam:GetRole", "iam:PassRole"]
    resources = concat(local.cluster_roles, [for name in local.workload_roles : aws_iam_role.pod[name].arn])
  }

  # A role that may make roles could make itself an administrator; with this it attaches AWS' policies for EKS only.
  statement {
    sid       = "OnlyPoliciesForClusters"
    effect    = "Deny"
    actions   = ["iam:AttachRolePolicy"]
    resources = ["*"]

    condition {
      test     = "ArnNotLike"
      variable = "iam:PolicyARN"
      values = [
        "arn:${local.partition}:iam::aws:policy/AmazonEKS*",
        "arn:${local.partition}:iam::aws:policy/AmazonEC2ContainerRegistry*",
        "arn:${local.partition}:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy*",
      ]
    }
  }

  statement {
    sid       = "ServiceLinkedRoles"
    actions   = ["iam:CreateServiceLinkedRole"]
    resources = ["*"]

    condition {
      test     = "StringLike"
      variable = "iam:AWSServiceName"
      values   = ["eks*.amazonaws.com", "autoscaling.amazonaws.com", "spot.amazonaws.com"]
    }
  }

  statement {
    sid = "Keys"
    actions = [
      "kms:CreateAlias",
      "kms:CreateGrant",
      "kms:CreateKey",
      "kms:DeleteAlias",
      "kms:DescribeKey",
      "kms:DisableKeyRotation",
      "kms:EnableKeyRotation",
      "kms:GetKeyPolicy",
      "kms:GetKeyRotationStatus",
      "kms:ListAliases",
      "kms:ListResourceTags",
      "kms:PutKeyPolicy",
      "kms:ScheduleKeyDeletion",
      "kms:TagResource",
      "kms:UntagResource",
      "kms:UpdateAlias",
      "kms:UpdateKeyDescription",
    ]
    resources = ["*"]
  }

  statement {
    sid = "Logs"
    actions = [
      "logs:CreateLogGroup",
      "logs:DeleteLogGroup",
      "logs:DeleteRetentionPolicy",
      "logs:DescribeLogGroups",
      "logs:ListTagsForResource",
      "logs:PutRetentionPolicy",
      "logs:TagResource",
      "logs:UntagResource",
    ]
    resources = ["*"]
  }

  # Records of the service, where its zone is in this account.
  statement {
    sid = "Names"
    actions = [
      "route53:ChangeResourceRecordSets",
      "route53:ChangeTagsForResource",
      "route53:CreateHealthCheck",
      "route53:DeleteHealthCheck",
      "route53:GetChange",
      "route53:GetHealthCheck",
      "route53:GetHostedZone",
      "route53:ListResourceRecordSets",
      "route53:ListTagsForResource",
      "route53:UpdateHealthCheck",
    ]
    resources = ["*"]
  }
}

# The secrets that argocd/management/push names, in every region where a cluster reads.
locals {
  pushed_secrets = "arn:${local.partition}:secretsmanager:*:${local.account}:secret:inference-*"
}

# What External Secrets calls for a PushSecret whose deletionPolicy is None. It deletes a resource policy that the
# PushSecret does not name each time that it pushes (external-secrets#6806), and a later release looks at it first
# (external-secrets#6831). It may not put one: that would open the secret to others.
data "aws_iam_policy_document" "secrets_writer" {
  statement {
    actions = [
      "secretsmanager:CreateSecret",
      "secretsmanager:DeleteResourcePolicy",
      "secretsmanager:DescribeSecret",
      "secretsmanager:GetResourcePolicy",
      "secretsmanager:GetSecretValue",
      "secretsmanager:PutSecretValue",
      "secretsmanager:TagResource",
    ]
    resources = [local.pushed_secrets]
  }
}

data "aws_iam_policy_document" "secrets_reader" {
  statement {
    actions   = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
    resources = [local.pushed_secrets]
  }
}
