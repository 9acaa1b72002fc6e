// Package slapd gives tests a real LDAP directory that is no Active Directory:
// OpenLDAP's slapd with inetOrgPerson, password policy and contextCSN, in a
// folder and on a loopback address of the test's own, with LDAPS and StartTLS.
// It ends with the test. It is for tests alone, holds no secret, and never
// touches the machine's own slapd.
package slapd

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"postroom/test/services"
)

// What each server has. Reader may read all but passwords; Writer may write
// below ou=mail and nothing else; Admin is the root DN.
const (
	BaseDN   = "dc=example,dc=test"
	MailOU   = "ou=mail," + BaseDN
	Host     = "ldap.example.test"
	Admin    = "cn=admin," + BaseDN
	Reader   = "cn=reader," + BaseDN
	Writer   = "cn=writer," + BaseDN
	Password = "Sesame-Service-1" // of the three
	// MinLength, History and MaxFailure are those of the default password policy.
	MinLength, History, MaxFailure = 8, 2, 5
)

// Option changes a server.
type Option string

const (
	// NoCSN gives a server that keeps no contextCSN: the one that slapadd left stands still.
	NoCSN Option = "without contextCSN"
	// StillCSN is NoCSN where the server has the syncprov module, and not for this database.
	StillCSN Option = "contextCSN stands still"
	// NoHistory gives a server that takes a former password again.
	NoHistory Option = "without a history of passwords"
)

// Server is a running slapd.
type Server struct {
	Address string // 127.0.X.Y; LDAPS on 636, LDAP with StartTLS on 389
	CA      string // PEM
	Dir     string

	t testing.TB
	*services.Process
}

const config = `
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload ppolicy
%[3]s
pidfile %[1]s/pid
TLSCertificateFile %[1]s/cert.pem
TLSCertificateKeyFile %[1]s/key.pem
security simple_bind=128
sizelimit 500
database mdb
maxsize 268435456
suffix "dc=example,dc=test"
rootdn "cn=admin,dc=example,dc=test"
rootpw Sesame-Service-1
directory %[1]s/db
index objectClass,entryUUID,entryCSN,uid,member eq
limits dn.exact="cn=reader,dc=example,dc=test" size.soft=1000 size.hard=1000 size.pr=1000 size.prtotal=unlimited
limits dn.exact="cn=writer,dc=example,dc=test" size.soft=1000 size.hard=1000 size.pr=1000 size.prtotal=unlimited
access to attrs=userPassword
  by dn.exact="cn=writer,dc=example,dc=test" write
  by self write
  by anonymous auth
  by * none
access to dn.subtree="ou=mail,dc=example,dc=test"
  by dn.exact="cn=writer,dc=example,dc=test" write
  by users read
  by * none
access to * by users read by * none
overlay ppolicy
ppolicy_default "cn=default,ou=policies,dc=example,dc=test"
ppolicy_use_lockout
%[2]s
`

const entries = `dn: dc=example,dc=test
objectClass: organization
objectClass: dcObject
o: Example
dc: example

dn: ou=mail,dc=example,dc=test
objectClass: organizationalUnit
ou: mail

dn: ou=policies,dc=example,dc=test
objectClass: organizationalUnit
ou: policies

dn: cn=default,ou=policies,dc=example,dc=test
objectClass: pwdPolicy
objectClass: device
cn: default
pwdAttribute: userPassword
pwdMinLength: 8
pwdCheckQuality: 2
pwdInHistory: 2
pwdMaxFailure: 5
pwdLockout: TRUE
pwdMustChange: TRUE

dn: cn=reader,dc=example,dc=test
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: reader
userPassword: Sesame-Service-1

dn: cn=writer,dc=example,dc=test
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: writer
userPassword: Sesame-Service-1
`

// Start gives a fresh one.
func Start(t testing.TB, options ...Option) *Server {
	t.Helper()
	program := services.Program(t, "slapd")
	s := &Server{Address: services.Loopback(t, 389, 636), Dir: t.TempDir(), t: t}
	s.CA = services.Certificate(t, s.Dir, Host, "localhost", s.Address)
	overlay, module := "overlay syncprov\nsyncprov-checkpoint 1 1", "moduleload syncprov"
	for _, o := range options {
		if o == NoCSN || o == StillCSN {
			overlay = ""
		}
		if o == NoCSN {
			module = ""
		}
	}
	s.write("slapd.conf", fmt.Sprintf(config, s.Dir, overlay, module))
	if err := os.Mkdir(filepath.Join(s.Dir, "db"), 0o700); err != nil {
		t.Fatal(err)
	}
	ldif := entries
	if slices.Contains(options, NoHistory) {
		ldif = strings.Replace(ldif, "pwdInHistory: 2", "pwdInHistory: 0", 1)
	}
	s.Add(ldif)
	s.Process = services.Keep(t, filepath.Join(s.Dir, "log"), program, "-d", "0", "-f", filepath.Join(s.Dir, "slapd.conf"),
		"-h", "ldap://"+s.Address+":389/ ldaps://"+s.Address+":636/")
	s.Restart()
	return s
}

func (s *Server) write(name, text string) string {
	s.t.Helper()
	file := filepath.Join(s.Dir, name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	return file
}

// Add puts LDIF into the database of a server that does not run.
func (s *Server) Add(ldif string) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, services.Program(s.t, "slapadd"), "-f", filepath.Join(s.Dir, "slapd.conf"), "-q", "-w", "-l", s.write("add.ldif", ldif))
	if out, err := cmd.CombinedOutput(); err != nil {
		s.t.Fatalf("slapadd: %v\n%s", err, out)
	}
}

// Fill makes users NAME000001 … of the password Password below a DN. The server
// is stopped for it.
func (s *Server) Fill(under, name string, n int) {
	s.t.Helper()
	var b strings.Builder
	for i := 1; i <= n; i++ {
		uid := fmt.Sprintf("%s%06d", name, i)
		fmt.Fprintf(&b, "dn: uid=%s,%s\nobjectClass: inetOrgPerson\nuid: %s\ncn: User %06d\nsn: %06d\ngivenName: User\nuserPassword: %s\n\n",
			uid, under, uid, i, i, Password)
	}
	s.Stop()
	s.Add(b.String())
	s.Restart()
}

// Restart starts it where it does not run, else ends it first.
func (s *Server) Restart() {
	s.t.Helper()
	s.Stop()
	err := s.Process.Start(func(ctx context.Context) error {
		c, err := (&net.Dialer{}).DialContext(ctx, "tcp", s.Address+":636")
		if err == nil {
			c.Close()
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}
