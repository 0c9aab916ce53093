// The kinds of provider-gcp v3.0.0 that the function composes, reconciled in one process against any server that speaks Google's APIs.
//
// It reads requests from standard input and answers on standard output, a line each: see package drive.
package main

import (
	"flag"
	"io"
	"log"
	"os"

	"github.com/crossplane/crossplane-runtime/v2/pkg/logging"
	"github.com/go-logr/stdr"

	"github.com/function-xcluster/function-xcluster/tools/providers/drive"
)

func main() {
	endpoint := flag.String("endpoint", "", "the URL of the cloud")
	project := flag.String("project", "", "the project of the provider configuration")
	verbose := flag.Bool("verbose", false, "log what the provider and Terraform do")
	flag.BoolVar(&repaired, "repair-subnetworks", false, "let subnetworks be looked at, as in releases without provider-upjet-gcp#1002")
	flag.Parse()
	if *endpoint == "" || *project == "" {
		flag.Usage()
		os.Exit(2)
	}
	logger := logging.NewNopLogger()
	if *verbose {
		stdr.SetVerbosity(1)
		logger = logging.NewLogrLogger(stdr.New(log.New(os.Stderr, "", log.Ltime|log.Lmicroseconds)))
	} else {
		log.SetOutput(io.Discard)
	}
	if err := drive.Serve(newProvider(*endpoint, *project), logger); err != nil {
		log.SetOutput(os.Stderr)
		log.Fatal(err)
	}
}
