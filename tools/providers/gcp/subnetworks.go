package main

import (
	"context"

	"github.com/crossplane/upjet/v2/pkg/config"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/customdiff"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/hashicorp/terraform-provider-google/google/services/compute"
	"github.com/hashicorp/terraform-provider-google/google/tpgresource"
)

// repaired is whether subnetworks can be looked at.
//
// Terraform 7.39 reads the raw state of every subnetwork that exists, whatever its fields (sendSecondaryIpRangeIfEmptyDiff in
// google/services/compute/resource_compute_subnetwork.go), and upjet sets none. So each reconcile of one panics, in
// provider-gcp v3.0.0 and v3.0.1: https://github.com/crossplane-contrib/provider-upjet-gcp/issues/1002. Terraform 6.47, in v2.6.0, reads it
// only where sendSecondaryIpRangeIfEmpty is set.
var repaired bool

// withoutRawState leaves out the parts of a subnetwork's difference that stand behind the panic.
func withoutRawState(r *config.Resource) {
	if !repaired {
		return
	}
	r.TerraformResource.CustomizeDiff = customdiff.All(
		customdiff.ForceNewIfChange("ip_cidr_range", compute.IsShrinkageIpCidr),
		func(ctx context.Context, d *schema.ResourceDiff, meta any) error {
			return tpgresource.DefaultProviderProject(ctx, d, meta)
		},
	)
}
