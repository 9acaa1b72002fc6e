package imap

import (
	"io"
	"strings"
	"testing"
	"time"

	"postroom/internal/core/access"
	"postroom/internal/core/directory"
	"postroom/internal/core/mailbox"
	"postroom/internal/core/tx"
)

// TestEndedRightsServeNothing ends alice's access to bob's mailbox in each way
// there is; the very next command of a session that has it open is refused, and
// nothing is read or changed.
func TestEndedRightsServeNothing(t *testing.T) {
	h := newHouse(t, func(c *Config) { c.RecheckEvery = time.Hour })
	for i := range 3 {
		h.deliver("bob", "Subject: "+string(rune('a'+i))+"\r\n\r\ny\r\n")
	}
	ctx := t.Context()
	grants, users := h.access.View(h.org, by, 0), h.directory.View(h.org, by, 0)
	hook, err := users.Registered("staff@one."+base, func(*tx.Tx, *directory.Entry) error { return nil })
	h.must(err)
	_, err = users.CreateGroup(ctx, directory.NewGroup{Name: "staff"}, hook)
	h.must(err)
	full := access.Rights{Full: true}
	opened := func() *raw {
		r := h.signedIn("alice")
		r.ok(`SELECT "Other Users/bob/Inbox"`)
		return r
	}
	ended := func(r *raw, command string) {
		t.Helper()
		if got, lines := r.do(command); !strings.HasPrefix(got, "t NO [NOPERM]") || len(lines) > 0 {
			t.Errorf("%s: %q %q", command, lines, got)
		}
		if l := r.line(); !strings.HasPrefix(l, "* BYE [NOPERM]") {
			t.Errorf("%s: %q", command, l)
		}
	}
	for _, command := range []string{"FETCH 1:* FLAGS", "UID FETCH 1:* BODY.PEEK[]", "STORE 1 +FLAGS (\\Deleted)", "COPY 1:* INBOX", "UID MOVE 1:* INBOX",
		"SEARCH ALL", "EXPUNGE", "UID EXPUNGE 1:*", "CLOSE", "NOOP", "IDLE"} {
		h.must(grants.PutMailboxPermissions(ctx, "bob", "alice", full))
		r := opened()
		r.ok("STORE 2 +FLAGS.SILENT (\\Deleted)")
		h.must(grants.DeleteMailboxPermissions(ctx, "bob", "alice"))
		ended(r, command)
	}

	h.must(grants.PutMailboxPermissions(ctx, "bob", "staff", full))
	h.must(users.AssociateMemberToGroup(ctx, "staff", "alice"))
	r := opened()
	h.must(users.DisassociateMemberFromGroup(ctx, "staff", "alice"))
	ended(r, "FETCH 1:* UID")

	h.must(users.AssociateMemberToGroup(ctx, "staff", "alice"))
	idle, r := opened(), opened()
	_, err = io.WriteString(idle, "t IDLE\r\n")
	h.must(err)
	if l := idle.line(); !strings.HasPrefix(l, "+") {
		t.Fatal(l)
	}
	h.must(users.DisassociateMemberFromGroup(ctx, "staff", "alice"))
	h.deliver("bob", "Subject: not for alice\r\n\r\ny\r\n")
	if l := idle.line(); !strings.HasPrefix(l, "* BYE [NOPERM]") {
		t.Fatal(l)
	}
	ended(r, "NOOP")

	snap, err := h.box("bob").Snapshot(ctx, 1)
	h.must(err)
	if snap.Len() != 4 || snap.At(1).Flags != 0 || snap.At(2).Flags != mailbox.Deleted {
		t.Fatal(snap.Len(), snap.At(1), snap.At(2))
	}
	h.must(users.AssociateMemberToGroup(ctx, "staff", "alice"))
	r = opened()
	_, err = users.DeregisterFromWorkMail(ctx, "bob", func(t *tx.Tx, e *directory.Entry) error {
		return h.mailboxes.Detach(t.Context(), t, e.Mailbox, time.Now())
	})
	h.must(err)
	ended(r, "COPY 1 INBOX")
	if got := h.signedIn("alice").ok("STATUS INBOX (MESSAGES)"); got[0] != "* STATUS INBOX (MESSAGES 0)" {
		t.Fatal(got)
	}
}

// TestRevokedSignInServesNothing: once the revocation has returned no command
// of the session is served, also where it comes at that very moment.
func TestRevokedSignInServesNothing(t *testing.T) {
	h := newHouse(t, nil)
	for range 50 {
		r := h.signedIn("alice")
		r.ok("SELECT INBOX")
		h.auth.Revoked(h.org, h.entry("alice").ID)
		io.WriteString(r, "t NOOP\r\n")
		if l := r.line(); !strings.HasPrefix(l, "* BYE [UNAVAILABLE]") {
			t.Fatal(l)
		}
		r.Close()
	}
}
