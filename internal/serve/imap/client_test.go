package imap

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

func (h *house) client(o *imapclient.Options) *imapclient.Client {
	h.Helper()
	c, err := tls.Dial("tcp", h.addrs["imaps"], h.TLS())
	h.must(err)
	cl := imapclient.New(c, o)
	h.Cleanup(func() { cl.Close() })
	h.must(cl.Login("alice@one."+base, password).Wait())
	return cl
}

// TestForeignClient drives the server with a client that others wrote.
func TestForeignClient(t *testing.T) {
	h := newHouse(t, nil)
	c := h.client(nil)
	text := "From: Bob <bob@x.test>\r\nTo: alice@one.postroom.test\r\nSubject: from a client\r\nMessage-ID: <c@x.test>\r\n" +
		"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nfirst part\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>x\r\n--b--\r\n"
	w := c.Append("INBOX", int64(len(text)), &goimap.AppendOptions{Flags: []goimap.Flag{goimap.FlagFlagged}})
	_, err := io.WriteString(w, text)
	h.must(err)
	h.must(w.Close())
	appended, err := w.Wait()
	h.must(err)
	if appended.UID != 1 {
		t.Fatalf("APPENDUID %v", appended)
	}
	sel, err := c.Select("INBOX", nil).Wait()
	h.must(err)
	if sel.NumMessages != 1 || sel.UIDNext != 2 || sel.UIDValidity != appended.UIDValidity {
		t.Fatalf("SELECT %+v", sel)
	}
	list, err := c.List("", "*", &goimap.ListOptions{ReturnStatus: &goimap.StatusOptions{NumMessages: true}}).Collect()
	h.must(err)
	if len(list) != 6 || list[0].Status == nil || *list[0].Status.NumMessages != 1 {
		t.Fatalf("LIST %d %+v", len(list), list[0])
	}
	got, err := c.Fetch(goimap.SeqSetNum(1), &goimap.FetchOptions{Envelope: true, Flags: true, UID: true, RFC822Size: true, InternalDate: true,
		BodyStructure: &goimap.FetchItemBodyStructure{Extended: true}, BodySection: []*goimap.FetchItemBodySection{{}, {Part: []int{1}}}}).Collect()
	h.must(err)
	m := got[0]
	if m.Envelope.Subject != "from a client" || m.Envelope.From[0].Addr() != "bob@x.test" || m.RFC822Size != int64(len(text)) ||
		m.BodyStructure.MediaType() != "multipart/mixed" || len(m.Flags) != 2 {
		t.Fatalf("FETCH %+v", m)
	}
	for _, b := range m.BodySection {
		if len(b.Section.Part) == 0 && string(b.Bytes) != text || len(b.Section.Part) == 1 && string(b.Bytes) != "first part" {
			t.Fatalf("section %v: %q", b.Section, b.Bytes)
		}
	}
	found, err := c.UIDSearch(&goimap.SearchCriteria{Header: []goimap.SearchCriteriaHeaderField{{Key: "Subject", Value: "CLIENT"}}}, &goimap.SearchOptions{ReturnAll: true, ReturnCount: true}).Wait()
	h.must(err)
	if found.Count != 1 || found.AllUIDs()[0] != 1 {
		t.Fatalf("SEARCH %+v", found)
	}
	moved, err := c.Move(goimap.SeqSetNum(1), "Deleted Items").Wait()
	h.must(err)
	if moved.UIDValidity == 0 {
		t.Fatalf("MOVE %+v", moved)
	}
	ns, err := c.Namespace().Wait()
	h.must(err)
	if len(ns.Personal) != 1 || len(ns.Other) != 1 {
		t.Fatalf("NAMESPACE %+v", ns)
	}
	h.must(c.UnselectAndExpunge().Wait())
	h.must(c.Logout().Wait())
}

// TestIdlePushIsQuick measures from the commit of a delivery to the line at the
// client; the promise is 20 ms from SMTP accept to push.
func TestIdlePushIsQuick(t *testing.T) {
	h := newHouse(t, nil)
	exists := make(chan uint32, 100)
	c := h.client(&imapclient.Options{UnilateralDataHandler: &imapclient.UnilateralDataHandler{Mailbox: func(d *imapclient.UnilateralDataMailbox) {
		if d.NumMessages != nil {
			exists <- *d.NumMessages
		}
	}}})
	_, err := c.Select("INBOX", nil).Wait()
	h.must(err)
	idle, err := c.Idle()
	h.must(err)
	best := time.Hour
	for i := range 10 {
		h.deliver("alice", fmt.Sprintf("Subject: %d\r\n\r\nx\r\n", i))
		start := time.Now()
		select {
		case n := <-exists:
			if int(n) != i+1 {
				t.Fatalf("EXISTS %d after %d", n, i+1)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("nothing came")
		}
		best = min(best, time.Since(start))
	}
	t.Logf("best push %v", best)
	if best > 20*time.Millisecond {
		t.Errorf("a push took %v at best", best)
	}
	h.must(idle.Close())
	h.must(idle.Wait())
}

// TestLargeBodyRanges reads the end of a large message and all of it.
func TestLargeBodyRanges(t *testing.T) {
	h := newHouse(t, func(c *Config) { c.MaxMessage = 40 << 20 })
	c := h.client(nil)
	body := bytes.Repeat([]byte(strings.Repeat("0123456789abcde", 5)+"\r\n"), 12<<20/77)
	text := append([]byte("Subject: big\r\n\r\n"), body...)
	w := c.Append("INBOX", int64(len(text)), nil)
	_, err := w.Write(text)
	h.must(err)
	h.must(w.Close())
	_, err = w.Wait()
	h.must(err)
	_, err = c.Select("INBOX", nil).Wait()
	h.must(err)
	part := &goimap.SectionPartial{Offset: int64(len(text)) - 1<<20, Size: 1 << 20}
	start := time.Now()
	got, err := c.Fetch(goimap.SeqSetNum(1), &goimap.FetchOptions{BodySection: []*goimap.FetchItemBodySection{{Peek: true, Partial: part}}}).Collect()
	h.must(err)
	t.Logf("last MB of %d in %v", len(text), time.Since(start))
	if !bytes.Equal(got[0].BodySection[0].Bytes, text[part.Offset:]) {
		t.Fatal("the range is not right")
	}
	got, err = c.Fetch(goimap.SeqSetNum(1), &goimap.FetchOptions{BodySection: []*goimap.FetchItemBodySection{{Peek: true}}}).Collect()
	h.must(err)
	if !bytes.Equal(got[0].BodySection[0].Bytes, text) {
		t.Fatal("the message is not right")
	}
}
