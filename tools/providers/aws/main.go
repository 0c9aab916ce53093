// The kinds of provider-aws v2.6.0 that the function composes, reconciled in one process against any server that speaks AWS' APIs.
//
// It reads requests from standard input and answers on standard output, a line each: see package drive. Package prune
// says how it is built.
package main

import "github.com/function-xcluster/function-xcluster/tools/providers/drive"

func main() {
	drive.Main("account", "the account of the provider configuration", newProvider)
}
