package samba

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// replicating are the services of a controller that others join and pull from.
// Neither KCC nor drepl runs: nothing is replicated until Pull.
const replicating = "rpc ldap cldap" // LDAP comes last: when it answers, all do

// Pair gives two controllers of one domain. The second joined the first, once
// on a machine (15 s), and so has a database and USNs of its own.
func Pair(t testing.TB, options ...string) (one, two *Server) {
	t.Helper()
	of := append([]string{accountsScript, MailOU, Other}, provisioning...)
	cached, err := kept("samba-pair", of, func(made string) error { return join(t, made) })
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	both := []*Server{}
	for _, host := range []string{Host, Other} {
		to := filepath.Join(dir, short(host))
		if err := duplicate(cached, short(host), to); err != nil {
			t.Fatal(err)
		}
		both = append(both, serve(t, to, host, replicating, options...))
	}
	return both[0], both[1]
}

// join fills a folder with those of both controllers.
func join(t testing.TB, made string) error {
	cached, err := provisioned()
	if err != nil {
		return err
	}
	first, second := filepath.Join(made, short(Host)), filepath.Join(made, short(Other))
	if err := duplicate(cached, "", first); err != nil {
		return err
	}
	s := serve(t, first, Host, replicating)
	defer s.Stop()
	if _, err := tool(3*time.Minute, "samba-tool", administrator("domain", "join", strings.ToLower(Realm), "DC", "--server="+s.Address, "--targetdir="+second,
		"--dns-backend=NONE", "--option=netbios name="+short(Other), "--option=interfaces=127.0.0.1/8", "--option=bind interfaces only=yes")...); err != nil {
		return err
	}
	s.Stop()
	return forget(first, cached)
}

// forget removes what a controller had while it ran, such as sockets: what is
// not in the folder that it came from.
func forget(dir, from string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if _, err := os.Stat(filepath.Join(from, strings.TrimPrefix(path, dir))); err == nil {
			return nil
		}
		if err := os.RemoveAll(path); err != nil || !d.IsDir() {
			return err
		}
		return fs.SkipDir
	})
}

// Pull brings what happened on another controller here, by replication
// (MS-DRSR 4.1.10), whether this one runs or not.
func (s *Server) Pull(from *Server) {
	s.t.Helper()
	args := administrator("drs", "replicate", "-", from.Address, BaseDN, "--local", "-s", s.conf())
	if _, err := tool(time.Minute, "samba-tool", args...); err != nil {
		s.t.Fatal(err)
	}
}

// administrator adds who asks a server by RPC.
func administrator(args ...string) []string {
	return append(args, `--username=`+Domain+`\Administrator`, "--workgroup="+Domain, "--password="+Password, "--use-kerberos=off", "--realm="+Realm)
}

func short(host string) string { return strings.SplitN(host, ".", 2)[0] }
