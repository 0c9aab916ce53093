package drive

import (
	"context"
	"encoding/json"
	"reflect"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
)

// kube is an API server in memory: controller-runtime's fake one, which tracks field managers, conflicts and
// finalizers. That keeps objects without types, as an API server keeps custom resources; this converts.
type kube struct {
	client.Client
	scheme *runtime.Scheme
}

func newKube(p *Provider) *kube {
	build := fake.NewClientBuilder().WithScheme(runtime.NewScheme())
	for _, k := range p.kinds {
		object := &unstructured.Unstructured{}
		object.SetGroupVersionKind(k.gvk)
		build = build.WithStatusSubresource(object)
	}
	return &kube{Client: build.Build(), scheme: p.scheme}
}

// Scheme has the types that providers use.
func (k *kube) Scheme() *runtime.Scheme { return k.scheme }

func (k *kube) untyped(object client.Object) (*unstructured.Unstructured, error) {
	gvk, err := apiutil.GVKForObject(object, k.scheme)
	if err != nil {
		return nil, err
	}
	data, err := json.Marshal(object)
	if err != nil {
		return nil, err
	}
	fields := map[string]any{}
	if err := json.Unmarshal(data, &fields); err != nil {
		return nil, err
	}
	u := &unstructured.Unstructured{Object: fields}
	u.SetGroupVersionKind(gvk)
	return u, nil
}

// do calls an operation with an object without types, and reads its outcome back.
func (k *kube) do(object client.Object, call func(u *unstructured.Unstructured) error) error {
	u, err := k.untyped(object)
	if err != nil {
		return err
	}
	if err := call(u); err != nil {
		return err
	}
	data, err := u.MarshalJSON()
	if err != nil {
		return err
	}
	// Without this what the API server does not have any more would stay.
	if known, ok := object.(interface{ reset() }); ok {
		known.reset()
	}
	return json.Unmarshal(data, object)
}

// Get an object.
func (k *kube) Get(ctx context.Context, key client.ObjectKey, object client.Object, opts ...client.GetOption) error {
	return k.do(object, func(u *unstructured.Unstructured) error { return k.Client.Get(ctx, key, u, opts...) })
}

// Create an object.
func (k *kube) Create(ctx context.Context, object client.Object, opts ...client.CreateOption) error {
	return k.do(object, func(u *unstructured.Unstructured) error { return k.Client.Create(ctx, u, opts...) })
}

// Update an object.
func (k *kube) Update(ctx context.Context, object client.Object, opts ...client.UpdateOption) error {
	return k.do(object, func(u *unstructured.Unstructured) error {
		whole := func(u *unstructured.Unstructured) any { return plain(u.Object) }
		return k.unlessSame(ctx, u, whole, func() error { return k.Client.Update(ctx, u, opts...) })
	})
}

// unlessSame writes what changes the part of an object that is written. API servers keep the resource version of one that
// does not change; the fake one counts every write.
func (k *kube) unlessSame(ctx context.Context, u *unstructured.Unstructured, part func(*unstructured.Unstructured) any, write func() error) error {
	now := &unstructured.Unstructured{}
	now.SetGroupVersionKind(u.GroupVersionKind())
	if err := k.Client.Get(ctx, client.ObjectKeyFromObject(u), now); err != nil {
		return err
	}
	now.SetManagedFields(nil)
	u.SetManagedFields(nil)
	if reflect.DeepEqual(part(now), part(u)) {
		u.Object = now.Object
		return nil
	}
	return write()
}

// plain is an object as JSON has it: numbers of one type, and nothing that is empty.
func plain(object any) any {
	data, err := json.Marshal(object)
	if err != nil {
		return err
	}
	var fields any
	if err := json.Unmarshal(data, &fields); err != nil {
		return err
	}
	return fields
}

// Patch an object.
func (k *kube) Patch(ctx context.Context, object client.Object, patch client.Patch, opts ...client.PatchOption) error {
	data, err := patch.Data(object)
	if err != nil {
		return err
	}
	raw := client.RawPatch(patch.Type(), data)
	return k.do(object, func(u *unstructured.Unstructured) error { return k.Client.Patch(ctx, u, raw, opts...) })
}

// Delete an object.
func (k *kube) Delete(ctx context.Context, object client.Object, opts ...client.DeleteOption) error {
	u, err := k.untyped(object)
	if err != nil {
		return err
	}
	return k.Client.Delete(ctx, u, opts...)
}

// Status has the writes of status.
func (k *kube) Status() client.SubResourceWriter {
	return &statusWriter{SubResourceWriter: k.Client.Status(), kube: k}
}

type statusWriter struct {
	client.SubResourceWriter
	kube *kube
}

// Update an object's status.
func (s *statusWriter) Update(ctx context.Context, object client.Object, opts ...client.SubResourceUpdateOption) error {
	return s.kube.do(object, func(u *unstructured.Unstructured) error {
		status := func(u *unstructured.Unstructured) any { return plain(u.Object["status"]) }
		return s.kube.unlessSame(ctx, u, status, func() error { return s.SubResourceWriter.Update(ctx, u, opts...) })
	})
}

// Patch an object's status.
func (s *statusWriter) Patch(ctx context.Context, object client.Object, patch client.Patch, opts ...client.SubResourcePatchOption) error {
	data, err := patch.Data(object)
	if err != nil {
		return err
	}
	raw := client.RawPatch(patch.Type(), data)
	return s.kube.do(object, func(u *unstructured.Unstructured) error {
		return s.SubResourceWriter.Patch(ctx, u, raw, opts...)
	})
}
