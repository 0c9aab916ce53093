package drive

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/logging"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	xpresource "github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource/fake"
	"github.com/crossplane/upjet/v2/pkg/controller"
	"github.com/crossplane/upjet/v2/pkg/terraform"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
)

// A managed reconciler waits this long, and not by a round, for what it has just made to be found.
const grace = time.Millisecond

// controllers are the reconcilers of one process of a provider: it knows nothing of an earlier one.
type controllers struct {
	trackers   *controller.OperationTrackerStore
	reconciler map[kindKey]reconcile.Reconciler
	callbacks  atomic.Int32
}

type kindKey struct{ group, kind string }

// newControllers does for each kind what the generated Setup does: config/templates/controller.go.tmpl of
// the providers, without a queue. Who asks for a round is the queue.
func newControllers(p *Provider, kube client.Client, log logging.Logger) *controllers {
	c := &controllers{
		trackers:   controller.NewOperationStore(log),
		reconciler: map[kindKey]reconcile.Reconciler{},
	}
	mgr := &fake.Manager{Client: kube, Scheme: p.scheme}
	for _, k := range p.kinds {
		of := xpresource.ManagedKind(k.gvk)
		callbacks := &counted{
			CallbackProvider: controller.NewAPICallbacks(mgr, of, controller.WithStatusUpdates(false)),
			running:          &c.callbacks,
		}
		var initializers managed.InitializerChain
		for _, initializer := range k.config.InitializerFns {
			initializers = append(initializers, initializer(kube))
		}
		if !k.config.ExternalName.DisableNameInitializer {
			initializers = append(initializers, managed.NewNameAsExternalName(kube))
		}
		c.reconciler[kindKey{k.gvk.Group, k.gvk.Kind}] = managed.NewReconciler(mgr, of,
			managed.WithExternalConnector(controller.NewTerraformPluginSDKAsyncConnector(kube, c.trackers, p.setup, k.config,
				controller.WithTerraformPluginSDKAsyncLogger(log),
				controller.WithTerraformPluginSDKAsyncCallbackProvider(callbacks),
				controller.WithTerraformPluginSDKAsyncManagementPolicies(true),
			)),
			managed.WithLogger(log),
			managed.WithFinalizer(controller.NewOperationTrackerFinalizer(c.trackers,
				xpresource.NewAPIFinalizer(kube, managed.FinalizerName))),
			managed.WithTimeout(3*time.Minute),
			managed.WithInitializers(initializers),
			managed.WithManagementPolicies(),
			managed.WithCreationGracePeriod(grace),
		)
	}
	return c
}

// counted counts the callbacks that run.
type counted struct {
	controller.CallbackProvider
	running *atomic.Int32
}

func (c *counted) wrap(inner terraform.CallbackFn) terraform.CallbackFn {
	return func(err error, ctx context.Context) error {
		c.running.Add(1)
		defer c.running.Add(-1)
		return inner(err, ctx)
	}
}

// Create is called when an asynchronous creation has ended.
func (c *counted) Create(n types.NamespacedName, requeue bool) terraform.CallbackFn {
	return c.wrap(c.CallbackProvider.Create(n, requeue))
}

// Update is called when an asynchronous update has ended.
func (c *counted) Update(n types.NamespacedName, requeue bool) terraform.CallbackFn {
	return c.wrap(c.CallbackProvider.Update(n, requeue))
}

// Destroy is called when an asynchronous deletion has ended.
func (c *counted) Destroy(n types.NamespacedName, requeue bool) terraform.CallbackFn {
	return c.wrap(c.CallbackProvider.Destroy(n, requeue))
}
