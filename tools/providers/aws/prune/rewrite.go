package main

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"path"
	"regexp"
	"strings"
)

// hurry shortens the one wait of the loops of the AWS provider. The clouds of the tests count looks, not seconds.
func hurry(text []byte) ([]byte, error) {
	const wait, less = "return time.After(d)", "return time.After(d / 500)"
	if n := bytes.Count(text, []byte(wait)); n != 1 {
		return nil, fmt.Errorf("%d places wait, and not one", n)
	}
	return bytes.ReplaceAll(text, []byte(wait), []byte(less)), nil
}

var waits = regexp.MustCompile(`(?m)^(\s+(?:Delay|MinTimeout|PollInterval):\s+)(.+),$`)

// hurryWaits shortens the waits of EC2, some of which are of the loops of Terraform's SDK.
func hurryWaits(text []byte) ([]byte, error) {
	if !waits.Match(text) {
		return nil, errors.New("nothing waits")
	}
	return waits.ReplaceAll(text, []byte("$1($2) / 500,")), nil
}

// keep leaves in a file what is of a list of services, and drops what is of others.
func keep(list map[string]bool) func([]byte) ([]byte, error) {
	return func(text []byte) ([]byte, error) {
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, "", text, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		dropped := map[string]bool{}
		for _, spec := range file.Imports {
			at := strings.Trim(spec.Path.Value, `"`)
			if !strings.Contains(at, "/service/") || list[path.Base(at)] {
				continue
			}
			name := path.Base(at)
			if spec.Name != nil {
				name = spec.Name.Name
			}
			dropped[name] = true
		}
		if len(dropped) == 0 {
			return nil, errors.New("it has no service to drop")
		}
		file.Decls = without(file.Decls, func(declaration ast.Decl) bool {
			function, ok := declaration.(*ast.FuncDecl)
			return ok && mentions(function.Type, dropped)
		})
		ast.Inspect(file, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.CompositeLit:
				node.Elts = without(node.Elts, func(element ast.Expr) bool { return mentions(element, dropped) })
			case *ast.GenDecl:
				node.Specs = without(node.Specs, func(spec ast.Spec) bool {
					imported, ok := spec.(*ast.ImportSpec)
					if !ok {
						return false
					}
					at := strings.Trim(imported.Path.Value, `"`)
					return strings.Contains(at, "/service/") && !list[path.Base(at)]
				})
			}
			return true
		})
		file.Comments = nil
		var out bytes.Buffer
		err = format.Node(&out, files, file)
		return out.Bytes(), err
	}
}

func without[T any](all []T, drop func(T) bool) []T {
	var kept []T
	for _, one := range all {
		if !drop(one) {
			kept = append(kept, one)
		}
	}
	return kept
}

// mentions is whether a piece of a file names one of these packages.
func mentions(node ast.Node, packages map[string]bool) bool {
	found := false
	ast.Inspect(node, func(node ast.Node) bool {
		if selector, ok := node.(*ast.SelectorExpr); ok {
			if of, ok := selector.X.(*ast.Ident); ok {
				found = found || packages[of.Name]
			}
		}
		return !found
	})
	return found
}
