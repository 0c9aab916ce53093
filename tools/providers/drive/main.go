package drive

import (
	"flag"
	"io"
	"log"
	"os"

	"github.com/crossplane/crossplane-runtime/v2/pkg/logging"
	"github.com/go-logr/stdr"
)

// Main is the main function of a program with a provider: it reads the flags and serves. Whose cloud it is says a flag of
// its own, such as account.
func Main(owner, usage string, provider func(endpoint, owner string) (*Provider, error)) {
	endpoint := flag.String("endpoint", "", "the URL of the cloud")
	of := flag.String(owner, "", usage)
	verbose := flag.Bool("verbose", false, "log what the provider and Terraform do")
	flag.Parse()
	if *endpoint == "" || *of == "" {
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
	p, err := provider(*endpoint, *of)
	if err == nil {
		err = serve(p, logger)
	}
	if err != nil {
		log.SetOutput(os.Stderr)
		log.Fatal(err)
	}
}
