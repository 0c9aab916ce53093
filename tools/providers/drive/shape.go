package drive

import (
	"fmt"
	"go/types"
	"maps"
	"reflect"

	xpv1 "github.com/crossplane/crossplane-runtime/v2/apis/common/v1"
	"github.com/crossplane/upjet/v2/pkg/config"
	ujtypes "github.com/crossplane/upjet/v2/pkg/types"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
)

// shape is what upjet generates Go types from: the fields of one kind in one scope.
//
// A provider compiles these types. Here upjet's own builder makes them when the program starts, so
// each field has the name, the type and the tags that the provider's has.
type shape struct {
	config       *config.Resource
	references   references
	forProvider  reflect.Type
	initProvider reflect.Type
	atProvider   reflect.Type
}

// newShape builds the types from the configuration that a provider generates its code from, for a kind that runs with another.
func newShape(source, r *config.Resource, scope ujtypes.CRDScope) (*shape, error) {
	pkg := types.NewPackage("providers/"+r.Name+"/"+string(scope), r.ShortGroup)
	generated := forGenerator(source)
	built, err := ujtypes.NewBuilder(pkg, scope).Build(generated)
	if err != nil {
		return nil, fmt.Errorf("cannot build the types of %s: %w", r.Name, err)
	}
	// The builder leaves here what the generated code has of it.
	r.LateInitializer, r.Sensitive = generated.LateInitializer, generated.Sensitive
	s := &shape{config: r}
	for _, t := range []struct {
		from *types.Named
		to   *reflect.Type
	}{
		{built.ForProviderType, &s.forProvider},
		{built.InitProviderType, &s.initProvider},
		{built.AtProviderType, &s.atProvider},
	} {
		if *t.to, err = reflectType(t.from); err != nil {
			return nil, fmt.Errorf("cannot build the types of %s: %w", r.Name, err)
		}
	}
	return s, nil
}

// forGenerator is a configuration as upjet's generator sees it: with the ID, which Terraform adds to each schema, and
// without the fields that the external name stands for (pkg/pipeline/crd.go).
func forGenerator(r *config.Resource) *config.Resource {
	fields := maps.Clone(r.TerraformResource.Schema)
	fields["id"] = &schema.Schema{Type: schema.TypeString, Computed: true}
	for _, omitted := range r.ExternalName.OmittedFields {
		delete(fields, omitted)
	}
	terraform := *r.TerraformResource
	terraform.Schema = fields
	generated := *r
	generated.TerraformResource = &terraform
	return &generated
}

// The types of upjet's that are structs of crossplane-runtime, by name.
var common = map[string]reflect.Type{
	"Reference":              reflect.TypeFor[xpv1.Reference](),
	"Selector":               reflect.TypeFor[xpv1.Selector](),
	"NamespacedReference":    reflect.TypeFor[xpv1.NamespacedReference](),
	"NamespacedSelector":     reflect.TypeFor[xpv1.NamespacedSelector](),
	"SecretReference":        reflect.TypeFor[xpv1.SecretReference](),
	"SecretKeySelector":      reflect.TypeFor[xpv1.SecretKeySelector](),
	"LocalSecretReference":   reflect.TypeFor[xpv1.LocalSecretReference](),
	"LocalSecretKeySelector": reflect.TypeFor[xpv1.LocalSecretKeySelector](),
}

var basic = map[types.BasicKind]reflect.Type{
	types.Bool:    reflect.TypeFor[bool](),
	types.Int64:   reflect.TypeFor[int64](),
	types.Float64: reflect.TypeFor[float64](),
	types.String:  reflect.TypeFor[string](),
}

// reflectType turns a type as a generator sees it into one that a program can use.
func reflectType(t types.Type) (reflect.Type, error) {
	switch t := t.(type) {
	case *types.Basic:
		if r, ok := basic[t.Kind()]; ok {
			return r, nil
		}
	case *types.Pointer:
		elem, err := reflectType(t.Elem())
		if err != nil {
			return nil, err
		}
		return reflect.PointerTo(elem), nil
	case *types.Slice:
		elem, err := reflectType(t.Elem())
		if err != nil {
			return nil, err
		}
		return reflect.SliceOf(elem), nil
	case *types.Map:
		key, err := reflectType(t.Key())
		if err != nil {
			return nil, err
		}
		elem, err := reflectType(t.Elem())
		if err != nil {
			return nil, err
		}
		return reflect.MapOf(key, elem), nil
	case *types.Named:
		if t.Obj().Pkg() != nil && t.Obj().Pkg().Path() == ujtypes.PackagePathXPCommonAPIs {
			if r, ok := common[t.Obj().Name()]; ok {
				return r, nil
			}
		}
		return reflectType(t.Underlying())
	case *types.Struct:
		fields := make([]reflect.StructField, t.NumFields())
		for i := range fields {
			typ, err := reflectType(t.Field(i).Type())
			if err != nil {
				return nil, err
			}
			fields[i] = reflect.StructField{Name: t.Field(i).Name(), Type: typ, Tag: reflect.StructTag(t.Tag(i))}
		}
		return reflect.StructOf(fields), nil
	}
	return nil, fmt.Errorf("no type for %s", t)
}
