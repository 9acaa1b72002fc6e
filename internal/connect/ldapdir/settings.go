package ldapdir

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"net"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"

	"postroom/internal/base/clock"
	"postroom/internal/base/errs"
	"postroom/internal/core/directory"

	"github.com/go-ldap/ldap/v3"
)

// Options are what a directory needs of its surroundings; zero values serve.
// Clock is compared with the directory's own times; waits go by the machine's.
type Options struct {
	Log   *slog.Logger
	Clock clock.Clock
}

// config is Settings that were checked.
type config struct {
	directory.Settings
	clock   clock.Clock
	ad      bool
	servers []server
	current atomic.Int32   // of servers
	roots   *x509.CertPool // nil for the system's
	names   attributes
	users   string // filter of users, groups and both
	groups  string
	both    string
	step    int  // most members that are asked for at once; 0: as many as the server gives
	follows bool // a filter looks at membership, so a changed group may move users in and out
}

// server is one of those that are asked.
type server struct{ text, host, port string }

// parse says all that is wrong at once, a sentence on each line.
func parse(s directory.Settings) (*config, error) {
	var faults []string
	say := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	c := &config{Settings: s, clock: clock.System}
	switch s.Kind {
	case directory.SimpleAD, directory.MicrosoftAD, directory.ADConnector:
		c.ad = true
	case directory.LDAP:
		if s.BaseDN == "" {
			say("An LDAP directory needs a base DN.")
		}
	default:
		say("The kind of directory %q is not known.", s.Kind)
	}
	if len(s.Servers) == 0 {
		say("A directory has at least one server.")
	}
	for _, text := range s.Servers {
		srv, ok := parseServer(text, s.StartTLS)
		if !ok {
			say("%q is no server: write HOST or HOST:PORT.", text)
		}
		c.servers = append(c.servers, srv)
	}
	if s.Account == "" || s.Secret == "" {
		say("The service account needs a name and a password.")
	}
	if _, err := ldap.ParseDN(s.BaseDN); err != nil {
		say("The base %q is no distinguished name.", s.BaseDN)
	}
	if s.CA != "" {
		c.roots = x509.NewCertPool()
		if !c.roots.AppendCertsFromPEM([]byte(s.CA)) {
			say("The CA certificate is no PEM certificate.")
		}
	}
	var err error
	if c.names, err = merge(preset(c.ad), s.Attributes); err != nil {
		say("%v", err)
	}
	c.filters(say)
	if len(faults) > 0 {
		return nil, errs.Say("ldapdir.Open", errs.Invalid, errs.Directory, "%s", strings.Join(faults, "\n"))
	}
	return c, nil
}

// filters joins the kind's own with the configured ones.
func (c *config) filters(say func(string, ...any)) {
	own := [2]string{"(objectClass=inetOrgPerson)", "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames))"}
	if c.ad {
		own = [2]string{"(&(objectCategory=person)(objectClass=user))", "(objectCategory=group)"}
	}
	for i, f := range []string{c.UserFilter, c.GroupFilter} {
		if f = strings.TrimSpace(f); f == "" {
			continue
		}
		if !strings.HasPrefix(f, "(") {
			f = "(" + f + ")"
		}
		if _, err := ldap.CompileFilter(f); err != nil {
			say("The filter of %s %q is no LDAP filter.", [2]string{"users", "groups"}[i], f)
			continue
		}
		c.follows = c.follows || strings.Contains(strings.ToLower(f), "memberof")
		own[i] = "(&" + own[i] + f + ")"
	}
	c.users, c.groups, c.both = own[0], own[1], "(|"+own[0]+own[1]+")"
}

// of is the filter of a kind; 0 for both.
func (c *config) of(k directory.Kind) string {
	switch k {
	case directory.KindUser:
		return c.users
	case directory.KindGroup:
		return c.groups
	}
	return c.both
}

func parseServer(text string, startTLS bool) (server, bool) {
	host, port := text, "636"
	if startTLS {
		port = "389"
	}
	if h, p, err := net.SplitHostPort(text); err == nil {
		host, port = h, p
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	n, err := strconv.Atoi(port)
	if host == "" || len(host) > 253 || err != nil || n < 1 || n > 65535 || !hostForm.MatchString(host) {
		return server{}, false
	}
	return server{net.JoinHostPort(host, port), host, port}, true
}

var hostForm = regexp.MustCompile(`^[A-Za-z0-9_.:-]+$`)

func (c *config) tls(s server) *tls.Config {
	return &tls.Config{RootCAs: c.roots, ServerName: s.host, MinVersion: tls.VersionTLS12}
}
