// Command prepare gets ready what tests need beside Debian's packages: it
// builds the S3 server that tools/go.mod pins, and names each program that is
// still missing. It installs no package; test/install does.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"postroom/test/services"
)

func main() {
	missing := 0
	for _, name := range services.Programs() {
		if _, err := services.Find(name); err != nil {
			fmt.Fprintln(os.Stderr, err)
			missing++
		}
	}
	if missing > 0 {
		os.Exit(1)
	}
	start := time.Now()
	path, err := services.Versitygw(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, "prepare:", err)
		os.Exit(1)
	}
	if took := time.Since(start); took > time.Second {
		fmt.Printf("built %s in %.0f s\n", path, took.Seconds())
	}
}
