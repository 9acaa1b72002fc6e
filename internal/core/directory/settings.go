package directory

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"postroom/internal/base/errs"
)

// The limits of Settings.
const (
	MaxCA = 64 << 10 // bytes of certificates

	maxServers    = 8
	maxAccount    = 1024
	maxSecret     = 1024
	maxDN         = 1024
	maxFilter     = 4096
	maxAttributes = 64
)

func badSettings(op, format string, args ...any) error {
	return errs.Say(op, errs.Invalid, errs.Directory, format, args...)
}

// settingsFaults is what can be said without knowing how directories work, a
// sentence for each fault; whether a filter is one is said by who connects.
func settingsFaults(set *Settings) (faults []string) {
	say := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if !slices.Contains([]DirectoryKind{SimpleAD, MicrosoftAD, ADConnector, LDAP}, set.Kind) {
		say("A directory is of the kind SIMPLE_AD, MICROSOFT_AD, AD_CONNECTOR or LDAP.")
	} else if set.ReadOnly && set.Kind != LDAP {
		say("Only an LDAP directory can be set to read-only. For Active Directory choose the kind AD_CONNECTOR.")
	}
	serverFaults(set.Servers, say)
	for _, x := range []struct {
		what, text string
		min, max   int
	}{
		{"The service account", set.Account, 1, maxAccount}, {"The service account's password", set.Secret, 1, maxSecret},
		{"The base DN", set.BaseDN, 1, maxDN}, {"The filter of users", set.UserFilter, 0, maxFilter}, {"The filter of groups", set.GroupFilter, 0, maxFilter},
	} {
		if len(x.text) < x.min || len(x.text) > x.max {
			say("%s has %d to %d bytes.", x.what, x.min, x.max)
		} else if !utf8.ValidString(x.text) || strings.ContainsFunc(x.text, unicode.IsControl) {
			say("%s has characters that cannot be shown.", x.what)
		}
	}
	caFault(set.CA, say)
	if len(set.Attributes) > maxAttributes {
		say("At most %d attributes are mapped.", maxAttributes)
		return faults
	}
	for _, ours := range slices.Sorted(maps.Keys(set.Attributes)) {
		if theirs := set.Attributes[ours]; !attributeForm.MatchString(ours) || !areAttributes(theirs) {
			say("An attribute's name has letters, digits, hyphens, dots and semicolons, and begins with a letter or digit: %q = %q is none.", clipped(ours), clipped(theirs))
		}
	}
	return faults
}

func serverFaults(servers []string, say func(string, ...any)) {
	if len(servers) < 1 || len(servers) > maxServers {
		say("A directory has 1 to %d servers.", maxServers)
		return
	}
	for i, server := range servers {
		if !isServer(server) {
			say("%q is no server: write a host name or an IP address, and a port behind a colon where it is not the usual one.", clipped(server))
		} else if slices.Contains(servers[:i], server) {
			say("The server %s is named twice.", server)
		}
	}
}

// areAttributes tells whether text names attributes, parted by commas; none is fine.
func areAttributes(text string) bool {
	for one := range strings.SplitSeq(text, ",") {
		if text != "" && !attributeForm.MatchString(one) {
			return false
		}
	}
	return true
}

var (
	attributeForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9;.\-]{0,127}$`) // RFC 4512 §2.5
	hostForm      = regexp.MustCompile(`^([A-Za-z0-9_]([A-Za-z0-9_\-]{0,61}[A-Za-z0-9_])?\.)*[A-Za-z0-9]([A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.?$`)
)

// isServer tells whether s is HOST or HOST:PORT, with an IPv6 address in brackets before a port.
func isServer(s string) bool {
	if len(s) > 300 {
		return false
	}
	host := s
	if _, err := netip.ParseAddr(s); err == nil {
		return true
	}
	if h, port, err := net.SplitHostPort(s); err == nil {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return false
		}
		host = h
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	return len(host) <= 253 && hostForm.MatchString(host)
}

// caFault takes certificates in PEM and nothing else; "" stands for the system's.
func caFault(text string, say func(string, ...any)) {
	if len(text) > MaxCA {
		say("The certificates of the certificate authority have at most %d KB.", MaxCA>>10)
		return
	}
	rest, n := []byte(text), 0
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			say("The certificate authority takes certificates alone, not a %q.", strings.ToLower(clipped(block.Type)))
			return
		}
		if _, err := x509.ParseCertificate(block.Bytes); err != nil {
			say("Certificate %d of the certificate authority cannot be read.", n+1)
			return
		}
		n++
	}
	if text != "" && n == 0 {
		say("The certificate authority is one or more certificates in PEM form, beginning with -----BEGIN CERTIFICATE-----.")
	}
}

// clipped is what a caller wrote, short enough for a sentence.
func clipped(s string) string {
	if r := []rune(strings.ToValidUTF8(s, "?")); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
