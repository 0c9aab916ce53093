package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/crossplane/crossplane-runtime/v2/pkg/fieldpath"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reference"
	xpresource "github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"github.com/crossplane/upjet/v2/pkg/config"
	"github.com/crossplane/upjet/v2/pkg/resource"

	"github.com/function-xcluster/function-xcluster/tools/providers/drive"
)

// Extractors, named as references name them.
const (
	// ARNExtractor of config/cluster/common/common.go.
	arn = "ARNExtractor"
	// ExtractResourceID of upjet, and TerraformID of config/cluster/common/common.go, which is the same.
	resourceID = "ExtractResourceID"
	// ExternalNameIfClusterActive of apis/cluster/eks/v1beta2/reference.go.
	activeCluster = "ExternalNameIfClusterActive"
	address       = "ExtractParamPath(public_ip, true)"
	principal     = "ExtractParamPath(principal_arn, true)"
	version       = "ExtractParamPath(version, false)"
)

var extractors = map[string]reference.ExtractValueFn{
	arn:        func(mg xpresource.Managed) string { return observed(mg, "arn") },
	resourceID: drive.ResourceID,
	activeCluster: func(mg xpresource.Managed) string {
		if observed(mg, "status") != "ACTIVE" {
			return ""
		}
		return reference.ExternalName()(mg)
	},
	address:   resource.ExtractParamPath("public_ip", true),
	principal: resource.ExtractParamPath("principal_arn", true),
	version:   resource.ExtractParamPath("version", false),
}

func observed(mg xpresource.Managed, field string) string {
	paved, err := fieldpath.PaveObject(mg)
	if err != nil {
		return ""
	}
	value, err := paved.GetString("status.atProvider." + field)
	if err != nil {
		return ""
	}
	return value
}

type parameters = map[string]any

// routeName is route of config/externalname.go. The function's routes have IPv4 destinations alone.
func routeName() config.ExternalName {
	e := config.IdentifierFromProvider
	e.GetIDFn = func(_ context.Context, _ string, of parameters, _ parameters) (string, error) {
		table, ok := of["route_table_id"]
		if !ok {
			return "", errors.New("route_table_id cannot be empty")
		}
		if of["destination_cidr_block"] == nil {
			return "", errors.New("destination_cidr_block has to be given")
		}
		return fmt.Sprintf("%s_%s", table, of["destination_cidr_block"]), nil
	}
	return e
}

// aliasName is kmsAlias of config/externalname.go.
func aliasName() config.ExternalName {
	const prefix = "alias/"
	full := func(name string) string { return prefix + strings.TrimPrefix(name, prefix) }
	e := config.NameAsIdentifier
	e.SetIdentifierArgumentFn = func(base parameters, name string) {
		if _, ok := base["name"]; !ok {
			base["name"] = full(name)
		}
	}
	e.GetExternalNameFn = func(state parameters) (string, error) {
		id, ok := state["id"].(string)
		if !ok {
			return "", errors.New("id attribute missing from state file")
		}
		return strings.TrimPrefix(id, prefix), nil
	}
	e.GetIDFn = func(_ context.Context, name string, _, _ parameters) (string, error) { return full(name), nil }
	return e
}

// joinedName is FormattedIdentifierFromProvider of config/externalname.go.
func joinedName(separator string, fields ...string) config.ExternalName {
	e := config.IdentifierFromProvider
	e.GetIDFn = func(_ context.Context, _ string, of parameters, _ parameters) (string, error) {
		parts := make([]string, len(fields))
		for i, field := range fields {
			part, ok := of[field].(string)
			if !ok {
				return "", fmt.Errorf("%s cannot be empty", field)
			}
			parts[i] = part
		}
		return strings.Join(parts, separator), nil
	}
	return e
}

// templatedName is TemplatedStringAsIdentifierWithNoName of config/externalname.go.
func templatedName(template string) config.ExternalName {
	e := config.TemplatedStringAsIdentifier("", template)
	e.DisableNameInitializer = true
	return e
}
