// Package smtp writes what SMTP adds to a message, the Received field, and makes
// text from strangers fit for replies and logs. The dialogue itself is serve/smtp's;
// this package refuses to speak it.
package smtp

import (
	"net/netip"
	"strings"
	"time"
	"unicode/utf8"
)

// Trace is what a Received field tells (RFC 5321 §4.4).
type Trace struct {
	Helo   string     // what the client called itself; any bytes
	Remote netip.Addr // its address; the zero value where there is none
	RDNS   string     // its checked name, or ""
	By     string     // our host name
	With   string     // SMTP, ESMTP, ESMTPS, ESMTPSA, UTF8SMTPS …, RFC 3848
	ID     string     // of the message in our logs
	For    string     // the recipient, only where there is a single one
	TLS    string     // "TLS1.3 TLS_AES_128_GCM_SHA256", or ""
	Time   time.Time
}

// Received writes the field with folding and its CRLF. What comes from the
// client cannot break out of it: it is cut to 255 octets of printable text
// without the characters of comments.
func Received(t Trace) string {
	helo := domainText(t.Helo)
	if helo == "" {
		helo = "unknown"
	}
	var b strings.Builder
	b.WriteString("Received: from " + helo)
	peer := domainText(t.RDNS)
	if t.Remote.IsValid() {
		ip := t.Remote.Unmap().WithZone("")
		lit := "[" + ip.String() + "]"
		if ip.Is6() {
			lit = "[IPv6:" + ip.String() + "]"
		}
		peer = strings.TrimSpace(peer + " " + lit)
	}
	if peer != "" {
		b.WriteString(" (" + peer + ")")
	}
	b.WriteString("\r\n\tby " + domainText(t.By) + " with " + domainText(t.With))
	if t.TLS != "" {
		b.WriteString("\r\n\t(" + comment(t.TLS) + ")")
	}
	if t.ID != "" {
		b.WriteString("\r\n\tid " + domainText(t.ID))
	}
	if t.For != "" && !strings.ContainsFunc(t.For, func(r rune) bool { return r < ' ' || r == 0x7f }) && len(t.For) <= 512 {
		b.WriteString("\r\n\tfor <" + strings.NewReplacer("<", "", ">", "").Replace(t.For) + ">")
	}
	b.WriteString(";\r\n\t" + t.Time.Format("Mon, 2 Jan 2006 15:04:05 -0700") + "\r\n")
	return b.String()
}

// domainText keeps what a domain, a literal or an id can have.
func domainText(s string) string {
	s = Printable(s, 255)
	return strings.Map(func(r rune) rune {
		if r == ' ' || strings.ContainsRune(`()<>,;"\@`, r) {
			return -1
		}
		return r
	}, s)
}

func comment(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '(' || r == ')' || r == '\\' {
			return -1
		}
		return r
	}, Printable(s, 120))
}

// Printable makes text from a stranger fit for an answer, a header or a log:
// one line of valid UTF-8 without control characters, at most n bytes.
func Printable(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r == utf8.RuneError || r == '\u2028' || r == '\u2029' {
			return -1
		}
		return r
	}, s[:min(len(s), 4*n)])
	if len(s) > n {
		s = strings.ToValidUTF8(s[:n], "")
	}
	return s
}
