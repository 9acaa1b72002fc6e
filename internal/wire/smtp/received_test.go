package smtp

import (
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestReceived(t *testing.T) {
	tr := Trace{Helo: "x.example\r\nBcc: y (", Remote: netip.MustParseAddr("2001:db8::1"), RDNS: "host.example", By: "mx.example.com", With: "ESMTPS", ID: "abc",
		For: "a@b.com\r\nX: y", TLS: "TLS1.3 (x)", Time: time.Date(2025, 7, 1, 10, 0, 0, 0, time.UTC)}
	want := "Received: from x.exampleBcc:y (host.example [IPv6:2001:db8::1])\r\n\tby mx.example.com with ESMTPS\r\n\t(TLS1.3 x)\r\n\tid abc;\r\n\tTue, 1 Jul 2025 10:00:00 +0000\r\n"
	if got := Received(tr); got != want {
		t.Errorf("%q", got)
	}
	tr.Helo, tr.For = strings.Repeat("h", 10000), "a@b.com"
	for _, line := range strings.Split(Received(tr), "\r\n") {
		if len(line) > 400 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("%q", line)
		}
	}
	if got := Printable("no\r\n250 such \x00user", 100); strings.ContainsAny(got, "\r\n\x00") {
		t.Errorf("%q", got)
	}
}
