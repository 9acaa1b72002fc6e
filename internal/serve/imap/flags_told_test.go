package imap

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"testing"

	"postroom/internal/base/ids"
	"postroom/internal/core/mailbox"
	wire "postroom/internal/wire/imap"
)

// TestFlagsToldAreTheBase has another session undo its flag between the answers
// of a STORE and what is announced behind it: what was answered is corrected.
func TestFlagsToldAreTheBase(t *testing.T) {
	h := newHouse(t, nil)
	h.deliver("alice", "Subject: x\r\n\r\ny\r\n")
	box := h.box("alice")
	one := []mailbox.Range{{First: 1, Last: 1}}
	set := func(on, off mailbox.Flags, words ...string) {
		t.Helper()
		h.must(box.SetFlags(t.Context(), ids.Folder(1), one, on, off, words, nil))
	}
	for _, c := range []struct {
		silent bool
		want   string
	}{
		{false, "* 1 FETCH (FLAGS (\\Seen \\Flagged))\n* 1 FETCH (UID 1 FLAGS (\\Seen))\n"},
		{true, ""},
	} {
		set(0, ^mailbox.Flags(0))
		snap, err := box.Snapshot(t.Context(), 1)
		h.must(err)
		client, server := net.Pipe()
		x := &session{srv: h.server, ctx: t.Context(), enc: wire.NewEncoder(server), sel: &selected{box: box, folder: 1, snap: snap}}
		set(mailbox.Flagged, 0)
		set(mailbox.Seen, 0)
		_, err = x.stored(&wire.Store{Mode: wire.StoreAdd, Flags: wire.Flags{System: systemFlags(mailbox.Seen)}, Silent: c.silent}, []span{{1, 1}})
		h.must(err)
		set(0, mailbox.Flagged)
		h.must(x.announce(false))
		go func() { x.enc.Flush(); server.Close() }()
		var got strings.Builder
		for r := bufio.NewScanner(client); r.Scan(); {
			fmt.Fprintln(&got, r.Text())
		}
		if got.String() != c.want {
			t.Errorf("silent %v: %q, want %q", c.silent, got.String(), c.want)
		}
	}
}
