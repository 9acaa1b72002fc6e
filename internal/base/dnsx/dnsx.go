// Package dnsx asks the DNS and tells "there is none" from "no answer now".
// It does not validate DNSSEC and keeps no cache.
package dnsx

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
)

// ErrNotFound is the answer for a name or record that does not exist. Every
// other error is temporary: it says nothing about the name.
var ErrNotFound = errors.New("dns: no such record")

// MX is one mail exchanger. A null MX (RFC 7505) is one with the host ".".
type MX struct {
	Host       string // lower case, without the last dot
	Preference uint16
}

// Resolver asks. Names are given without the last dot.
type Resolver interface {
	TXT(ctx context.Context, name string) ([]string, error)
	MX(ctx context.Context, name string) ([]MX, error) // by preference
	IP(ctx context.Context, name string) ([]netip.Addr, error)
}

// System asks as the machine is set up to; Via, where set, is "host:port" of a
// name server that is asked instead.
type System struct{ Via string }

func (s System) resolver() *net.Resolver {
	if s.Via == "" {
		return &net.Resolver{PreferGo: true}
	}
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, network, s.Via)
	}}
}

// TXT returns the texts of a name, each with its strings joined (RFC 7208 §3.3).
func (s System) TXT(ctx context.Context, name string) ([]string, error) {
	out, err := s.resolver().LookupTXT(ctx, absolute(name))
	return out, wrap(err)
}

// MX returns the exchangers of a name.
func (s System) MX(ctx context.Context, name string) ([]MX, error) {
	found, err := s.resolver().LookupMX(ctx, absolute(name))
	if err != nil && len(found) == 0 {
		return nil, wrap(err)
	}
	out := make([]MX, 0, len(found))
	for _, m := range found {
		out = append(out, MX{Host: plain(m.Host), Preference: m.Pref})
	}
	return out, nil
}

// IP returns the addresses of a name.
func (s System) IP(ctx context.Context, name string) ([]netip.Addr, error) {
	out, err := s.resolver().LookupNetIP(ctx, "ip", absolute(name))
	for i := range out {
		out[i] = out[i].Unmap()
	}
	return out, wrap(err)
}

// absolute keeps the machine's search list out of it.
func absolute(name string) string { return strings.TrimSuffix(name, ".") + "." }

func plain(host string) string {
	if host == "." {
		return host
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

func wrap(err error) error {
	var d *net.DNSError
	if errors.As(err, &d) && d.IsNotFound {
		return errors.Join(ErrNotFound, err)
	}
	return err
}

// Texts is a Resolver for those to whom a name without texts is an empty
// answer and every error means "not known now".
type Texts struct{ Resolver }

// TXT returns the texts of a name, none where it does not exist.
func (t Texts) TXT(ctx context.Context, name string) ([]string, error) {
	out, err := t.Resolver.TXT(ctx, name)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return out, err
}
