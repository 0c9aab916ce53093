package main

import (
	"github.com/crossplane/upjet/v2/pkg/config"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/hashicorp/terraform-plugin-sdk/v2/terraform"
)

// kind is what provider-gcp v3.0.0 configures for one of Terraform's resources. The comments name its files.
type kind struct {
	// The API group, without the root group, and the kind (config/overrides.go, groupMap).
	group, kind string
	// How the external name and the ID come about (config/externalname.go).
	name config.ExternalName
	// Whether the cluster-scoped API is v1beta2 (config/old-singleton-list-apis.txt).
	bumped bool
	// Whether deletion_policy is a field of spec (config/overrides.go, resourcesWithPreexistingDeletionPolicy).
	hadDeletionPolicy bool
	// What the configurator of the kind does.
	configure func(r *config.Resource)
}

const ofProject = "projects/{{ .setup.configuration.project }}/"

var kinds = map[string]kind{
	"google_project": {
		group: "cloudplatform", kind: "Project", name: config.IdentifierFromProvider, hadDeletionPolicy: true,
	},
	"google_project_service": {
		group: "cloudplatform", kind: "ProjectService", name: config.IdentifierFromProvider,
		configure: refers("project", "google_project", ""),
	},
	"google_project_iam_member": {
		group: "cloudplatform", kind: "ProjectIAMMember", name: config.IdentifierFromProvider, bumped: true,
		configure: refers("project", "google_project", ""),
	},
	"google_service_account": {
		group: "cloudplatform", kind: "ServiceAccount",
		name: config.TemplatedStringAsIdentifier("account_id", "projects/{{ if .parameters.project }}{{ .parameters.project }}"+
			"{{ else }}{{ .setup.configuration.project }}{{ end }}/serviceAccounts/{{ .external_name }}@"+
			"{{ if .parameters.project }}{{ .parameters.project }}{{ else }}{{ .setup.configuration.project }}{{ end }}.iam.gserviceaccount.com"),
		configure: refers("project", "google_project", projectID),
	},
	"google_compute_network": {
		group: "compute", kind: "Network",
		name: config.TemplatedStringAsIdentifier("name", ofProject+"global/networks/{{ .external_name }}"),
	},
	"google_compute_subnetwork": {
		group: "compute", kind: "Subnetwork", bumped: true,
		name:      config.TemplatedStringAsIdentifier("name", ofProject+"regions/{{ .parameters.region }}/subnetworks/{{ .external_name }}"),
		configure: both(refers("network", "google_compute_network", ""), requires("region"), withoutRawState),
	},
	"google_compute_router": {
		group: "compute", kind: "Router", bumped: true,
		name:      config.TemplatedStringAsIdentifier("name", ofProject+"regions/{{ .parameters.region }}/routers/{{ .external_name }}"),
		configure: both(refers("network", "google_compute_network", selfLink), requires("region")),
	},
	"google_compute_router_nat": {
		group: "compute", kind: "RouterNAT", bumped: true,
		name: config.TemplatedStringAsIdentifier("name",
			ofProject+"regions/{{ .parameters.region }}/routers/{{ .parameters.router }}/{{ .external_name }}"),
		configure: both(refers("router", "google_compute_router", ""),
			refers("subnetwork.name", "google_compute_subnetwork", ""), requires("region")),
	},
	"google_compute_global_address": {
		group: "compute", kind: "GlobalAddress",
		name:      config.TemplatedStringAsIdentifier("name", ofProject+"global/addresses/{{ .external_name }}"),
		configure: refers("network", "google_compute_network", resourceID),
	},
	"google_kms_key_ring": {
		group: "kms", kind: "KeyRing",
		name: config.TemplatedStringAsIdentifier("name", ofProject+"locations/{{ .parameters.location }}/keyRings/{{ .external_name }}"),
	},
	"google_kms_crypto_key": {
		group: "kms", kind: "CryptoKey", bumped: true,
		name:      config.TemplatedStringAsIdentifier("name", "{{ .parameters.key_ring }}/cryptoKeys/{{ .external_name }}"),
		configure: refers("key_ring", "google_kms_key_ring", resourceID),
	},
	"google_kms_crypto_key_iam_member": {
		group: "kms", kind: "CryptoKeyIAMMember", name: config.IdentifierFromProvider, bumped: true,
		configure: refers("crypto_key_id", "google_kms_crypto_key", resourceID),
	},
	"google_container_cluster": {
		group: "container", kind: "Cluster", bumped: true,
		name:      config.TemplatedStringAsIdentifier("name", ofProject+"locations/{{ .parameters.location }}/clusters/{{ .external_name }}"),
		configure: cluster,
	},
	"google_container_node_pool": {
		group: "container", kind: "NodePool", bumped: true,
		name: config.TemplatedStringAsIdentifier("name",
			"{{ .setup.configuration.project }}/{{ .parameters.location }}/{{ .parameters.cluster }}/{{ .external_name }}"),
		configure: nodePool,
	},
}

func refers(field, terraform, extractor string) func(*config.Resource) {
	return func(r *config.Resource) {
		r.References[field] = config.Reference{TerraformName: terraform, Extractor: extractor}
	}
}

func requires(field string) func(*config.Resource) {
	return func(r *config.Resource) { r.MarkAsRequired(field) }
}

func both(all ...func(*config.Resource)) func(*config.Resource) {
	return func(r *config.Resource) {
		for _, configure := range all {
			configure(r)
		}
	}
}

// cluster is config/cluster/container/config.go.
func cluster(r *config.Resource) {
	r.LateInitializer = config.LateInitializer{IgnoredFields: []string{
		"cluster_ipv4_cidr", "ip_allocation_policy", "node_config", "node_version", "enable_autopilot",
		"workload_identity_config", "addons_config.network_policy_config",
		"addons_config.gcp_filestore_csi_driver_config", "addons_config.gcs_fuse_csi_driver_config",
		"addons_config.dns_cache_config", "default_max_pods_per_node", "cluster_autoscaling.enabled",
		"cluster_autoscaling.resource_limits", "enable_intranode_visibility", "network_policy",
		"enable_shielded_nodes", "logging_config", "monitoring_config", "logging_service", "monitoring_service",
	}}
	config.MoveToStatus(r.TerraformResource, "node_pool")
	refers("network", "google_compute_network", selfLink)(r)
	refers("subnetwork", "google_compute_subnetwork", selfLink)(r)
	refers("private_cluster_config.private_endpoint_subnetwork", "google_compute_subnetwork", selfLink)(r)
	// Injected from the examples of Terraform's documentation: apis/cluster/container/v1beta2/zz_cluster_types.go.
	refers("node_config.service_account", "google_service_account", email)(r)
	r.MarkAsRequired("location")
	state := r.TerraformResource.Schema["database_encryption"].Elem.(*schema.Resource).Schema["state"]
	state.ValidateFunc = nil
	state.DiffSuppressFunc = func(_, old, new string, _ *schema.ResourceData) bool {
		return old == "ALL_OBJECTS_ENCRYPTION_ENABLED" && new == "ENCRYPTED" ||
			old == "ENCRYPTED" && new == "ALL_OBJECTS_ENCRYPTION_ENABLED"
	}
	r.TerraformCustomDiff = func(diff *terraform.InstanceDiff, _ *terraform.InstanceState, _ *terraform.ResourceConfig) (*terraform.InstanceDiff, error) {
		if diff != nil && !diff.Destroy {
			delete(diff.Attributes, "autopilot_cluster_policy_config.#")
		}
		return diff, nil
	}
}

// nodePool is config/cluster/container/config.go.
func nodePool(r *config.Resource) {
	r.LateInitializer = config.LateInitializer{IgnoredFields: []string{"version", "node_count", "initial_node_count"}}
	refers("cluster", "google_container_cluster", resourceID)(r)
	refers("node_config.service_account", "google_service_account", email)(r)
	r.TerraformCustomDiff = func(diff *terraform.InstanceDiff, _ *terraform.InstanceState, _ *terraform.ResourceConfig) (*terraform.InstanceDiff, error) {
		if diff == nil || diff.Destroy {
			return diff, nil
		}
		for _, block := range []string{"placement_policy.#", "autoscaling.#", "queued_provisioning.#"} {
			if d, ok := diff.Attributes[block]; ok && d.Old == "" && d.New == "" {
				delete(diff.Attributes, block)
			}
		}
		if d, ok := diff.Attributes["initial_node_count"]; ok && d.Old != "" {
			delete(diff.Attributes, "initial_node_count")
		}
		return diff, nil
	}
}
