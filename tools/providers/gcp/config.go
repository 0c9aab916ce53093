package main

import (
	"strings"

	"github.com/crossplane/crossplane-runtime/v2/pkg/fieldpath"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reference"
	xpresource "github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"github.com/crossplane/upjet/v2/pkg/config"
	"github.com/crossplane/upjet/v2/pkg/resource"
	// Each of these registers its resources.
	_ "github.com/hashicorp/terraform-provider-google/google/services/compute"
	_ "github.com/hashicorp/terraform-provider-google/google/services/container"
	_ "github.com/hashicorp/terraform-provider-google/google/services/kms"
	_ "github.com/hashicorp/terraform-provider-google/google/services/resourcemanager"

	"github.com/function-xcluster/function-xcluster/tools/providers/drive"
)

// Extractors, named as references name them.
const (
	selfLink   = "SelfLinkExtractor"
	resourceID = "ExtractResourceID"
	projectID  = "ExtractProjectID"
	email      = "ExtractParamPath(email)"
)

var extractors = map[string]reference.ExtractValueFn{
	selfLink: func(mg xpresource.Managed) string {
		paved, err := fieldpath.PaveObject(mg)
		if err != nil {
			return ""
		}
		link, err := paved.GetString("status.atProvider.selfLink")
		if err != nil {
			return ""
		}
		return link
	},
	resourceID: drive.ResourceID,
	projectID:  func(mg xpresource.Managed) string { return strings.TrimPrefix(drive.ResourceID(mg), "projects/") },
	email:      resource.ExtractParamPath("email", true),
}

// configure is what config/overrides.go does to each kind: all but resourcesWithPreexistingDeletionPolicy.
func configure(r *config.Resource) {
	if r.Name != "google_project" {
		config.MoveToStatus(r.TerraformResource, "deletion_policy")
	}
}
