// Package services gives tests the real things that they talk to: a PostgreSQL
// server, an S3 server, and the client programs of Debian's packages. Each
// server listens on loopback, lives in a folder of its own, is shared by the
// tests of one test binary, and ends with it, however that ends. A missing part
// fails the test with the line that installs it; nothing here skips, except
// under -short, where `make check` asks for tests without services.
package services

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Install is the command that brings all that is missing.
const Install = "bash test/install"

// FreePort answers a TCP port on 127.0.0.1 that was free a moment ago. Whoever
// uses it must be ready to find it taken.
func FreePort(t testing.TB) int {
	t.Helper()
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("no free port: %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// Root answers the repository's root: the folder of the module that holds the
// working directory (go test runs in the package's folder).
func Root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && strings.HasPrefix(string(mod), "module postroom\n") {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", fmt.Errorf("services: no go.mod of postroom above the working directory")
		}
		dir = up
	}
}

func needsServices(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: without services")
	}
}
