package imap

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"postroom/internal/core/mailbox"
)

// likeMail is a message of 10 KiB as senders make them: trace fields, text and HTML.
func likeMail(n int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Received: from relay.x.test (relay.x.test [192.0.2.%d])\r\n\tby mx.x.test with ESMTPS id %x;\r\n\tWed, 25 Nov 2026 12:00:00 +0000\r\n", n%250, n*7919)
	fmt.Fprintf(&b, "Message-ID: <%d.many@x.test>\r\nDate: Wed, 25 Nov 2026 12:00:%02d +0000\r\nMIME-Version: 1.0\r\n", n, n%60)
	fmt.Fprintf(&b, "From: \"Sender Number%d\" <sender%d@x.test>\r\nTo: <alice@one.postroom.test>\r\n", n%200, n%200)
	fmt.Fprintf(&b, "In-Reply-To: <%d.many@x.test>\r\nReferences: <%d.many@x.test>\r\nSubject: A message among many about number %d\r\n", n-1, n-1, n%200)
	fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=\"=_%d\"\r\n\r\n--=_%d\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n", n, n)
	lines := func(size int, end string) {
		for i, at := 0, b.Len(); b.Len() < at+size; i++ {
			fmt.Fprintf(&b, "line %d of %d has the words %x %x %x that nobody reads%s\r\n", i, n, i*n*7919, i*104729, n*1299709, end)
		}
	}
	lines(4<<10, "")
	fmt.Fprintf(&b, "--=_%d\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n<html><body>\r\n", n)
	lines(5<<10, "<br>")
	fmt.Fprintf(&b, "</body></html>\r\n--=_%d--\r\n", n)
	return b.String()
}

// mailed is a house whose Inbox has n different messages like mail.
func mailed(b *testing.B, n int) *house {
	h := newHouse(b, nil)
	h.must(h.setQuota("alice", 100<<30))
	ctx, box := context.Background(), h.box("alice")
	for i := range n {
		text := likeMail(i)
		p, err := h.mailboxes.Prepare(ctx, h.org, strings.NewReader(text), int64(len(text)))
		h.must(err)
		_, err = h.mailboxes.Deliver(ctx, p, mailbox.Origin{}, []mailbox.Target{{Mailbox: box.ID()}})
		h.must(err)
	}
	return h
}

// BenchmarkListing is what mail programs ask of a whole folder.
func BenchmarkListing(b *testing.B) {
	const n = 2000
	h := mailed(b, n)
	r := h.signedIn("alice")
	r.SetDeadline(noEnd)
	r.ok("SELECT INBOX")
	for _, q := range []struct{ name, command string }{
		{"envelope", "FETCH 1:* (UID ENVELOPE)"},
		{"structure", "FETCH 1:* (UID RFC822.SIZE BODYSTRUCTURE)"},
		{"bodies", "FETCH 1:* (UID BODY.PEEK[])"},
		{"from", "SEARCH FROM sender7@x.test"},
		{"subject", `SEARCH SUBJECT "number 7"`},
	} {
		b.Run(q.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r.drain(q.command)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/msg")
		})
	}
}
