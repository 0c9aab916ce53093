package drive

import (
	"context"
	"fmt"
	"reflect"
	"sort"
	"strings"

	xpv1 "github.com/crossplane/crossplane-runtime/v2/apis/common/v1"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reference"
	xpresource "github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"github.com/crossplane/upjet/v2/pkg/config"
	"github.com/crossplane/upjet/v2/pkg/resource"
	"github.com/crossplane/upjet/v2/pkg/types/name"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// references resolves the references of a managed resource as crossplane-tools' angryjet generates it:
// each field of spec.forProvider, then of spec.initProvider.
type references struct {
	reader client.Reader
	from   xpresource.Managed
	config *config.Resource
	// The kinds of the object's scope, by their names in Terraform.
	target  func(terraform string) (xpresource.Managed, error)
	extract map[string]reference.ExtractValueFn
}

func (r *references) resolve(ctx context.Context, params *parameters) error {
	paths := make([]string, 0, len(r.config.References))
	for path := range r.config.References {
		paths = append(paths, path)
	}
	sort.Strings(paths)
	for _, part := range []struct {
		name string
		at   any
	}{{"ForProvider", params.ForProvider}, {"InitProvider", params.InitProvider}} {
		for _, path := range paths {
			ref := r.config.References[path]
			fields := strings.Split(path, ".")
			err := r.walk(ctx, reflect.ValueOf(part.at), fields, ref)
			if err != nil {
				return fmt.Errorf("mg.Spec.%s.%s: %w", part.name, path, err)
			}
		}
	}
	return nil
}

// walk goes down a path, through the elements of lists, to the structs with the last field.
func (r *references) walk(ctx context.Context, at reflect.Value, path []string, ref config.Reference) error {
	switch at.Kind() {
	case reflect.Pointer:
		if at.IsNil() {
			return nil
		}
		return r.walk(ctx, at.Elem(), path, ref)
	case reflect.Slice:
		for i := range at.Len() {
			if err := r.walk(ctx, at.Index(i), path, ref); err != nil {
				return err
			}
		}
		return nil
	case reflect.Struct:
		field := at.FieldByName(name.NewFromSnake(path[0]).Camel)
		if !field.IsValid() {
			return nil
		}
		if len(path) > 1 {
			return r.walk(ctx, field, path[1:], ref)
		}
		return r.field(ctx, at, path[0], ref)
	default:
		return nil
	}
}

// field resolves one field of a struct.
func (r *references) field(ctx context.Context, in reflect.Value, snake string, ref config.Reference) error {
	n := name.NewFromSnake(snake)
	field := in.FieldByName(n.Camel)
	many := field.Kind() == reflect.Slice
	refs := in.FieldByName(name.ReferenceFieldName(n, many, ref.RefFieldName).Camel)
	selector := in.FieldByName(name.SelectorFieldName(n, ref.SelectorFieldName).Camel)
	if !refs.IsValid() || !selector.IsValid() {
		return fmt.Errorf("the field %s has no reference", n.Camel)
	}
	extract := reference.ExternalName()
	if ref.Extractor != "" {
		known, ok := r.extract[ref.Extractor]
		if !ok {
			return fmt.Errorf("no extractor %s", ref.Extractor)
		}
		extract = known
	}
	target, err := r.target(ref.TerraformName)
	if err != nil {
		// A kind that is not referred to need not be known.
		if refs.IsZero() && selector.IsZero() {
			return nil
		}
		return err
	}
	to := reference.To{Managed: target, List: &managedList{}}
	namespace := r.from.GetNamespace()
	switch refs := refs.Addr().Interface().(type) {
	case **xpv1.Reference:
		rsp, err := reference.NewAPIResolver(r.reader, r.from).Resolve(ctx, reference.ResolutionRequest{
			CurrentValue: reference.FromPtrValue(field.Interface().(*string)),
			Reference:    *refs,
			Selector:     selector.Interface().(*xpv1.Selector),
			To:           to,
			Extract:      extract,
			Namespace:    namespace,
		})
		if err != nil {
			return err
		}
		field.Set(reflect.ValueOf(reference.ToPtrValue(rsp.ResolvedValue)))
		*refs = rsp.ResolvedReference
	case *[]xpv1.Reference:
		rsp, err := reference.NewAPIResolver(r.reader, r.from).ResolveMultiple(ctx, reference.MultiResolutionRequest{
			CurrentValues: reference.FromPtrValues(field.Interface().([]*string)),
			References:    *refs,
			Selector:      selector.Interface().(*xpv1.Selector),
			To:            to,
			Extract:       extract,
			Namespace:     namespace,
		})
		if err != nil {
			return err
		}
		field.Set(reflect.ValueOf(reference.ToPtrValues(rsp.ResolvedValues)))
		*refs = rsp.ResolvedReferences
	case **xpv1.NamespacedReference:
		rsp, err := reference.NewAPINamespacedResolver(r.reader, r.from).Resolve(ctx, reference.NamespacedResolutionRequest{
			CurrentValue: reference.FromPtrValue(field.Interface().(*string)),
			Reference:    *refs,
			Selector:     selector.Interface().(*xpv1.NamespacedSelector),
			To:           to,
			Extract:      extract,
			Namespace:    namespace,
		})
		if err != nil {
			return err
		}
		field.Set(reflect.ValueOf(reference.ToPtrValue(rsp.ResolvedValue)))
		*refs = rsp.ResolvedReference
	case *[]xpv1.NamespacedReference:
		rsp, err := reference.NewAPINamespacedResolver(r.reader, r.from).ResolveMultiple(ctx, reference.MultiNamespacedResolutionRequest{
			CurrentValues: reference.FromPtrValues(field.Interface().([]*string)),
			References:    *refs,
			Selector:      selector.Interface().(*xpv1.NamespacedSelector),
			To:            to,
			Extract:       extract,
			Namespace:     namespace,
		})
		if err != nil {
			return err
		}
		field.Set(reflect.ValueOf(reference.ToPtrValues(rsp.ResolvedValues)))
		*refs = rsp.ResolvedReferences
	default:
		return fmt.Errorf("no reference of type %T", refs)
	}
	return nil
}

// managedList is the list of a kind that only selectors ask for. This program resolves none.
type managedList struct{ list }

// GetItems of the list.
func (l *managedList) GetItems() []xpresource.Managed { return nil }

// ResourceID is how upjet reads the Terraform ID of what is referred to.
func ResourceID(mg xpresource.Managed) string {
	tr, ok := mg.(resource.Terraformed)
	if !ok {
		return ""
	}
	return tr.GetID()
}
