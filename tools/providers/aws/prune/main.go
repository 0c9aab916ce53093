// Makes a smaller copy of Terraform's AWS provider, and a go.mod that builds with it.
//
// A whole build takes more than an hour: the provider has about 260 services. The copy has ours alone, and the two
// generated files that list the others are written anew. In it Terraform also waits shorter between two looks at a thing that is not
// done. What it looks at, what it decides and when it gives up stay as they are.
//
//	go run ./prune FOLDER && go build -modfile FOLDER/go.mod .
package main

import (
	"fmt"
	"io/fs"
	"log"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
)

const module = "github.com/hashicorp/terraform-provider-aws"

// The services whose resources are composed. STS is for the caller's identity, and EC2's code needs that of Organizations.
var services = map[string]bool{
	"ec2": true, "eks": true, "iam": true, "kms": true, "logs": true, "organizations": true, "route53": true, "sts": true,
}

// The packages of AWS' SDK that these services use, by the last parts of their import paths. S3 is for
// internal/conns/awsclient.go, and Organizations needs Account.
var clients = map[string]bool{
	"account": true, "cloudwatchlogs": true, "ec2": true, "eks": true, "iam": true, "kms": true, "organizations": true,
	"route53": true, "s3": true, "sts": true,
}

// What a build does not need, by the path in the provider.
var unneeded = map[string]bool{
	".ci": true, ".github": true, ".teamcity": true, "docs": true, "examples": true, "infrastructure": true,
	"internal/acctest": true, "website": true,
}

var rewritten = map[string]func([]byte) ([]byte, error){
	"internal/backoff/backoff.go":                     hurry,
	"internal/conns/awsclient_gen.go":                 keep(clients),
	"internal/provider/sdkv2/service_packages_gen.go": keep(services),
	"internal/service/ec2/wait.go":                    hurryWaits,
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: prune FOLDER")
	}
	folder, err := filepath.Abs(os.Args[1])
	if err == nil {
		err = prune(folder)
	}
	if err != nil {
		log.Fatalf("cannot prune %s: %s", module, err)
	}
}

func prune(folder string) error {
	if err := exec.Command("go", "mod", "download", module).Run(); err != nil {
		return fmt.Errorf("cannot download it: %w", err)
	}
	found, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		return err
	}
	source, pruned := strings.TrimSpace(string(found)), filepath.Join(folder, path.Base(module))
	if err := os.RemoveAll(pruned); err != nil {
		return err
	}
	if err := copyTree(source, pruned); err != nil {
		return err
	}
	for _, file := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, file), text, 0o644); err != nil {
			return err
		}
	}
	modfile := filepath.Join(folder, "go.mod")
	return exec.Command("go", "mod", "edit", "-replace", module+"="+pruned, modfile).Run()
}

func copyTree(source, pruned string) error {
	written := 0
	err := filepath.WalkDir(source, func(from string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(source, from)
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if unneeded[name] || entry.Name() == "testdata" {
				return filepath.SkipDir
			}
			return os.MkdirAll(filepath.Join(pruned, name), 0o755)
		}
		if strings.HasSuffix(name, "_test.go") || isOfOther(name) {
			return nil
		}
		text, err := os.ReadFile(from)
		if err != nil {
			return err
		}
		if rewrite := rewritten[name]; rewrite != nil {
			written++
			if text, err = rewrite(text); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		return os.WriteFile(filepath.Join(pruned, name), text, 0o644)
	})
	if err == nil && written != len(rewritten) {
		err = fmt.Errorf("it has %d of the %d files to write anew", written, len(rewritten))
	}
	return err
}

// isOfOther is whether a file is of a service that the copy does not have. The words of error messages are embedded from the
// folders of all services.
func isOfOther(file string) bool {
	rest, ok := strings.CutPrefix(file, "internal/service/")
	service, name, inFolder := strings.Cut(rest, "/")
	return ok && inFolder && !services[service] && name != "smarterr.hcl"
}
