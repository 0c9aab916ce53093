package main

import (
	"encoding/json"
	"strings"

	"github.com/crossplane/crossplane-runtime/v2/pkg/fieldpath"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reference"
	xpresource "github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"github.com/crossplane/upjet/v2/pkg/config"
	"github.com/crossplane/upjet/v2/pkg/resource"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/hashicorp/terraform-provider-google/google/registry"
	// Each of these registers its resources.
	_ "github.com/hashicorp/terraform-provider-google/google/services/compute"
	_ "github.com/hashicorp/terraform-provider-google/google/services/container"
	_ "github.com/hashicorp/terraform-provider-google/google/services/kms"
	_ "github.com/hashicorp/terraform-provider-google/google/services/resourcemanager"

	"github.com/function-xcluster/function-xcluster/tools/providers/drive"
)

// Extractors, named as references name them.
const (
	selfLink   = "SelfLinkExtractor"
	resourceID = "ExtractResourceID"
	projectID  = "ExtractProjectID"
	email      = "ExtractParamPath(email)"
)

var extractors = map[string]reference.ExtractValueFn{
	selfLink: func(mg xpresource.Managed) string {
		paved, err := fieldpath.PaveObject(mg)
		if err != nil {
			return ""
		}
		link, err := paved.GetString("status.atProvider.selfLink")
		if err != nil {
			return ""
		}
		return link
	},
	resourceID: drive.ResourceID,
	projectID:  func(mg xpresource.Managed) string { return strings.TrimPrefix(drive.ResourceID(mg), "projects/") },
	email:      resource.ExtractParamPath("email", true),
}

// configs are upjet's configurations as config/registry_cluster.go and config/registry_namespaced.go of
// provider-gcp v3.0.0 make them, for the kinds of this program alone.
func configs(resource func(name string) *schema.Resource) map[drive.Scope]*config.Provider {
	cluster := newConfig("gcp.upbound.io", resource)
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
		drive.Namespaced: newConfig("gcp.m.upbound.io", resource),
	}
}

// unshared is a copy of a resource whose schema no other has.
func unshared(name string) *schema.Resource {
	r := *registry.Resource(name)
	fields := schema.InternalMap(r.Schema)
	r.Schema = fields.DeepCopy()
	return &r
}

func newConfig(group string, resource func(name string) *schema.Resource) *config.Provider {
	names := make([]string, 0, len(kinds))
	resources := map[string]*schema.Resource{}
	for name := range kinds {
		names = append(names, name+"$")
		resources[name] = resource(name)
	}
	p := config.NewProvider(schemaOf(resources), "gcp", "providers", []byte("name: gcp\nresources: {}\n"),
		config.WithDefaultResourceOptions(configure),
		config.WithRootGroup(group),
		config.WithShortName("gcp"),
		config.WithIncludeList(nil),
		config.WithTerraformPluginSDKIncludeList(names),
		config.WithTerraformProvider(&schema.Provider{ResourcesMap: resources}),
		config.WithSchemaTraversers(&config.SingletonListEmbedder{}),
	)
	for _, r := range p.Resources {
		if len(r.CRDListConversionPaths()) > 0 {
			r.TerraformConversions = []config.TerraformConversion{config.NewTFSingletonConversion()}
		}
		if more := kinds[r.Name].configure; more != nil {
			more(r)
		}
	}
	return p
}

// configure is what config/overrides.go and config/externalname.go do to each kind.
func configure(r *config.Resource) {
	k := kinds[r.Name]
	r.ShortGroup, r.Kind, r.Version = k.group, k.kind, "v1beta1"
	r.ExternalName = k.name
	if !k.hadDeletionPolicy {
		config.MoveToStatus(r.TerraformResource, "deletion_policy")
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
		"provider_schemas": map[string]any{"google": map[string]any{"resource_schemas": schemas}},
	})
	if err != nil {
		panic(err)
	}
	return data
}
