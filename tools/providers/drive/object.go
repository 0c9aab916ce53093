package drive

import (
	"encoding/json"
	"reflect"

	xpv1 "github.com/crossplane/crossplane-runtime/v2/apis/common/v1"
	xpv2 "github.com/crossplane/crossplane-runtime/v2/apis/common/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Legacy is a cluster-scoped managed resource. K is any type that stands for its kind alone.
type Legacy[K any] struct {
	terraformed `json:",inline"`
	Spec        legacySpec `json:"spec"`
}

// Modern is a namespaced managed resource. K is any type that stands for its kind alone.
type Modern[K any] struct {
	terraformed `json:",inline"`
	Spec        modernSpec `json:"spec"`
}

type legacySpec struct {
	xpv1.ResourceSpec `json:",inline"`
	parameters        `json:",inline"`
}

type modernSpec struct {
	xpv2.ManagedResourceSpec `json:",inline"`
	parameters               `json:",inline"`
}

// Parameters hold pointers to structs of the kind's shape.
type parameters struct {
	ForProvider  any `json:"forProvider"`
	InitProvider any `json:"initProvider,omitempty"`
}

type status struct {
	xpv1.ResourceStatus `json:",inline"`
	AtProvider          any `json:"atProvider,omitempty"`
}

// shapes of the kinds that were registered, by the Go types of their objects.
var shapes = map[reflect.Type]*shape{}

func (o *Legacy[K]) reset() {
	*o = Legacy[K]{}
	o.prepare(o, shapes[reflect.TypeFor[Legacy[K]]()], &o.Spec.parameters)
}

func (o *Modern[K]) reset() {
	*o = Modern[K]{}
	o.prepare(o, shapes[reflect.TypeFor[Modern[K]]()], &o.Spec.parameters)
}

// UnmarshalJSON reads the object into structs of its kind's shape, beside what is in them already. What they do not have
// is dropped, as API servers drop it.
func (o *Legacy[K]) UnmarshalJSON(data []byte) error {
	type plain Legacy[K]
	if o.shape == nil {
		o.reset()
	}
	return json.Unmarshal(data, (*plain)(o))
}

// UnmarshalJSON reads the object into structs of its kind's shape, beside what is in them already. What they do not have
// is dropped, as API servers drop it.
func (o *Modern[K]) UnmarshalJSON(data []byte) error {
	type plain Modern[K]
	if o.shape == nil {
		o.reset()
	}
	return json.Unmarshal(data, (*plain)(o))
}

// DeepCopyObject copies the object.
func (o *Legacy[K]) DeepCopyObject() runtime.Object { return copyOf(o, &Legacy[K]{}) }

// DeepCopyObject copies the object.
func (o *Modern[K]) DeepCopyObject() runtime.Object { return copyOf(o, &Modern[K]{}) }

func copyOf(from, to runtime.Object) runtime.Object {
	data, err := json.Marshal(from)
	if err == nil {
		err = json.Unmarshal(data, to)
	}
	if err != nil {
		panic(err)
	}
	return to
}

// Equal compares what API servers see of the objects.
func (o *Legacy[K]) Equal(p *Legacy[K]) bool { return same(o, p) }

// Equal compares what API servers see of the objects.
func (o *Modern[K]) Equal(p *Modern[K]) bool { return same(o, p) }

func same(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}

// GetManagementPolicies of the managed resource.
func (o *Legacy[K]) GetManagementPolicies() xpv1.ManagementPolicies {
	return o.Spec.ManagementPolicies
}

// SetManagementPolicies of the managed resource.
func (o *Legacy[K]) SetManagementPolicies(p xpv1.ManagementPolicies) { o.Spec.ManagementPolicies = p }

// GetProviderConfigReference of the managed resource.
func (o *Legacy[K]) GetProviderConfigReference() *xpv1.Reference {
	return o.Spec.ProviderConfigReference
}

// SetProviderConfigReference of the managed resource.
func (o *Legacy[K]) SetProviderConfigReference(r *xpv1.Reference) {
	o.Spec.ProviderConfigReference = r
}

// GetWriteConnectionSecretToReference of the managed resource.
func (o *Legacy[K]) GetWriteConnectionSecretToReference() *xpv1.SecretReference {
	return o.Spec.WriteConnectionSecretToReference
}

// SetWriteConnectionSecretToReference of the managed resource.
func (o *Legacy[K]) SetWriteConnectionSecretToReference(r *xpv1.SecretReference) {
	o.Spec.WriteConnectionSecretToReference = r
}

// GetDeletionPolicy of the managed resource.
func (o *Legacy[K]) GetDeletionPolicy() xpv1.DeletionPolicy { return o.Spec.DeletionPolicy }

// SetDeletionPolicy of the managed resource.
func (o *Legacy[K]) SetDeletionPolicy(p xpv1.DeletionPolicy) { o.Spec.DeletionPolicy = p }

// GetManagementPolicies of the managed resource.
func (o *Modern[K]) GetManagementPolicies() xpv1.ManagementPolicies {
	return o.Spec.ManagementPolicies
}

// SetManagementPolicies of the managed resource.
func (o *Modern[K]) SetManagementPolicies(p xpv1.ManagementPolicies) { o.Spec.ManagementPolicies = p }

// GetProviderConfigReference of the managed resource.
func (o *Modern[K]) GetProviderConfigReference() *xpv1.ProviderConfigReference {
	return o.Spec.ProviderConfigReference
}

// SetProviderConfigReference of the managed resource.
func (o *Modern[K]) SetProviderConfigReference(r *xpv1.ProviderConfigReference) {
	o.Spec.ProviderConfigReference = r
}

// GetWriteConnectionSecretToReference of the managed resource.
func (o *Modern[K]) GetWriteConnectionSecretToReference() *xpv1.LocalSecretReference {
	return o.Spec.WriteConnectionSecretToReference
}

// SetWriteConnectionSecretToReference of the managed resource.
func (o *Modern[K]) SetWriteConnectionSecretToReference(r *xpv1.LocalSecretReference) {
	o.Spec.WriteConnectionSecretToReference = r
}

// list stands in a reference's resolution for the list of a kind, which only selectors need.
type list struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata"`
}

// DeepCopyObject copies the list.
func (l *list) DeepCopyObject() runtime.Object {
	c := *l
	return &c
}
