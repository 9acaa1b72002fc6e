// Package address is the one place that reads email addresses, mail domains and
// header address lists, so that SMTP, the API, the web and the directory agree
// on what an address is and when two are the same (RFC 5321 §4.1.2, RFC 6531,
// RFC 5322 §3.4).
//
// The rule for sameness is Key: the local part without regard to case and to
// Unicode compatibility forms, the domain as lower-case A-labels. Dots count.
// "+tag" is part of the address; who wants subaddresses asks SplitTag.
//
// It refuses to guess: an address with a comment, a source route, a control or
// invisible character is an error in Parse, and "%" and "!" never route. Only
// ParseList, which reads what strangers wrote into headers, is tolerant; it
// marks what is not well formed.
package address

import (
	"errors"
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Limits of RFC 5321 §4.5.3.1, in octets as written on the wire.
const (
	MaxLocal   = 64
	MaxDomain  = 255
	MaxAddress = 254
)

var (
	ErrEmpty   = errors.New("the address is empty")
	ErrSyntax  = errors.New("the address is not of the form local@domain")
	ErrLocal   = errors.New("the part before the @ is not valid")
	ErrDomain  = errors.New("the part behind the @ is not a valid domain name")
	ErrLiteral = errors.New("an IP address is not accepted as a mail domain")
	ErrTooLong = errors.New("the address is too long")
)

// Address is one email address. Local has no quotes or escapes. Domain is lower
// case as it came, U-labels or A-labels, without a trailing dot; "" only for
// the null path and for <Postmaster>; "[…]" for an address literal.
type Address struct {
	Local, Domain string
}

// IsZero is true for the null reverse-path.
func (a Address) IsZero() bool { return a == Address{} }

// String writes the address as Parse reads it, with quotes where they are
// needed. The null path is "".
func (a Address) String() string {
	local := Quote(a.Local)
	if a.Domain == "" {
		return local
	}
	return local + "@" + a.Domain
}

// Key is equal for two addresses that mean the same mailbox. Nothing else may
// be compared or be a key of a table.
func (a Address) Key() string {
	if a.Domain == "" {
		return Fold(a.Local)
	}
	return Fold(a.Local) + "@" + DomainKey(a.Domain)
}

// Parse reads local@domain with a dot-atom or quoted local part and a domain
// name of one or more labels, ASCII or internationalised (RFC 6531).
func Parse(s string) (Address, error) { return parse(s, false) }

// ParseLiteral is Parse that also takes an address literal, user@[192.0.2.1].
func ParseLiteral(s string) (Address, error) { return parse(s, true) }

// ParsePath reads the path of MAIL FROM or RCPT TO, with or without angle
// brackets (RFC 5321 §4.1.2): "" and "<>" are the null path, a source route is
// dropped (§4.1.1.3), <Postmaster> has no domain, address literals are taken.
func ParsePath(s string) (Address, error) {
	if strings.HasPrefix(s, "<") != strings.HasSuffix(s, ">") {
		return Address{}, ErrSyntax
	}
	if strings.HasPrefix(s, "<") {
		s = s[1 : len(s)-1]
	}
	if s == "" {
		return Address{}, nil
	}
	if strings.EqualFold(s, "postmaster") {
		return Address{Local: s}, nil
	}
	if s[0] == '@' {
		i := strings.IndexByte(s, ':')
		if i < 0 || i > MaxDomain*4 {
			return Address{}, ErrSyntax
		}
		for _, hop := range strings.Split(s[:i], ",") {
			if name, ok := strings.CutPrefix(hop, "@"); !ok || checkDomain(name) != nil {
				return Address{}, ErrSyntax
			}
		}
		s = s[i+1:]
	}
	return parse(s, true)
}

// ParseUnquoted reads an address whose quotes a library has already removed
// (go-smtp hands "a b"@example.com over as a b@example.com): the domain is
// behind the last "@". "" is the null path.
func ParseUnquoted(s string) (Address, error) {
	if s == "" || strings.EqualFold(s, "postmaster") {
		return Address{Local: s}, nil
	}
	i := strings.LastIndexByte(s, '@')
	if i < 0 {
		return Address{}, ErrSyntax
	}
	return build(s[:i], s[i+1:], true)
}

func parse(s string, literal bool) (Address, error) {
	if s == "" {
		return Address{}, ErrEmpty
	}
	if len(s) > 4*MaxAddress {
		return Address{}, ErrTooLong
	}
	if s[0] != '"' {
		local, domain, ok := strings.Cut(s, "@")
		if !ok {
			return Address{}, ErrSyntax
		}
		if !isDotAtom(local) {
			return Address{}, ErrLocal
		}
		return build(local, domain, literal)
	}
	local, rest, ok := unquote(s)
	if !ok || !strings.HasPrefix(rest, "@") {
		return Address{}, ErrLocal
	}
	return build(local, rest[1:], literal)
}

func build(local, domain string, literal bool) (Address, error) {
	if local == "" || !utf8.ValidString(local) || strings.ContainsFunc(local, forbidden) {
		return Address{}, ErrLocal
	}
	if strings.HasPrefix(domain, "[") {
		if !literal {
			return Address{}, ErrLiteral
		}
		if !isLiteral(domain) {
			return Address{}, ErrDomain
		}
	} else {
		domain = strings.TrimSuffix(domain, ".")
		if err := checkDomain(domain); err != nil {
			return Address{}, err
		}
	}
	a := Address{Local: local, Domain: strings.ToLower(domain)}
	if len(Quote(local)) > MaxLocal || len(a.String()) > MaxAddress {
		return Address{}, ErrTooLong
	}
	return a, nil
}

// forbidden characters make a line end, or two addresses that look the same.
func forbidden(r rune) bool {
	return r < 0x20 || r == 0x7f || r == utf8.RuneError ||
		r > 0x7f && (unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Zs, unicode.Co, unicode.Cs))
}

const atextSpecials = "!#$%&'*+-/=?^_`{|}~"

func isAtext(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c >= 0x80 ||
		strings.IndexByte(atextSpecials, c) >= 0
}

func isDotAtom(s string) bool {
	dot := true
	for i := 0; i < len(s); i++ {
		if s[i] == '.' {
			if dot {
				return false
			}
			dot = true
			continue
		}
		if !isAtext(s[i]) {
			return false
		}
		dot = false
	}
	return !dot
}

// Quote writes a local part: as it is where it is a dot-atom, else quoted.
func Quote(local string) string {
	if local == "" || isDotAtom(local) {
		return local
	}
	var b strings.Builder
	b.WriteByte('"')
	for i := 0; i < len(local); i++ {
		if local[i] == '"' || local[i] == '\\' {
			b.WriteByte('\\')
		}
		b.WriteByte(local[i])
	}
	b.WriteByte('"')
	return b.String()
}

// unquote reads the quoted string at the start of s.
func unquote(s string) (text, rest string, ok bool) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '"':
			return b.String(), s[i+1:], true
		case '\\':
			if i++; i == len(s) {
				return b.String(), "", false
			}
		}
		b.WriteByte(s[i])
	}
	return b.String(), "", false
}

func isLiteral(s string) bool {
	if !strings.HasSuffix(s, "]") || len(s) < 3 {
		return false
	}
	s = s[1 : len(s)-1]
	v6 := len(s) > 5 && strings.EqualFold(s[:5], "ipv6:")
	if v6 {
		s = s[5:]
	}
	ip, err := netip.ParseAddr(s)
	return err == nil && ip.Zone() == "" && ip.Is4() != v6
}

// checkDomain takes LDH labels, and U-labels that have an A-label.
func checkDomain(s string) error {
	if s == "" || len(s) > MaxDomain {
		return ErrDomain
	}
	if !isASCII(s) {
		a, err := idnaProfile.ToASCII(s)
		if err != nil || a == "" || !utf8.ValidString(s) || strings.ContainsFunc(s, forbidden) {
			return ErrDomain
		}
		s = a
	}
	if !isLDH(s) {
		return ErrDomain
	}
	return nil
}

func isLDH(s string) bool {
	if len(s) > MaxDomain {
		return false
	}
	start := 0
	for i := 0; i <= len(s); i++ {
		if i < len(s) && s[i] != '.' {
			c := s[i]
			if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-') {
				return false
			}
			continue
		}
		if n := i - start; n == 0 || n > 63 || s[start] == '-' || s[i-1] == '-' {
			return false
		}
		start = i + 1
	}
	return true
}

// ParseDomain checks the name of a mail domain as an organization may own it:
// ASCII letters, digits and hyphens (write A-labels for other scripts), at
// most 255 octets, labels of 1 to 63, at least one dot, no number as the last
// label. It answers in lower case.
func ParseDomain(s string) (string, error) {
	s = strings.ToLower(strings.TrimSuffix(s, "."))
	if s == "" || !isASCII(s) || !isLDH(s) {
		return "", ErrDomain
	}
	i := strings.LastIndexByte(s, '.')
	if i < 0 || strings.Trim(s[i+1:], "0123456789") == "" {
		return "", ErrDomain
	}
	return s, nil
}

var idnaProfile = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.Transitional(false), idna.StrictDomainName(true))

// DomainKey is the form in which mail domains are compared: lower-case
// A-labels without a trailing dot. A name that has no A-label is only folded.
func DomainKey(s string) string {
	s = strings.TrimSuffix(s, ".")
	if isASCII(s) {
		return strings.ToLower(s)
	}
	if a, err := idnaProfile.ToASCII(s); err == nil {
		return strings.ToLower(a)
	}
	return Fold(s)
}

// SplitTag cuts local+tag at the first "+"; without one, or with nothing
// before it, tag is "".
func SplitTag(local string) (base, tag string) {
	if i := strings.IndexByte(local, '+'); i > 0 {
		return local[:i], local[i+1:]
	}
	return local, ""
}

// Fold is how names are compared everywhere: Unicode case folding of the
// compatibility form (NFKC). Fold(Fold(s)) is Fold(s).
func Fold(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	for range 3 { // folding can unmake the normal form, and the other way round
		t := norm.NFKC.String(cases.Fold().String(norm.NFKC.String(s)))
		if t == s {
			break
		}
		s = t
	}
	return s
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
