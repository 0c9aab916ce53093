// The kinds of provider-gcp v3.0.0 that the function composes, reconciled in one process against any server that speaks Google's APIs.
//
// It reads requests from standard input and answers on standard output, a line each: see package drive.
package main

import (
	"flag"

	"github.com/function-xcluster/function-xcluster/tools/providers/drive"
)

func main() {
	flag.BoolVar(&repaired, "repair-subnetworks", false, "let subnetworks be looked at, as in releases without provider-upjet-gcp#1002")
	drive.Main("project", "the project of the provider configuration", newProvider)
}
