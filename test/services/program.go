package services

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"testing"
)

// program is a program of a Debian package. Places are tried in order; the PATH
// comes last and only where any build of the program will do.
type program struct {
	pkg    string
	places []string // glob patterns
	path   bool
}

// programs are those that the tests use; test/install brings their packages.
var programs = map[string]program{
	// A shim of another version may come first in PATH, so only Debian's counts.
	"aws":        {pkg: "awscli", places: []string{"/usr/bin/aws"}},
	"swaks":      {pkg: "swaks", places: []string{"/usr/bin/swaks"}},
	"python3":    {pkg: "python3", places: []string{"/usr/bin/python3"}},
	"mbsync":     {pkg: "isync", places: []string{"/usr/bin/mbsync"}},
	"curl":       {pkg: "curl", places: []string{"/usr/bin/curl"}, path: true},
	"strace":     {pkg: "strace", places: []string{"/usr/bin/strace"}, path: true},
	"openssl":    {pkg: "openssl", places: []string{"/usr/bin/openssl"}, path: true},
	"initdb":     {pkg: "postgresql", places: []string{"/usr/lib/postgresql/*/bin/initdb"}, path: true},
	"postgres":   {pkg: "postgresql", places: []string{"/usr/lib/postgresql/*/bin/postgres"}, path: true},
	"samba":      {pkg: "samba", places: []string{"/usr/sbin/samba"}},
	"samba-tool": {pkg: "samba", places: []string{"/usr/bin/samba-tool"}},
	"slapd":      {pkg: "slapd", places: []string{"/usr/sbin/slapd"}},
	"slapadd":    {pkg: "slapd", places: []string{"/usr/sbin/slapadd"}},
	"slappasswd": {pkg: "slapd", places: []string{"/usr/sbin/slappasswd"}},
	"ldapsearch": {pkg: "ldap-utils", places: []string{"/usr/bin/ldapsearch"}},
	"ldapmodify": {pkg: "ldap-utils", places: []string{"/usr/bin/ldapmodify"}},
	"psql":       {pkg: "postgresql-client", places: []string{"/usr/lib/postgresql/*/bin/psql"}, path: true},
}

// Program answers the path of a program of a Debian package. A missing one
// fails the test with the line that installs it; one that this package does not
// know fails too, since nothing would install it.
func Program(t testing.TB, name string) string {
	t.Helper()
	needsServices(t)
	path, err := Find(name)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// Find is Program without a test.
func Find(name string) (string, error) {
	p, ok := programs[name]
	if !ok {
		return "", fmt.Errorf("services: %s is not in the table of programs: add it there and to test/install", name)
	}
	for _, pattern := range p.places {
		found, err := filepath.Glob(pattern)
		if err != nil {
			return "", err
		}
		sort.Strings(found)
		for i := len(found) - 1; i >= 0; i-- { // the newest of PostgreSQL's versions
			if st, err := os.Stat(found[i]); err == nil && st.Mode()&0o111 != 0 {
				return found[i], nil
			}
		}
	}
	if p.path {
		if found, err := exec.LookPath(name); err == nil {
			return found, nil
		}
	}
	return "", fmt.Errorf("services: %s is missing: apt-get install %s (or: %s)", name, p.pkg, Install)
}

// Programs answers the names of all programs that Find knows, sorted.
func Programs() []string {
	var names []string
	for name := range programs {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
