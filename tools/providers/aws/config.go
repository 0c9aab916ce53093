package main

import (
	"strings"

	"github.com/crossplane/upjet/v2/pkg/config"
	"github.com/crossplane/upjet/v2/pkg/registry"
	"github.com/crossplane/upjet/v2/pkg/types/name"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
)

// configure is what config/overrides.go and config/externalname.go do to each kind, in the order of config/registry_cluster.go.
func configure(r *config.Resource) {
	r.MetaResource = &registry.Resource{ArgumentDocs: map[string]string{}}
	fields := r.TerraformResource.Schema
	if region, ok := fields["region"]; ok { // RegionRequired
		region.Required, region.Optional, region.Computed = true, false, false
	}
	if all, ok := fields["tags_all"]; ok { // TagsAllRemoval
		all.Computed, all.Optional = true, false
	}
	knownReferences(r)
	// ResourceConfigurator and NamePrefixRemoval.
	of := kinds[r.Name].Name
	r.ExternalName.IdentifierFields = append([]string{}, append(of.IdentifierFields, "region")...)
	r.ExternalName.OmittedFields = withPrefix(of.OmittedFields)
	if tags, ok := fields["tags"]; ok && tags.Type == schema.TypeMap { // AddExternalTagsField
		r.InitializerFns = append(r.InitializerFns, config.TagInitializer)
	}
}

func withPrefix(omitted []string) []string {
	fields := []string{"name_prefix"}
	for _, field := range omitted {
		if field != "name_prefix" {
			fields = append(fields, field)
		}
	}
	return fields
}

// knownReferences is KnownReferencers of config/overrides.go, for the kinds that there are here.
func knownReferences(r *config.Resource) {
	for field, s := range r.TerraformResource.Schema {
		if s.Computed && !s.Optional || s.Sensitive {
			continue
		}
		switch {
		case strings.HasSuffix(field, "role_arn"):
			r.References[field] = config.Reference{TerraformName: "aws_iam_role", Extractor: arn}
		case strings.HasSuffix(field, "security_group_ids"):
			one := name.NewFromSnake(strings.TrimSuffix(field, "s")).Camel
			r.References[field] = config.Reference{
				TerraformName: "aws_security_group", RefFieldName: one + "Refs", SelectorFieldName: one + "Selector",
			}
		case field == "vpc_id":
			r.References[field] = config.Reference{TerraformName: "aws_vpc"}
		case field == "subnet_id":
			r.References[field] = config.Reference{TerraformName: "aws_subnet"}
		case field == "subnet_ids":
			r.References[field] = subnets
		case field == "kms_key_id":
			r.References[field] = config.Reference{TerraformName: "aws_kms_key"}
		}
	}
}
