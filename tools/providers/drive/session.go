package drive

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"sort"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/logging"
	xpresource "github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"github.com/crossplane/upjet/v2/pkg/resource"
	corev1 "k8s.io/api/core/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/uuid"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
)

// How often it is looked whether an operation has ended.
const look = 2 * time.Millisecond

// session is a running provider with the managed resources that it has to do with.
type session struct {
	provider    *Provider
	kube        client.Client
	controllers *controllers
	log         logging.Logger
	objects     map[objectKey]bool
	// What reconcilers panicked with in the last round.
	panics []string
}

type objectKey struct {
	kindKey
	types.NamespacedName
}

func newSession(p *Provider, log logging.Logger) (*session, error) {
	if err := corev1.AddToScheme(p.scheme); err != nil {
		return nil, err
	}
	kube := newKube(p)
	return &session{
		provider:    p,
		kube:        kube,
		controllers: newControllers(p, kube, log),
		log:         log,
		objects:     map[objectKey]bool{},
	}, nil
}

// put brings objects to what Crossplane and people made of them: all but their status, as by the main
// resource of an API server. One with a deletion timestamp is deleted.
func (s *session) put(ctx context.Context, objects []json.RawMessage) error {
	for _, raw := range objects {
		var header unstructured.Unstructured
		if err := header.UnmarshalJSON(raw); err != nil {
			return err
		}
		object, key, err := s.typed(&header)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(raw, object); err != nil {
			return fmt.Errorf("%s %s: %w", key.kind, key.Name, err)
		}
		if err := s.write(ctx, object, key); err != nil {
			return fmt.Errorf("%s %s: %w", key.kind, key.Name, err)
		}
	}
	return nil
}

func (s *session) write(ctx context.Context, object client.Object, key objectKey) error {
	deleted := object.GetDeletionTimestamp() != nil
	had := object.DeepCopyObject().(client.Object)
	switch err := s.kube.Get(ctx, key.NamespacedName, had); {
	case kerrors.IsNotFound(err):
		object.SetResourceVersion("")
		object.SetDeletionTimestamp(nil)
		object.SetUID(uuid.NewUUID())
		if err := s.kube.Create(ctx, object); err != nil {
			return err
		}
	case err != nil:
		return err
	default:
		object.SetResourceVersion(had.GetResourceVersion())
		object.SetUID(had.GetUID())
		object.SetDeletionTimestamp(had.GetDeletionTimestamp())
		if !reflect.DeepEqual(withoutStatus(object), withoutStatus(had)) {
			if err := s.kube.Update(ctx, object); err != nil {
				return err
			}
		}
	}
	s.objects[key] = true
	if deleted {
		return s.kube.Delete(ctx, object)
	}
	return nil
}

func withoutStatus(object any) map[string]any {
	var fields map[string]any
	data, err := json.Marshal(object)
	if err == nil {
		err = json.Unmarshal(data, &fields)
	}
	if err != nil {
		panic(err)
	}
	delete(fields, "status")
	return fields
}

// typed is an empty object of a kind.
func (s *session) typed(header *unstructured.Unstructured) (client.Object, objectKey, error) {
	gvk := header.GroupVersionKind()
	key := objectKey{kindKey{gvk.Group, gvk.Kind}, client.ObjectKeyFromObject(header)}
	object, err := s.provider.scheme.New(gvk)
	if err != nil {
		return nil, key, fmt.Errorf("no kind %s: %w", gvk, err)
	}
	return object.(client.Object), key, nil
}

// round reconciles each managed resource once, and waits until no operation runs if that is asked for.
func (s *session) round(ctx context.Context, wait time.Duration) error {
	s.panics = nil
	for _, key := range s.sorted() {
		// What the reconciler returns is for its queue. What it has to say is in the object's conditions.
		if err := s.reconcile(ctx, key); err != nil && !kerrors.IsConflict(err) {
			s.log.Info("cannot reconcile", "kind", key.kind, "name", key.Name, "error", err)
		}
	}
	if wait == 0 {
		return nil
	}
	objects, err := s.all(ctx)
	if err != nil {
		return err
	}
	for deadline := time.Now().Add(wait); ; time.Sleep(look) {
		running := s.running(objects)
		if len(running) == 0 {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("after %s there still run operations of %v", wait, running)
		}
	}
}

// reconcile calls an object's reconciler. One that panics is called again the next time, as by
// controller-runtime.
func (s *session) reconcile(ctx context.Context, key objectKey) (err error) {
	defer func() {
		if p := recover(); p != nil {
			s.panics = append(s.panics, fmt.Sprintf("%s %s: %v", key.kind, key.Name, p))
		}
	}()
	_, err = s.controllers.reconciler[key.kindKey].Reconcile(ctx, reconcile.Request{NamespacedName: key.NamespacedName})
	return err
}

func (s *session) sorted() []objectKey {
	keys := make([]objectKey, 0, len(s.objects))
	for key := range s.objects {
		keys = append(keys, key)
	}
	sort.Slice(keys, func(i, j int) bool { return fmt.Sprint(keys[i]) < fmt.Sprint(keys[j]) })
	return keys
}

// running has those of some objects with an operation of Terraform's under way.
func (s *session) running(objects []resource.Terraformed) []string {
	var running []string
	for _, object := range objects {
		if s.controllers.trackers.Tracker(object).LastOperation.IsRunning() {
			running = append(running, object.GetObjectKind().GroupVersionKind().Kind+" "+object.GetName())
		}
	}
	if n := s.controllers.callbacks.Load(); n > 0 {
		running = append(running, fmt.Sprintf("%d callbacks", n))
	}
	return running
}

// get is an object as it stands; nil when it is gone.
func (s *session) get(ctx context.Context, key objectKey) (resource.Terraformed, error) {
	for _, k := range s.provider.kinds {
		if k.gvk.Group != key.group || k.gvk.Kind != key.kind {
			continue
		}
		object := xpresource.MustCreateObject(k.gvk, s.provider.scheme).(resource.Terraformed)
		err := s.kube.Get(ctx, key.NamespacedName, object)
		if kerrors.IsNotFound(err) {
			return nil, nil
		}
		object.GetObjectKind().SetGroupVersionKind(k.gvk)
		return object, err
	}
	return nil, fmt.Errorf("no kind %s", key.kind)
}

// all are the objects that there are. What is gone is forgotten.
func (s *session) all(ctx context.Context) ([]resource.Terraformed, error) {
	var all []resource.Terraformed
	for _, key := range s.sorted() {
		object, err := s.get(ctx, key)
		if err != nil {
			return nil, err
		}
		if object == nil {
			delete(s.objects, key)
			continue
		}
		all = append(all, object)
	}
	return all, nil
}
