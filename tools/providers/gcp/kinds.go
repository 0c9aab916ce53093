package main

import (
	"github.com/crossplane/upjet/v2/pkg/config"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/hashicorp/terraform-plugin-sdk/v2/terraform"

	"github.com/function-xcluster/function-xcluster/tools/providers/drive"
)

const ofProject = "projects/{{ .setup.configuration.project }}/"

var kinds = map[string]drive.Resource{
	"google_project": {
		Group: "cloudplatform", Kind: "Project", Name: config.IdentifierFromProvider,
	},
	"google_project_service": {
		Group: "cloudplatform", Kind: "ProjectService", Name: config.IdentifierFromProvider,
		Configure: drive.Refers("project", "google_project", ""),
	},
	"google_project_iam_member": {
		Group: "cloudplatform", Kind: "ProjectIAMMember", Name: config.IdentifierFromProvider, Bumped: true,
		Configure: drive.Refers("project", "google_project", ""),
	},
	"google_service_account": {
		Group: "cloudplatform", Kind: "ServiceAccount",
		Name: config.TemplatedStringAsIdentifier("account_id", "projects/{{ if .parameters.project }}{{ .parameters.project }}"+
			"{{ else }}{{ .setup.configuration.project }}{{ end }}/serviceAccounts/{{ .external_name }}@"+
			"{{ if .parameters.project }}{{ .parameters.project }}{{ else }}{{ .setup.configuration.project }}{{ end }}.iam.gserviceaccount.com"),
		Configure: drive.Refers("project", "google_project", projectID),
	},
	"google_compute_network": {
		Group: "compute", Kind: "Network",
		Name: config.TemplatedStringAsIdentifier("name", ofProject+"global/networks/{{ .external_name }}"),
	},
	"google_compute_subnetwork": {
		Group: "compute", Kind: "Subnetwork", Bumped: true,
		Name:      config.TemplatedStringAsIdentifier("name", ofProject+"regions/{{ .parameters.region }}/subnetworks/{{ .external_name }}"),
		Configure: drive.All(drive.Refers("network", "google_compute_network", ""), requires("region"), withoutRawState),
	},
	"google_compute_router": {
		Group: "compute", Kind: "Router", Bumped: true,
		Name:      config.TemplatedStringAsIdentifier("name", ofProject+"regions/{{ .parameters.region }}/routers/{{ .external_name }}"),
		Configure: drive.All(drive.Refers("network", "google_compute_network", selfLink), requires("region")),
	},
	"google_compute_router_nat": {
		Group: "compute", Kind: "RouterNAT", Bumped: true,
		Name: config.TemplatedStringAsIdentifier("name",
			ofProject+"regions/{{ .parameters.region }}/routers/{{ .parameters.router }}/{{ .external_name }}"),
		Configure: drive.All(drive.Refers("router", "google_compute_router", ""),
			drive.Refers("subnetwork.name", "google_compute_subnetwork", ""), requires("region")),
	},
	"google_compute_global_address": {
		Group: "compute", Kind: "GlobalAddress",
		Name:      config.TemplatedStringAsIdentifier("name", ofProject+"global/addresses/{{ .external_name }}"),
		Configure: drive.Refers("network", "google_compute_network", resourceID),
	},
	"google_kms_key_ring": {
		Group: "kms", Kind: "KeyRing",
		Name: config.TemplatedStringAsIdentifier("name", ofProject+"locations/{{ .parameters.location }}/keyRings/{{ .external_name }}"),
	},
	"google_kms_crypto_key": {
		Group: "kms", Kind: "CryptoKey", Bumped: true,
		Name:      config.TemplatedStringAsIdentifier("name", "{{ .parameters.key_ring }}/cryptoKeys/{{ .external_name }}"),
		Configure: drive.Refers("key_ring", "google_kms_key_ring", resourceID),
	},
	"google_kms_crypto_key_iam_member": {
		Group: "kms", Kind: "CryptoKeyIAMMember", Name: config.IdentifierFromProvider, Bumped: true,
		Configure: drive.Refers("crypto_key_id", "google_kms_crypto_key", resourceID),
	},
	"google_container_cluster": {
		Group: "container", Kind: "Cluster", Bumped: true,
		Name:      config.TemplatedStringAsIdentifier("name", ofProject+"locations/{{ .parameters.location }}/clusters/{{ .external_name }}"),
		Configure: cluster,
	},
	"google_container_node_pool": {
		Group: "container", Kind: "NodePool", Bumped: true,
		Name: config.TemplatedStringAsIdentifier("name",
			"{{ .setup.configuration.project }}/{{ .parameters.location }}/{{ .parameters.cluster }}/{{ .external_name }}"),
		Configure: nodePool,
	},
}

func requires(field string) func(*config.Resource) {
	return func(r *config.Resource) { r.MarkAsRequired(field) }
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
	drive.Refers("network", "google_compute_network", selfLink)(r)
	drive.Refers("subnetwork", "google_compute_subnetwork", selfLink)(r)
	drive.Refers("private_cluster_config.private_endpoint_subnetwork", "google_compute_subnetwork", selfLink)(r)
	// Injected from the examples of Terraform's documentation: apis/cluster/container/v1beta2/zz_cluster_types.go.
	drive.Refers("node_config.service_account", "google_service_account", email)(r)
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
	drive.Refers("cluster", "google_container_cluster", resourceID)(r)
	drive.Refers("node_config.service_account", "google_service_account", email)(r)
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
