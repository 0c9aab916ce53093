package drive

import (
	"encoding/json"

	"github.com/crossplane/crossplane-runtime/v2/pkg/reference"
	"github.com/crossplane/upjet/v2/pkg/config"
	"github.com/crossplane/upjet/v2/pkg/terraform"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"k8s.io/apimachinery/pkg/runtime"
)

// Definition is what distinguishes a provider from others. The files that the comments name are the provider's.
type Definition struct {
	// Name of the provider, which the API groups of its kinds begin with: aws.
	Name string
	// Resources are the configurations of kinds, by the names of Terraform's resources.
	Resources map[string]Resource
	// Terraform has Terraform's resource of a name. What it returns is changed.
	Terraform func(name string) *schema.Resource
	// Configure does what the provider does to every kind, before what it does to one kind.
	Configure func(r *config.Resource)
	// Extract has the functions that references name as their extractors.
	Extract map[string]reference.ExtractValueFn
	// Setup makes the client of the cloud's API.
	Setup terraform.SetupFn
}

// Resource is what a provider configures for one of Terraform's resources.
type Resource struct {
	// The API group, without the root group, and the kind (config/groups.go, or groupMap in config/overrides.go).
	Group, Kind string
	// How the external name and the ID come about (config/externalname.go).
	Name config.ExternalName
	// Whether the cluster-scoped API is v1beta2 (config/old-singleton-list-apis.txt, config/field-rename.yaml).
	Bumped bool
	// What the configurator of the kind does (config/cluster/*/config.go, the same as config/namespaced/*/config.go), and the
	// references that the documentation's examples add to it (apis/cluster/*/*/zz_*_types.go). References to kinds that
	// are not composed are left out.
	Configure func(r *config.Resource)
}

// New is a provider without kinds.
func New(d *Definition) *Provider {
	return &Provider{
		// First, while no configuration has changed the schemas yet.
		sources: d.configs(d.unshared),
		configs: d.configs(d.Terraform),
		extract: d.Extract,
		setup:   d.Setup,
		scheme:  runtime.NewScheme(),
	}
}

// configs are upjet's configurations as config/registry_cluster.go and config/registry_namespaced.go make them.
func (d *Definition) configs(terraform func(name string) *schema.Resource) map[Scope]*config.Provider {
	cluster := d.config(d.Name+".upbound.io", terraform)
	// bumpVersionsWithEmbeddedLists of config/registry_cluster.go: these kinds were v1beta1 once, with lists.
	for name, r := range cluster.Resources {
		if d.Resources[name].Bumped {
			r.Version = "v1beta2"
			r.SetCRDStorageVersion(r.Version)
			r.ControllerReconcileVersion = r.Version //nolint:staticcheck // As the provider does.
		}
	}
	return map[Scope]*config.Provider{
		Cluster:    cluster,
		Namespaced: d.config(d.Name+".m.upbound.io", terraform),
	}
}

// unshared is a copy of a resource whose schema no other has.
func (d *Definition) unshared(name string) *schema.Resource {
	r := *d.Terraform(name)
	fields := schema.InternalMap(r.SchemaMap())
	r.Schema, r.SchemaFunc = fields.DeepCopy(), nil
	return &r
}

func (d *Definition) config(group string, terraform func(name string) *schema.Resource) *config.Provider {
	names := make([]string, 0, len(d.Resources))
	resources := map[string]*schema.Resource{}
	for name := range d.Resources {
		names = append(names, name+"$")
		resources[name] = terraform(name)
	}
	p := config.NewProvider(schemas(resources), d.Name, "providers", []byte("name: "+d.Name+"\nresources: {}\n"),
		config.WithDefaultResourceOptions(d.configure),
		config.WithRootGroup(group),
		config.WithShortName(d.Name),
		config.WithIncludeList(nil),
		config.WithTerraformPluginSDKIncludeList(names),
		config.WithTerraformProvider(&schema.Provider{ResourcesMap: resources}),
		config.WithSchemaTraversers(&config.SingletonListEmbedder{}),
	)
	for _, r := range p.Resources {
		if more := d.Resources[r.Name].Configure; more != nil {
			more(r)
		}
		if len(r.CRDListConversionPaths()) > 0 {
			r.TerraformConversions = []config.TerraformConversion{config.NewTFSingletonConversion()}
		}
	}
	return p
}

func (d *Definition) configure(r *config.Resource) {
	of := d.Resources[r.Name]
	r.ShortGroup, r.Kind, r.Version = of.Group, of.Kind, "v1beta1"
	r.ExternalName = of.Name
	d.Configure(r)
}

// schemas are the part of Terraform's schema document that upjet looks at for kinds whose schema is in Go.
func schemas(resources map[string]*schema.Resource) []byte {
	schemas := map[string]any{}
	for name := range resources {
		schemas[name] = map[string]any{"version": 0, "block": map[string]any{
			"attributes": map[string]any{"id": map[string]any{"type": "string", "computed": true}},
		}}
	}
	data, err := json.Marshal(map[string]any{
		"format_version":   "1.0",
		"provider_schemas": map[string]any{"the only one": map[string]any{"resource_schemas": schemas}},
	})
	if err != nil {
		panic(err)
	}
	return data
}

// Refers configures a field that refers to one of Terraform's resources. Without an extractor it has the external name.
func Refers(field, terraform, extractor string) func(*config.Resource) {
	return func(r *config.Resource) {
		r.References[field] = config.Reference{TerraformName: terraform, Extractor: extractor}
	}
}

// All configures what each of these does.
func All(parts ...func(*config.Resource)) func(*config.Resource) {
	return func(r *config.Resource) {
		for _, configure := range parts {
			configure(r)
		}
	}
}
