package main

import (
	"strings"

	"github.com/crossplane/upjet/v2/pkg/config"
	"github.com/hashicorp/terraform-plugin-sdk/v2/terraform"

	"github.com/function-xcluster/function-xcluster/tools/providers/drive"
)

var subnets = config.Reference{
	TerraformName: "aws_subnet", RefFieldName: "SubnetIDRefs", SelectorFieldName: "SubnetIDSelector",
}

var kinds = map[string]drive.Resource{
	"aws_vpc": {
		Group: "ec2", Kind: "VPC", Name: config.IdentifierFromProvider,
		Configure: ignoresLate("ipv6_cidr_block", "cidr_block"),
	},
	"aws_subnet": {
		Group: "ec2", Kind: "Subnet", Name: config.IdentifierFromProvider, Configure: ignoresLate("availability_zone_id"),
	},
	"aws_internet_gateway": {Group: "ec2", Kind: "InternetGateway", Name: config.IdentifierFromProvider},
	"aws_eip":              {Group: "ec2", Kind: "EIP", Name: config.IdentifierFromProvider},
	"aws_nat_gateway": {
		Group: "ec2", Kind: "NATGateway", Name: config.IdentifierFromProvider,
		Configure: drive.All(
			drive.Refers("allocation_id", "aws_eip", resourceID),
			drive.Refers("secondary_allocation_ids", "aws_eip", resourceID),
			drive.Refers("availability_zone_address.allocation_ids", "aws_eip", resourceID),
		),
	},
	"aws_route_table": {
		Group: "ec2", Kind: "RouteTable", Name: config.IdentifierFromProvider,
		Configure: func(r *config.Resource) { config.MoveToStatus(r.TerraformResource, "route", "propagating_vgws") },
	},
	"aws_route": {
		Group: "ec2", Kind: "Route", Name: routeName(), Bumped: true,
		Configure: drive.All(
			drive.Refers("route_table_id", "aws_route_table", ""),
			drive.Refers("gateway_id", "aws_internet_gateway", ""),
			drive.Refers("nat_gateway_id", "aws_nat_gateway", ""),
		),
	},
	"aws_route_table_association": {
		Group: "ec2", Kind: "RouteTableAssociation", Name: config.IdentifierFromProvider,
		Configure: drive.All(
			drive.Refers("subnet_id", "aws_subnet", ""),
			drive.Refers("route_table_id", "aws_route_table", ""),
			drive.Refers("gateway_id", "aws_internet_gateway", resourceID),
		),
	},
	"aws_launch_template": {
		Group: "ec2", Kind: "LaunchTemplate", Name: config.IdentifierFromProvider, Bumped: true,
		Configure: drive.All(
			drive.Refers("block_device_mappings.ebs.kms_key_id", "aws_kms_key", arn),
			drive.Refers("network_interfaces.subnet_id", "aws_subnet", ""),
			ignoresLate("default_version"),
		),
	},
	"aws_iam_role": {
		Group: "iam", Kind: "Role", Name: config.NameAsIdentifier,
		Configure: ignoresLate("managed_policy_arns", "inline_policy"),
	},
	"aws_kms_key": {Group: "kms", Kind: "Key", Name: config.IdentifierFromProvider},
	"aws_kms_alias": {
		Group: "kms", Kind: "Alias", Name: aliasName(), Configure: drive.Refers("target_key_id", "aws_kms_key", ""),
	},
	"aws_cloudwatch_log_group": {
		Group: "cloudwatchlogs", Kind: "Group", Name: config.NameAsIdentifier,
		Configure: drive.All(
			func(r *config.Resource) { r.MarkAsRequired("name") },
			ignoresLate("name_prefix"),
			drive.Refers("kms_key_id", "aws_kms_key", arn),
		),
	},
	"aws_eks_cluster": {
		Group: "eks", Kind: "Cluster", Name: config.NameAsIdentifier, Bumped: true,
		Configure: func(r *config.Resource) {
			r.References = config.References{
				"role_arn":              {TerraformName: "aws_iam_role", Extractor: arn},
				"vpc_config.subnet_ids": subnets,
				"vpc_config.security_group_ids": {
					TerraformName: "aws_security_group", RefFieldName: "SecurityGroupIDRefs", SelectorFieldName: "SecurityGroupIDSelector",
				},
			}
		},
	},
	"aws_eks_node_group": {
		Group: "eks", Kind: "NodeGroup", Bumped: true,
		Name: config.TemplatedStringAsIdentifier("node_group_name", "{{ .parameters.cluster_name }}:{{ .external_name }}"),
		Configure: drive.All(
			drive.Refers("cluster_name", "aws_eks_cluster", activeCluster),
			drive.Refers("node_role_arn", "aws_iam_role", arn),
			drive.Refers("version", "aws_eks_cluster", version),
			func(r *config.Resource) {
				r.References["subnet_ids"] = subnets
				r.LateInitializer = config.LateInitializer{
					IgnoredFields:            []string{"release_version", "version"},
					ConditionalIgnoredFields: []string{"scaling_config"},
				}
			},
		),
	},
	"aws_eks_addon": {
		Group: "eks", Kind: "Addon", Name: joinedName(":", "cluster_name", "addon_name"),
		Configure: drive.All(
			drive.Refers("cluster_name", "aws_eks_cluster", ""),
			drive.Refers("service_account_role_arn", "aws_iam_role", arn),
		),
	},
	"aws_eks_access_entry": {
		Group: "eks", Kind: "AccessEntry", Name: templatedName("{{ .parameters.cluster_name }}:{{ .parameters.principal_arn }}"),
		Configure: func(r *config.Resource) {
			r.References = config.References{
				"cluster_name": {TerraformName: "aws_eks_cluster", Extractor: resourceID},
				"principal_arn": {
					TerraformName: "aws_iam_role", Extractor: arn,
					RefFieldName: "PrincipalArnFromRoleRef", SelectorFieldName: "PrincipalArnFromRoleSelector",
				},
			}
		},
	},
	"aws_eks_access_policy_association": {
		Group: "eks", Kind: "AccessPolicyAssociation",
		Name: templatedName("{{ .parameters.cluster_name }}#{{ .parameters.principal_arn }}#{{ .parameters.policy_arn }}"),
		Configure: func(r *config.Resource) {
			r.References = config.References{
				"cluster_name":  {TerraformName: "aws_eks_cluster", Extractor: resourceID},
				"principal_arn": {TerraformName: "aws_eks_access_entry", Extractor: principal},
			}
		},
	},
	"aws_route53_record": {
		Group: "route53", Kind: "Record", Name: config.IdentifierFromProvider, Bumped: true,
		Configure: drive.All(
			drive.Refers("zone_id", "aws_route53_zone", ""),
			drive.Refers("health_check_id", "aws_route53_health_check", ""),
			drive.Refers("records", "aws_eip", address),
			func(r *config.Resource) { r.TerraformCustomDiff = withTTL },
		),
	},
	"aws_route53_health_check": {
		Group: "route53", Kind: "HealthCheck", Name: config.IdentifierFromProvider,
		Configure: drive.Refers("child_healthchecks", "aws_route53_health_check", resourceID),
	},
}

func ignoresLate(fields ...string) func(*config.Resource) {
	return func(r *config.Resource) { r.LateInitializer.IgnoredFields = fields }
}

// withTTL is the custom difference of records in config/cluster/route53/config.go: a change of records brings the TTL
// along. A change of the weight does not.
func withTTL(diff *terraform.InstanceDiff, state *terraform.InstanceState, _ *terraform.ResourceConfig) (*terraform.InstanceDiff, error) {
	if diff == nil || diff.Empty() || diff.Destroy || diff.Attributes == nil {
		return diff, nil
	}
	if d, ok := diff.Attributes["name"]; ok && strings.TrimSuffix(d.New, ".") == strings.TrimSuffix(d.Old, ".") {
		delete(diff.Attributes, "name")
	}
	for field := range diff.Attributes {
		if !strings.HasPrefix(field, "records.") {
			continue
		}
		if _, ok := diff.Attributes["ttl"]; !ok && state != nil && state.Attributes != nil {
			if ttl, ok := state.Attributes["ttl"]; ok {
				diff.Attributes["ttl"] = &terraform.ResourceAttrDiff{Old: ttl, New: ttl}
			}
		}
		break
	}
	return diff, nil
}
