package netx

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"time"
)

// ErrRefused is the cause of a dial to an address that the guard does not allow.
var ErrRefused = errors.New("netx: address is not allowed")

// Dialer connects to public addresses and those in Allow, never to a cloud's
// metadata. The check stands between the DNS answer and connect(2), for each
// address tried, so a name that changes its answer gains nothing.
type Dialer struct {
	Allow   []netip.Prefix // beside public addresses
	Timeout time.Duration  // of one connect; 0 is 30 seconds
	Local   netip.Addr     // source address, where set
}

// DialContext connects as net.Dialer does; network is tcp, tcp4, tcp6 or udp.
func (d *Dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	timeout := d.Timeout
	if timeout == 0 {
		timeout = 30 * time.Second
	}
	nd := net.Dialer{Timeout: timeout, ControlContext: func(_ context.Context, _, addr string, _ syscall.RawConn) error {
		return d.check(addr)
	}}
	if d.Local.IsValid() {
		nd.LocalAddr = &net.TCPAddr{IP: d.Local.AsSlice(), Zone: d.Local.Zone()}
	}
	return nd.DialContext(ctx, network, address)
}

func (d *Dialer) check(addr string) error {
	ap, err := netip.ParseAddrPort(addr)
	if err != nil {
		return fmt.Errorf("%w: %s", ErrRefused, addr)
	}
	ip := ap.Addr().Unmap().WithZone("")
	if metadata[ip] {
		return fmt.Errorf("%w: %s", ErrRefused, ip)
	}
	for _, p := range d.Allow {
		if p.Contains(ip) {
			return nil
		}
	}
	if !IsPublic(ip) {
		return fmt.Errorf("%w: %s", ErrRefused, ip)
	}
	return nil
}

// metadata are the addresses where clouds tell a machine its secrets. They lie in
// private ranges too, and no Allow opens them.
var metadata = map[netip.Addr]bool{
	netip.MustParseAddr("169.254.169.254"): true, netip.MustParseAddr("169.254.170.2"): true,
	netip.MustParseAddr("100.100.100.200"): true, netip.MustParseAddr("192.0.0.192"): true,
	netip.MustParseAddr("fd00:ec2::254"): true, netip.MustParseAddr("fd20:ce::254"): true,
}

// special are ranges that are not the public internet beside those that
// netip.Addr knows (IANA special-purpose registries, RFC 6890).
var special = prefixes("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15",
	"198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4", "::/96", "64:ff9b:1::/48", "100::/64", "2001::/23",
	"2001:db8::/32", "3fff::/20", "5f00::/16", "fec0::/10")

var (
	nat64 = netip.MustParsePrefix("64:ff9b::/96") // RFC 6052: IPv4 in the last 32 bits
	sixTo = netip.MustParsePrefix("2002::/16")    // RFC 3056: IPv4 in bits 16-47
)

// IsPublic tells whether an address is one of the public internet. IPv4 inside
// IPv6 (mapped, NAT64, 6to4) is judged by the IPv4 address.
func IsPublic(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	if !ip.IsValid() || ip.IsUnspecified() || ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast() || ip.IsMulticast() {
		return false
	}
	for _, p := range special {
		if p.Contains(ip) {
			return false
		}
	}
	b := ip.As16()
	switch {
	case nat64.Contains(ip):
		return IsPublic(netip.AddrFrom4([4]byte(b[12:16])))
	case sixTo.Contains(ip):
		return IsPublic(netip.AddrFrom4([4]byte(b[2:6])))
	}
	return true
}

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

// Network is what one party on the internet can easily take addresses from: the
// /32 of an IPv4 address, the /64 of an IPv6 address.
func Network(ip netip.Addr) netip.Prefix {
	ip = ip.Unmap().WithZone("")
	bits := 64
	if ip.Is4() {
		bits = 32
	}
	p, _ := ip.Prefix(bits)
	return p
}

// Remote is the address on the other side of a connection, invalid where it has none.
func Remote(c net.Conn) netip.Addr {
	if c == nil || c.RemoteAddr() == nil {
		return netip.Addr{}
	}
	ap, _ := netip.ParseAddrPort(c.RemoteAddr().String())
	return ap.Addr().Unmap()
}
