// Command postroom is the server, its operator's tool and a client of its API.
// It has no code of its own: all is in internal/app/cli.
package main

import (
	"os"

	"postroom/internal/app/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
