package main

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/fieldpath"
	xpresource "github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"github.com/crossplane/upjet/v2/pkg/terraform"
	"github.com/hashicorp/terraform-provider-google/google/registry"
	transport "github.com/hashicorp/terraform-provider-google/google/transport"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/function-xcluster/function-xcluster/tools/providers/drive"
)

// How often Terraform asks whether an operation is done. A user's provider asks every 10 seconds.
const poll = 10 * time.Millisecond

type (
	project            struct{}
	projectService     struct{}
	projectIAMMember   struct{}
	serviceAccount     struct{}
	network            struct{}
	subnetwork         struct{}
	router             struct{}
	routerNAT          struct{}
	globalAddress      struct{}
	keyRing            struct{}
	cryptoKey          struct{}
	cryptoKeyIAMMember struct{}
	gke                struct{}
	pool               struct{}
)

func newProvider(endpoint, projectName string) (*drive.Provider, error) {
	p := drive.New(&drive.Definition{
		Name:      "gcp",
		Resources: kinds,
		Terraform: registry.Resource,
		Configure: configure,
		Extract:   extractors,
		Setup:     setup(endpoint, projectName),
	})
	drive.Add[project](p, "google_project")
	drive.Add[projectService](p, "google_project_service")
	drive.Add[projectIAMMember](p, "google_project_iam_member")
	drive.Add[serviceAccount](p, "google_service_account")
	drive.Add[network](p, "google_compute_network")
	drive.Add[subnetwork](p, "google_compute_subnetwork")
	drive.Add[router](p, "google_compute_router")
	drive.Add[routerNAT](p, "google_compute_router_nat")
	drive.Add[globalAddress](p, "google_compute_global_address")
	drive.Add[keyRing](p, "google_kms_key_ring")
	drive.Add[cryptoKey](p, "google_kms_crypto_key")
	drive.Add[cryptoKeyIAMMember](p, "google_kms_crypto_key_iam_member")
	drive.Add[gke](p, "google_container_cluster")
	drive.Add[pool](p, "google_container_node_pool")
	return p, nil
}

// setup is internal/clients/gcp.go of provider-gcp without its credentials: the client has none, and each of Google's
// APIs is at a path of the endpoint that is the host of the real one.
func setup(endpoint, projectName string) terraform.SetupFn {
	ctx := context.Background()
	endpoints := map[string]string{}
	for _, product := range registry.ListProducts() {
		at, err := at(endpoint, product.BaseUrl)
		if err != nil {
			panic(err)
		}
		endpoints[product.CustomEndpointField] = at
	}
	return func(_ context.Context, _ client.Client, mg xpresource.Managed) (terraform.Setup, error) {
		of := projectName
		paved, err := fieldpath.PaveObject(mg)
		if err != nil {
			return terraform.Setup{}, err
		}
		// TerraformSetupBuilder: an object's own project stands before the provider configuration's.
		if own, err := paved.GetString("spec.forProvider.project"); err == nil && own != "" {
			of = own
		}
		config := &transport.Config{
			Project:         of,
			CustomEndpoints: endpoints,
			Client:          &http.Client{Transport: transport.NewTransportWithDefaultRetries(http.DefaultTransport)},
			UserAgent:       "provider-gcp",
			Context:         ctx,
			PollInterval:    poll,
			BatchingConfig:  &transport.BatchingConfig{SendAfter: poll, EnableBatching: true},
		}
		config.RequestBatcherServiceUsage = transport.NewRequestBatcher("Service Usage", ctx, config.BatchingConfig)
		config.RequestBatcherIam = transport.NewRequestBatcher("IAM", ctx, config.BatchingConfig)
		return terraform.Setup{Configuration: map[string]any{"project": of}, Meta: config}, nil
	}
}

// at is where an API is on the endpoint: its host is the first part of the path.
func at(endpoint, api string) (string, error) {
	u, err := url.Parse(api)
	if err != nil {
		return "", err
	}
	return endpoint + "/" + u.Host + u.Path, nil
}
