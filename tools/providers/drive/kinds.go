// Package drive runs Crossplane providers in one process, without an API server: crossplane-runtime's
// managed reconciler, upjet's external clients and Terraform's resources, each as it is. What a provider
// generates from its configuration is made when the program starts.
package drive

import (
	"fmt"
	"reflect"

	"github.com/crossplane/crossplane-runtime/v2/pkg/reference"
	xpresource "github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"github.com/crossplane/upjet/v2/pkg/config"
	"github.com/crossplane/upjet/v2/pkg/terraform"
	ujtypes "github.com/crossplane/upjet/v2/pkg/types"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Scope is one of a provider's two sets of kinds.
type Scope int

const (
	// Cluster is the scope of kinds such as eks.aws.upbound.io/v1beta1.
	Cluster Scope = iota
	// Namespaced is the scope of kinds such as eks.aws.m.upbound.io/v1beta1.
	Namespaced
)

// Provider is a provider's configuration: its kinds, how they refer to each other, and its clients.
type Provider struct {
	// Upjet's configurations, by scope: the namespaced one has a root group of its own.
	configs map[Scope]*config.Provider
	// The configurations that a provider's code is generated from. They share no schema, as those in a JSON
	// document do not. In a running provider kinds do, and what one kind changes in it reaches the other.
	sources map[Scope]*config.Provider
	extract map[string]reference.ExtractValueFn
	setup   terraform.SetupFn
	kinds   []kind
	scheme  *runtime.Scheme
}

// Kind is one kind in one scope.
type kind struct {
	gvk    schema.GroupVersionKind
	scope  Scope
	config *config.Resource
}

// Add registers a kind in both scopes. K is any type that stands for it alone.
func Add[K any](p *Provider, terraform string) {
	add(p, terraform, Cluster, ujtypes.CRDScopeCluster, func() xpresource.Managed { return &Legacy[K]{} })
	add(p, terraform, Namespaced, ujtypes.CRDScopeNamespaced, func() xpresource.Managed { return &Modern[K]{} })
}

func add(p *Provider, terraform string, scope Scope, crd ujtypes.CRDScope, object func() xpresource.Managed) {
	provider := p.configs[scope]
	r, ok := provider.Resources[terraform]
	if !ok {
		panic("no configuration of " + terraform)
	}
	s, err := newShape(p.sources[scope].Resources[terraform], r, crd)
	if err != nil {
		panic(err)
	}
	o := object()
	s.references = references{
		config:  r,
		extract: p.extract,
		target:  func(terraform string) (xpresource.Managed, error) { return p.target(scope, terraform) },
	}
	shapes[reflect.TypeOf(o).Elem()] = s
	gvk := schema.GroupVersionKind{Group: r.ShortGroup + "." + provider.RootGroup, Version: r.Version, Kind: r.Kind}
	p.scheme.AddKnownTypeWithName(gvk, o)
	p.kinds = append(p.kinds, kind{gvk: gvk, scope: scope, config: r})
}

func (p *Provider) target(scope Scope, terraform string) (xpresource.Managed, error) {
	for _, k := range p.kinds {
		if k.scope == scope && k.config.Name == terraform {
			return xpresource.MustCreateObject(k.gvk, p.scheme).(xpresource.Managed), nil
		}
	}
	return nil, fmt.Errorf("no kind for %s", terraform)
}
