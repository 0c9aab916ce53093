# What AWS Load Balancer Controller may do on a workload cluster: application load balancers, their target groups and
# security groups. No rights for WAF, Shield, Cognito and network load balancers: argocd/load-balancers.yaml switches off
# what would use them.
#
# The controller tags what it makes with its cluster's name. Pod Identity tags every session with the cluster that it is
# for. Where the two must be equal, a cluster's controller cannot touch what another cluster's has made.
locals {
  balancing   = "arn:${local.partition}:elasticloadbalancing:*:${local.account}"
  balanced    = ["${local.balancing}:loadbalancer/app/*/*", "${local.balancing}:targetgroup/*/*"]
  listening   = ["${local.balancing}:listener/app/*/*/*", "${local.balancing}:listener-rule/app/*/*/*/*"]
  groups      = ["arn:${local.partition}:ec2:*:${local.account}:security-group/*"]
  cluster_tag = "elbv2.k8s.aws/cluster"
  own_cluster = "$${aws:PrincipalTag/eks-cluster-name}"
}

data "aws_iam_policy_document" "load_balancers" {
  # AWS limits none of these to a resource.
  statement {
    sid = "Look"
    actions = [
      "acm:DescribeCertificate",
      "acm:ListCertificates",
      "ec2:DescribeAccountAttributes",
      "ec2:DescribeAddresses",
      "ec2:DescribeAvailabilityZones",
      "ec2:DescribeInstances",
      "ec2:DescribeInternetGateways",
      "ec2:DescribeIpamPools",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeRouteTables",
      "ec2:DescribeSecurityGroups",
      "ec2:DescribeSubnets",
      "ec2:DescribeTags",
      "ec2:DescribeVpcPeeringConnections",
      "ec2:DescribeVpcs",
      "ec2:GetSecurityGroupsForVpc",
      "elasticloadbalancing:Describe*",
    ]
    resources = ["*"]
  }

  # The first load balancer of an account needs it.
  statement {
    sid       = "ServiceLinkedRole"
    actions   = ["iam:CreateServiceLinkedRole"]
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "iam:AWSServiceName"
      values   = ["elasticloadbalancing.amazonaws.com"]
    }
  }

  # In a VPC, which has no tag of the controller; and into the nodes' own group, which has none either.
  statement {
    sid       = "SecurityGroups"
    actions   = ["ec2:CreateSecurityGroup"]
    resources = concat(local.groups, ["arn:${local.partition}:ec2:*:${local.account}:vpc/*"])
  }

  statement {
    sid       = "LetIn"
    actions   = ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"]
    resources = concat(local.groups, ["arn:${local.partition}:ec2:*:${local.account}:security-group-rule/*"])
  }

  statement {
    sid       = "TagNewSecurityGroups"
    actions   = ["ec2:CreateTags"]
    resources = local.groups

    condition {
      test     = "StringEquals"
      variable = "ec2:CreateAction"
      values   = ["CreateSecurityGroup"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/${local.cluster_tag}"
      values   = [local.own_cluster]
    }
  }

  statement {
    sid       = "DeleteOwnSecurityGroups"
    actions   = ["ec2:DeleteSecurityGroup"]
    resources = local.groups

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/${local.cluster_tag}"
      values   = [local.own_cluster]
    }
  }

  # Of what is its own, every tag but the one that says so.
  statement {
    sid       = "ChangeOtherTags"
    actions   = ["ec2:CreateTags", "ec2:DeleteTags", "elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"]
    resources = concat(local.groups, local.balanced)

    condition {
      test     = "Null"
      variable = "aws:RequestTag/${local.cluster_tag}"
      values   = ["true"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/${local.cluster_tag}"
      values   = [local.own_cluster]
    }
  }

  statement {
    sid       = "Create"
    actions   = ["elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateTargetGroup"]
    resources = local.balanced

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/${local.cluster_tag}"
      values   = [local.own_cluster]
    }
  }

  # Only while it makes them: afterwards it could make another cluster's its own.
  statement {
    sid       = "TagNew"
    actions   = ["elasticloadbalancing:AddTags"]
    resources = local.balanced

    condition {
      test     = "StringEquals"
      variable = "elasticloadbalancing:CreateAction"
      values   = ["CreateLoadBalancer", "CreateTargetGroup"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/${local.cluster_tag}"
      values   = [local.own_cluster]
    }
  }

  statement {
    sid = "ChangeOwn"
    actions = [
      "elasticloadbalancing:DeleteLoadBalancer",
      "elasticloadbalancing:DeleteTargetGroup",
      "elasticloadbalancing:DeregisterTargets",
      "elasticloadbalancing:ModifyLoadBalancerAttributes",
      "elasticloadbalancing:ModifyTargetGroup",
      "elasticloadbalancing:ModifyTargetGroupAttributes",
      "elasticloadbalancing:RegisterTargets",
      "elasticloadbalancing:SetIpAddressType",
      "elasticloadbalancing:SetSecurityGroups",
      "elasticloadbalancing:SetSubnets",
    ]
    resources = local.balanced

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/${local.cluster_tag}"
      values   = [local.own_cluster]
    }
  }

  statement {
    sid       = "Listen"
    actions   = ["elasticloadbalancing:CreateListener"]
    resources = ["${local.balancing}:loadbalancer/app/*/*"]
  }

  # By kind alone, as in the controller's own documentation: it does not rely on tags of listeners and rules.
  statement {
    sid = "Listeners"
    actions = [
      "elasticloadbalancing:AddListenerCertificates",
      "elasticloadbalancing:AddTags",
      "elasticloadbalancing:CreateRule",
      "elasticloadbalancing:DeleteListener",
      "elasticloadbalancing:DeleteRule",
      "elasticloadbalancing:ModifyListener",
      "elasticloadbalancing:ModifyListenerAttributes",
      "elasticloadbalancing:ModifyRule",
      "elasticloadbalancing:RemoveListenerCertificates",
      "elasticloadbalancing:RemoveTags",
      "elasticloadbalancing:SetRulePriorities",
    ]
    resources = local.listening
  }
}
