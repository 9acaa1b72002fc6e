// Package samba gives tests a real Active Directory: Samba's domain controller,
// provisioned once per version and options, copied and started for each test on
// a loopback address of its own with LDAPS, StartTLS and its fixed ports (389,
// 636, so the tests run as root). It ends with the test. It is for tests alone,
// holds no secret, and never touches the machine's own Samba.
package samba

import (
	"context"
	"crypto/tls"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"postroom/test/services"
)

// What each server has. Reader is an ordinary account that may do what every
// account of a domain may; Writer has all rights below MailOU and no others.
const (
	Realm    = "CORP.EXAMPLE.TEST"
	Domain   = "CORP"
	BaseDN   = "DC=corp,DC=example,DC=test"
	MailOU   = "OU=Mail," + BaseDN
	Host     = "dc1.corp.example.test"
	Other    = "dc2.corp.example.test" // the second of a Pair
	Admin    = "Administrator@corp.example.test"
	Reader   = "svc-reader@corp.example.test"
	Writer   = "svc-writer@corp.example.test"
	Password = "Sesame-Service-1" // of the three
)

// Server is a running domain controller.
type Server struct {
	Address string // 127.0.X.Y; LDAPS on 636, LDAP with StartTLS on 389
	CA      string // PEM
	Dir     string // its folder: etc/smb.conf, private/sam.ldb, log

	t testing.TB
	*services.Process
}

// Start gives a fresh one; options are lines of smb.conf.
func Start(t testing.TB, options ...string) *Server {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "dc")
	cached, err := provisioned()
	if err == nil {
		err = duplicate(cached, "", dir)
	}
	if err != nil {
		t.Fatal(err)
	}
	return serve(t, dir, Host, "ldap cldap", options...)
}

// serve runs a controller of some of Samba's services over its folder.
func serve(t testing.TB, dir, host, those string, options ...string) *Server {
	t.Helper()
	program := services.Program(t, "samba")
	s := &Server{Address: services.Loopback(t, 389, 636), Dir: dir, t: t}
	s.CA = services.Certificate(t, s.Dir, host, "localhost", s.Address)
	command := []string{
		program, "--interactive", "--no-process-group", "--model=single", "-s", s.conf(),
		"--option=server services=" + those, "--option=pid directory=" + s.Dir, "--option=ncalrpc dir=" + s.Dir,
		"--option=log file=" + filepath.Join(s.Dir, "log"), "--option=winbindd socket directory=" + s.Dir,
		"--option=ntp signd socket directory=" + s.Dir, "--option=interfaces=" + s.Address + "/8", "--option=bind interfaces only=yes",
		"--option=tls certfile=" + filepath.Join(s.Dir, "cert.pem"), "--option=tls keyfile=" + filepath.Join(s.Dir, "key.pem"),
		"--option=tls cafile=" + filepath.Join(s.Dir, "ca.pem"),
	}
	for _, o := range options {
		command = append(command, "--option="+o)
	}
	s.Process = services.Keep(t, filepath.Join(s.Dir, "out"), command...)
	s.Restart()
	return s
}

// Restart starts it where it does not run, else ends it first.
func (s *Server) Restart() {
	s.t.Helper()
	s.Stop()
	if err := s.Process.Start(s.answers); err != nil {
		s.t.Fatal(err)
	}
}

// answers tells whether LDAPS is up.
func (s *Server) answers(ctx context.Context) error {
	d := tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true}} //nolint:gosec // only whether it is up
	c, err := d.DialContext(ctx, "tcp", s.Address+":636")
	if err == nil {
		c.Close()
	}
	return err
}

func (s *Server) conf() string { return filepath.Join(s.Dir, "etc", "smb.conf") }

// Tool runs samba-tool on this server's own database.
func (s *Server) Tool(args ...string) string {
	s.t.Helper()
	out, err := run(time.Minute, services.Program(s.t, "samba-tool"), append(args, "-s", s.conf(), "-H", filepath.Join(s.Dir, "private", "sam.ldb"))...)
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}

// Proven is how many of those that Fill makes have a password.
const Proven = 500

// Fill makes users NAME000001 … below a DN, the first ones of the password
// Password, 10,000 in about a minute.
func (s *Server) Fill(under, name string, n int) {
	s.t.Helper()
	if err := python(s.Dir, fillScript, under, name, strconv.Itoa(n), strconv.Itoa(Proven), Password); err != nil {
		s.t.Fatal(err)
	}
}

// Fine makes a fine-grained password policy (PSO) for a user.
func (s *Server) Fine(name, user string, minLength int) {
	s.t.Helper()
	s.Tool("domain", "passwordsettings", "pso", "create", name, "1", "--min-pwd-length="+strconv.Itoa(minLength), "--history-length=3")
	s.Tool("domain", "passwordsettings", "pso", "apply", name, user)
}

func run(within time.Duration, program string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	out, err := exec.CommandContext(ctx, program, args...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", program, strings.Join(args, " "), err, out)
	}
	return string(out), nil
}
