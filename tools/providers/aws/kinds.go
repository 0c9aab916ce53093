package main

import (
	"strings"

	"github.com/crossplane/upjet/v2/pkg/config"
	"github.com/hashicorp/terraform-plugin-sdk/v2/terraform"
)

// kind is what provider-aws v2.6.0 configures for one of Terraform's resources. The comments name its files.
type kind struct {
	// The API group, without the root group, and the kind (config/groups.go).
	group, kind string
	// How the external name and the ID come about (config/externalname.go).
	name config.ExternalName
	// Whether the cluster-scoped API is v1beta2 (config/old-singleton-list-apis.txt, config/field-rename.yaml).
	bumped bool
	// What the configurator of the kind does (config/cluster/*/config.go, the same as config/namespaced/*/config.go), and the
	// references that the documentation's examples add to it (apis/cluster/*/*/zz_*_types.go). References to kinds that
	// are not composed are left out.
	configure func(r *config.Resource)
}

var subnets = config.Reference{
	TerraformName: "aws_subnet", RefFieldName: "SubnetIDRefs", SelectorFieldName: "SubnetIDSelector",
}

var kinds = map[string]kind{
	"aws_vpc": {
		group: "ec2", kind: "VPC", name: config.IdentifierFromProvider,
		configure: ignoresLate("ipv6_cidr_block", "cidr_block"),
	},
	"aws_subnet": {
		group: "ec2", kind: "Subnet", name: config.IdentifierFromProvider, configure: ignoresLate("availability_zone_id"),
	},
	"aws_internet_gateway": {group: "ec2", kind: "InternetGateway", name: config.IdentifierFromProvider},
	"aws_eip":              {group: "ec2", kind: "EIP", name: config.IdentifierFromProvider},
	"aws_nat_gateway": {
		group: "ec2", kind: "NATGateway", name: config.IdentifierFromProvider,
		configure: all(
			refers("allocation_id", "aws_eip", resourceID),
			refers("secondary_allocation_ids", "aws_eip", resourceID),
			refers("availability_zone_address.allocation_ids", "aws_eip", resourceID),
		),
	},
	"aws_route_table": {
		group: "ec2", kind: "RouteTable", name: config.IdentifierFromProvider,
		configure: func(r *config.Resource) { config.MoveToStatus(r.TerraformResource, "route", "propagating_vgws") },
	},
	"aws_route": {
		group: "ec2", kind: "Route", name: routeName(), bumped: true,
		configure: all(
			refers("route_table_id", "aws_route_table", ""),
			refers("gateway_id", "aws_internet_gateway", ""),
			refers("nat_gateway_id", "aws_nat_gateway", ""),
		),
	},
	"aws_route_table_association": {
		group: "ec2", kind: "RouteTableAssociation", name: config.IdentifierFromProvider,
		configure: all(
			refers("subnet_id", "aws_subnet", ""),
			refers("route_table_id", "aws_route_table", ""),
			refers("gateway_id", "aws_internet_gateway", resourceID),
		),
	},
	"aws_launch_template": {
		group: "ec2", kind: "LaunchTemplate", name: config.IdentifierFromProvider, bumped: true,
		configure: all(
			refers("block_device_mappings.ebs.kms_key_id", "aws_kms_key", arn),
			refers("network_interfaces.subnet_id", "aws_subnet", ""),
			ignoresLate("default_version"),
		),
	},
	"aws_iam_role": {
		group: "iam", kind: "Role", name: config.NameAsIdentifier,
		configure: ignoresLate("managed_policy_arns", "inline_policy"),
	},
	"aws_kms_key": {group: "kms", kind: "Key", name: config.IdentifierFromProvider},
	"aws_kms_alias": {
		group: "kms", kind: "Alias", name: aliasName(), configure: refers("target_key_id", "aws_kms_key", ""),
	},
	"aws_cloudwatch_log_group": {
		group: "cloudwatchlogs", kind: "Group", name: config.NameAsIdentifier,
		configure: all(
			func(r *config.Resource) { r.MarkAsRequired("name") },
			ignoresLate("name_prefix"),
			refers("kms_key_id", "aws_kms_key", arn),
		),
	},
	"aws_eks_cluster": {
		group: "eks", kind: "Cluster", name: config.NameAsIdentifier, bumped: true,
		configure: func(r *config.Resource) {
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
		group: "eks", kind: "NodeGroup", bumped: true,
		name: config.TemplatedStringAsIdentifier("node_group_name", "{{ .parameters.cluster_name }}:{{ .external_name }}"),
		configure: all(
			refers("cluster_name", "aws_eks_cluster", activeCluster),
			refers("node_role_arn", "aws_iam_role", arn),
			refers("version", "aws_eks_cluster", version),
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
		group: "eks", kind: "Addon", name: joinedName(":", "cluster_name", "addon_name"),
		configure: all(
			refers("cluster_name", "aws_eks_cluster", ""),
			refers("service_account_role_arn", "aws_iam_role", arn),
		),
	},
	"aws_eks_access_entry": {
		group: "eks", kind: "AccessEntry", name: templatedName("{{ .parameters.cluster_name }}:{{ .parameters.principal_arn }}"),
		configure: func(r *config.Resource) {
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
		group: "eks", kind: "AccessPolicyAssociation",
		name: templatedName("{{ .parameters.cluster_name }}#{{ .parameters.principal_arn }}#{{ .parameters.policy_arn }}"),
		configure: func(r *config.Resource) {
			r.References = config.References{
				"cluster_name":  {TerraformName: "aws_eks_cluster", Extractor: resourceID},
				"principal_arn": {TerraformName: "aws_eks_access_entry", Extractor: principal},
			}
		},
	},
	"aws_route53_record": {
		group: "route53", kind: "Record", name: config.IdentifierFromProvider, bumped: true,
		configure: all(
			refers("zone_id", "aws_route53_zone", ""),
			refers("health_check_id", "aws_route53_health_check", ""),
			refers("records", "aws_eip", address),
			func(r *config.Resource) { r.TerraformCustomDiff = withTTL },
		),
	},
	"aws_route53_health_check": {
		group: "route53", kind: "HealthCheck", name: config.IdentifierFromProvider,
		configure: refers("child_healthchecks", "aws_route53_health_check", resourceID),
	},
}

func refers(field, terraform, extractor string) func(*config.Resource) {
	return func(r *config.Resource) {
		r.References[field] = config.Reference{TerraformName: terraform, Extractor: extractor}
	}
}

func ignoresLate(fields ...string) func(*config.Resource) {
	return func(r *config.Resource) { r.LateInitializer.IgnoredFields = fields }
}

func all(parts ...func(*config.Resource)) func(*config.Resource) {
	return func(r *config.Resource) {
		for _, configure := range parts {
			configure(r)
		}
	}
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
