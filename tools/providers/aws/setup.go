package main

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"
	"github.com/crossplane/crossplane-runtime/v2/pkg/fieldpath"
	xpresource "github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"github.com/crossplane/upjet/v2/pkg/terraform"
	"github.com/hashicorp/aws-sdk-go-base/v2/endpoints"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/hashicorp/terraform-provider-aws/xpprovider"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/function-xcluster/function-xcluster/tools/providers/drive"
)

// The services as endpoints name them.
var services = []string{"ec2", "eks", "iam", "kms", "logs", "route53", "sts"}

type (
	vpc                     struct{}
	subnet                  struct{}
	internetGateway         struct{}
	eip                     struct{}
	natGateway              struct{}
	routeTable              struct{}
	route                   struct{}
	routeTableAssociation   struct{}
	launchTemplate          struct{}
	role                    struct{}
	key                     struct{}
	alias                   struct{}
	logGroup                struct{}
	cluster                 struct{}
	nodeGroup               struct{}
	addon                   struct{}
	accessEntry             struct{}
	accessPolicyAssociation struct{}
	record                  struct{}
	healthCheck             struct{}
)

func newProvider(endpoint, account string) (*drive.Provider, error) {
	_, sdk, err := xpprovider.GetProvider(context.Background())
	if err != nil {
		return nil, fmt.Errorf("cannot make Terraform's provider: %w", err)
	}
	packages := sdk.Meta().(*xpprovider.AWSClient)
	p := drive.New(&drive.Definition{
		Name:      "aws",
		Resources: kinds,
		Terraform: func(name string) *schema.Resource { return sdk.ResourcesMap[name] },
		Configure: configure,
		Extract:   extractors,
		Setup:     setup(packages, endpoint, account),
	})
	drive.Add[vpc](p, "aws_vpc")
	drive.Add[subnet](p, "aws_subnet")
	drive.Add[internetGateway](p, "aws_internet_gateway")
	drive.Add[eip](p, "aws_eip")
	drive.Add[natGateway](p, "aws_nat_gateway")
	drive.Add[routeTable](p, "aws_route_table")
	drive.Add[route](p, "aws_route")
	drive.Add[routeTableAssociation](p, "aws_route_table_association")
	drive.Add[launchTemplate](p, "aws_launch_template")
	drive.Add[role](p, "aws_iam_role")
	drive.Add[key](p, "aws_kms_key")
	drive.Add[alias](p, "aws_kms_alias")
	drive.Add[logGroup](p, "aws_cloudwatch_log_group")
	drive.Add[cluster](p, "aws_eks_cluster")
	drive.Add[nodeGroup](p, "aws_eks_node_group")
	drive.Add[addon](p, "aws_eks_addon")
	drive.Add[accessEntry](p, "aws_eks_access_entry")
	drive.Add[accessPolicyAssociation](p, "aws_eks_access_policy_association")
	drive.Add[record](p, "aws_route53_record")
	drive.Add[healthCheck](p, "aws_route53_health_check")
	return p, nil
}

// setup is internal/clients/aws.go of provider-aws without its credentials: each service is at the endpoint, as by
// spec.endpoint of a ProviderConfig. A user's provider makes a client a reconcile. Here it is one a region, since making them is most of
// the time that a test takes.
func setup(packages *xpprovider.AWSClient, endpoint, account string) terraform.SetupFn {
	var mu sync.Mutex
	made := map[string]terraform.Setup{}
	return func(ctx context.Context, _ client.Client, mg xpresource.Managed) (terraform.Setup, error) {
		region, err := regionOf(mg)
		if err != nil {
			return terraform.Setup{}, err
		}
		mu.Lock()
		defer mu.Unlock()
		if known, ok := made[region]; ok {
			return known, nil
		}
		made[region], err = setupFor(context.WithoutCancel(ctx), region, packages, endpoint, account)
		return made[region], err
	}
}

// setupFor is configureNoForkAWSClient for a region.
func setupFor(ctx context.Context, region string, packages *xpprovider.AWSClient, endpoint, account string) (terraform.Setup, error) {
	partition, ok := endpoints.PartitionForRegion(endpoints.DefaultPartitions(), region)
	if !ok {
		return terraform.Setup{}, fmt.Errorf("managed resource region %q does not belong to a known partition", region)
	}
	at := map[string]string{}
	for _, service := range services {
		at[service] = endpoint
	}
	config := xpprovider.AWSConfig{
		AccessKey:                     "none",
		SecretKey:                     "none",
		Endpoints:                     at,
		Region:                        region,
		EC2MetadataServiceEnableState: imds.ClientDisabled,
		SkipCredsValidation:           true,
		SkipRequestingAccountId:       true,
	}
	empty := &xpprovider.AWSClient{}
	empty.SetServicePackagesField(packages.GetServicePackages())
	made, problems := config.GetClient(ctx, empty)
	if problems.HasError() {
		return terraform.Setup{}, fmt.Errorf("cannot construct TF AWS Client from TF AWS Config, %v", problems)
	}
	made.SetAccountID(account)
	return terraform.Setup{
		ClientMetadata: map[string]string{"account_id": account, "partition": partition.ID()},
		Configuration:  map[string]any{"region": region},
		Meta:           made,
	}, nil
}

// regionOf is getAWSConfigWithDefaultRegion: kinds without a region are global, and go where these services are.
func regionOf(mg xpresource.Managed) (string, error) {
	paved, err := fieldpath.PaveObject(mg)
	if err != nil {
		return "", err
	}
	if region, err := paved.GetString("spec.forProvider.region"); err == nil && region != "" {
		return region, nil
	}
	group, _, _ := strings.Cut(mg.GetObjectKind().GroupVersionKind().Group, ".")
	if group != "iam" && group != "route53" {
		return "", fmt.Errorf("cannot get region: spec.forProvider.region of a %s", group)
	}
	return "us-east-1", nil
}
