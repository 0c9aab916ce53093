// The kinds of provider-aws v2.6.0 that the function composes, reconciled in one process against any server that speaks AWS' APIs.
//
// It reads requests from standard input and answers on standard output, a line each: see package drive. Package prune
// says how it is built.
package main

import (
	"context"
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
	account := flag.String("account", "", "the account of the provider configuration")
	verbose := flag.Bool("verbose", false, "log what the provider and Terraform do")
	flag.Parse()
	if *endpoint == "" || *account == "" {
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
	provider, err := newProvider(context.Background(), *endpoint, *account)
	if err == nil {
		err = drive.Serve(provider, logger)
	}
	if err != nil {
		log.SetOutput(os.Stderr)
		log.Fatal(err)
	}
}
