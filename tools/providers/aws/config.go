package main

import (
	"encoding/json"
	"strings"

	"github.com/crossplane/upjet/v2/pkg/config"
	"github.com/crossplane/upjet/v2/pkg/registry"
	"github.com/crossplane/upjet/v2/pkg/types/name"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"

	"github.com/function-xcluster/function-xcluster/tools/providers/drive"
)

// configs are upjet's configurations as config/registry_cluster.go and config/registry_namespaced.go of
// provider-aws v2.6.0 make them, for the kinds of this program alone.
func configs(resources map[string]*schema.Resource) map[drive.Scope]*config.Provider {
	cluster := newConfig("aws.upbound.io", resources)
	// bumpVersionsWithEmbeddedLists of config/registry_cluster.go: these kinds were v1beta1 once, with lists.
	for name, r := range cluster.Resources {
		if kinds[name].bumped {
			r.Version = "v1beta2"
			r.SetCRDStorageVersion(r.Version)
			r.ControllerReconcileVersion = r.Version //nolint:staticcheck // As the provider does.
		}
	}
	return map[drive.Scope]*config.Provider{
		drive.Cluster:    cluster,
		drive.Namespaced: newConfig("aws.m.upbound.io", resources),
	}
}

// unshared are copies of resources whose schemas no other has.
func unshared(all map[string]*schema.Resource) map[string]*schema.Resource {
	copies := map[string]*schema.Resource{}
	for name := range kinds {
		r := *all[name]
		fields := schema.InternalMap(r.SchemaMap())
		r.Schema, r.SchemaFunc = fields.DeepCopy(), nil
		copies[name] = &r
	}
	return copies
}

func newConfig(group string, all map[string]*schema.Resource) *config.Provider {
	names := make([]string, 0, len(kinds))
	resources := map[string]*schema.Resource{}
	for name := range kinds {
		names = append(names, name+"$")
		resources[name] = all[name]
	}
	p := config.NewProvider(schemaOf(resources), "aws", "providers", []byte("name: aws\nresources: {}\n"),
		config.WithDefaultResourceOptions(configure),
		config.WithRootGroup(group),
		config.WithShortName("aws"),
		config.WithIncludeList(nil),
		config.WithTerraformPluginSDKIncludeList(names),
		config.WithTerraformProvider(&schema.Provider{ResourcesMap: resources}),
		config.WithSchemaTraversers(&config.SingletonListEmbedder{}),
	)
	for _, r := range p.Resources {
		if more := kinds[r.Name].configure; more != nil {
			more(r)
		}
		if len(r.CRDListConversionPaths()) > 0 {
			r.TerraformConversions = []config.TerraformConversion{config.NewTFSingletonConversion()}
		}
	}
	return p
}

// configure is what config/overrides.go and config/externalname.go do to each kind, in the order of config/registry_cluster.go.
func configure(r *config.Resource) {
	k := kinds[r.Name]
	r.MetaResource = &registry.Resource{ArgumentDocs: map[string]string{}}
	r.ShortGroup, r.Kind, r.Version = k.group, k.kind, "v1beta1"
	fields := r.TerraformResource.Schema
	if region, ok := fields["region"]; ok { // RegionRequired
		region.Required, region.Optional, region.Computed = true, false, false
	}
	if all, ok := fields["tags_all"]; ok { // TagsAllRemoval
		all.Computed, all.Optional = true, false
	}
	knownReferences(r)
	// ResourceConfigurator and NamePrefixRemoval.
	r.ExternalName = k.name
	r.ExternalName.IdentifierFields = append([]string{}, append(k.name.IdentifierFields, "region")...)
	r.ExternalName.OmittedFields = withPrefix(k.name.OmittedFields)
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

// schemaOf is the part of Terraform's schema document that upjet looks at for kinds whose schema is in Go.
func schemaOf(resources map[string]*schema.Resource) []byte {
	schemas := map[string]any{}
	for name := range resources {
		schemas[name] = map[string]any{"version": 0, "block": map[string]any{
			"attributes": map[string]any{"id": map[string]any{"type": "string", "computed": true}},
		}}
	}
	data, err := json.Marshal(map[string]any{
		"format_version":   "1.0",
		"provider_schemas": map[string]any{"aws": map[string]any{"resource_schemas": schemas}},
	})
	if err != nil {
		panic(err)
	}
	return data
}
