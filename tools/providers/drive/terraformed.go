package drive

import (
	"context"
	"reflect"

	"dario.cat/mergo"
	xpv1 "github.com/crossplane/crossplane-runtime/v2/apis/common/v1"
	xpresource "github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"github.com/crossplane/upjet/v2/pkg/resource"
	tfjson "github.com/crossplane/upjet/v2/pkg/resource/json"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// terraformed is what upjet generates for each kind, on structs of its shape: upjet's template
// pkg/pipeline/templates/terraformed.go.tmpl.
type terraformed struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Status            status `json:"status"`

	shape  *shape             `json:"-"`
	params *parameters        `json:"-"`
	self   xpresource.Managed `json:"-"`
}

// prepare gives an object the structs of its kind.
func (t *terraformed) prepare(self xpresource.Managed, s *shape, params *parameters) {
	t.self, t.shape, t.params = self, s, params
	params.ForProvider = reflect.New(s.forProvider).Interface()
	params.InitProvider = reflect.New(s.initProvider).Interface()
	t.Status.AtProvider = reflect.New(s.atProvider).Interface()
}

// GetObjectKind of the managed resource.
func (t *terraformed) GetObjectKind() schema.ObjectKind { return &t.TypeMeta }

// GetCondition of the managed resource.
func (t *terraformed) GetCondition(c xpv1.ConditionType) xpv1.Condition {
	return t.Status.GetCondition(c)
}

// SetConditions of the managed resource.
func (t *terraformed) SetConditions(c ...xpv1.Condition) { t.Status.SetConditions(c...) }

// GetTerraformResourceType is the kind's name in Terraform.
func (t *terraformed) GetTerraformResourceType() string { return t.shape.config.Name }

// GetTerraformSchemaVersion is the version of the kind's schema in Terraform.
func (t *terraformed) GetTerraformSchemaVersion() int {
	return t.shape.config.TerraformResource.SchemaVersion
}

// GetConnectionDetailsMapping has the fields that are secret.
func (t *terraformed) GetConnectionDetailsMapping() map[string]string {
	return t.shape.config.Sensitive.GetFieldPaths()
}

// GetID is the Terraform ID that the provider saw last.
func (t *terraformed) GetID() string {
	id := reflect.ValueOf(t.Status.AtProvider).Elem().FieldByName("ID")
	if !id.IsValid() || id.IsNil() {
		return ""
	}
	return id.Elem().String()
}

// GetObservation is the observed state as Terraform names its fields.
func (t *terraformed) GetObservation() (map[string]any, error) {
	return toTerraform(t.Status.AtProvider)
}

// SetObservation writes an observed state.
func (t *terraformed) SetObservation(o map[string]any) error {
	return fromTerraform(o, t.Status.AtProvider)
}

// GetParameters is spec.forProvider as Terraform names its fields.
func (t *terraformed) GetParameters() (map[string]any, error) {
	return toTerraform(t.params.ForProvider)
}

// SetParameters writes spec.forProvider.
func (t *terraformed) SetParameters(p map[string]any) error {
	return fromTerraform(p, t.params.ForProvider)
}

// GetInitParameters is spec.initProvider as Terraform names its fields.
func (t *terraformed) GetInitParameters() (map[string]any, error) {
	return toTerraform(t.params.InitProvider)
}

// GetMergedParameters is spec.forProvider, with spec.initProvider where that says nothing.
func (t *terraformed) GetMergedParameters(merge bool) (map[string]any, error) {
	params, err := t.GetParameters()
	if err != nil || !merge {
		return params, err
	}
	initial, err := t.GetInitParameters()
	if err != nil {
		return nil, err
	}
	keep := func(c *mergo.Config) { c.Overwrite = false }
	return params, mergo.Merge(&params, initial, mergo.WithSliceDeepCopy, keep)
}

// LateInitialize fills spec.forProvider from what was observed. Whether that changes it.
func (t *terraformed) LateInitialize(attrs []byte) (bool, error) {
	observed := reflect.New(t.shape.forProvider).Interface()
	if err := tfjson.TFParser.Unmarshal(attrs, observed); err != nil {
		return false, err
	}
	late := t.shape.config.LateInitializer
	opts := []resource.GenericLateInitializerOption{
		resource.WithZeroValueJSONOmitEmptyFilter(resource.CNameWildcard),
	}
	for _, name := range late.GetIgnoredCanonicalFields() {
		opts = append(opts, resource.WithNameFilter(name))
	}
	if conditional := late.GetConditionalIgnoredCanonicalFields(); len(conditional) > 0 {
		initial, err := t.GetInitParameters()
		if err != nil {
			return false, err
		}
		for _, name := range conditional {
			opts = append(opts, resource.WithConditionalFilter(name, initial))
		}
	}
	return resource.NewGenericLateInitializer(opts...).LateInitialize(t.params.ForProvider, observed)
}

// ResolveReferences is what angryjet of crossplane-tools generates.
func (t *terraformed) ResolveReferences(ctx context.Context, reader client.Reader) error {
	r := t.shape.references
	r.reader, r.from = reader, t.self
	return r.resolve(ctx, t.params)
}

func toTerraform(from any) (map[string]any, error) {
	data, err := tfjson.TFParser.Marshal(from)
	if err != nil {
		return nil, err
	}
	to := map[string]any{}
	return to, tfjson.TFParser.Unmarshal(data, &to)
}

func fromTerraform(from map[string]any, to any) error {
	data, err := tfjson.TFParser.Marshal(from)
	if err != nil {
		return err
	}
	return tfjson.TFParser.Unmarshal(data, to)
}
