package e2e

import (
	"context"
	"slices"
	"testing"
	"time"

	"postroom/internal/app"
	"postroom/test/fixture"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// onFixture starts a server over a copy of a fixture.
func onFixture(t *testing.T, s fixture.Sizes) *world {
	t.Helper()
	dir := t.TempDir()
	if err := fixture.Copy(t.Context(), s, dir, func(text string) { t.Log(text) }); err != nil {
		t.Fatal(err)
	}
	c, err := app.DevConfig(dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	a, e, err := app.Dev(t.Context(), c, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := a.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return use(t, a, e)
}

// counted are a folder's counters as STATUS tells them.
type counted struct{ messages, unseen int }

func (w *world) status(c *imapclient.Client, folder string) (counted, int64) {
	w.Helper()
	s, err := c.Status(folder, &imap.StatusOptions{NumMessages: true, NumUnseen: true, Size: true}).Wait()
	w.ok(err)
	return counted{int(*s.NumMessages), int(*s.NumUnseen)}, *s.Size
}

// found counts what SEARCH finds.
func (w *world) found(c *imapclient.Client, by imap.SearchCriteria) int {
	w.Helper()
	got, err := c.UIDSearch(&by, nil).Wait()
	w.ok(err)
	return len(got.AllUIDs())
}

func (w *world) equal(what string, got, want any) {
	w.Helper()
	if got != want {
		w.Errorf("%s: %v, want %v", what, got, want)
	}
}

func count(n int, is func(int) bool) (sum int) {
	for i := range n {
		if is(i) {
			sum++
		}
	}
	return sum
}

// TestLargeFolder works on all messages of a folder of 15,000 in a store of
// 20,000: what was listed, found, flagged and expunged agrees with the counters,
// in this session and in another, and the store is sound behind it.
func TestLargeFolder(t *testing.T) {
	w := onFixture(t, fixture.Small)
	n := fixture.Small.Big
	alice := w.Users[0]
	c, other := w.imap(alice.Email, alice.Password), w.imap(alice.Email, alice.Password)
	box, err := c.Select("INBOX", nil).Wait()
	w.ok(err)
	w.equal("EXISTS", int(box.NumMessages), n)
	unseen := n - count(n, fixture.Seen)
	before, size := w.status(other, "INBOX")
	w.equal("counters", before, counted{n, unseen})
	other.Select("INBOX", nil).Wait() //nolint:errcheck // its STATUS is looked at below

	w.listAll(c, n)
	w.equal("SEARCH UNSEEN", w.found(c, imap.SearchCriteria{NotFlag: []imap.Flag{imap.FlagSeen}}), unseen)
	w.equal("SEARCH FLAGGED", w.found(c, imap.SearchCriteria{Flag: []imap.Flag{imap.FlagFlagged}}), count(n, fixture.Flagged))
	number := fixture.BigNumber(n / 2)
	w.equal("SEARCH SUBJECT", w.found(c, imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: "Subject", Value: fixture.Subject(fixture.BigTag, number)}}}), fixture.BigCopies)
	w.equal("SEARCH TEXT", w.found(c, imap.SearchCriteria{Text: []string{fixture.Mark(fixture.BigTag, number)}}), fixture.BigCopies)
	w.equal("SEARCH TEXT of other mailboxes", w.found(c, imap.SearchCriteria{Text: []string{fixture.Mark(fixture.EachTag, 1)}}), 0)

	store := func(from, to int, flag imap.Flag) {
		w.ok(c.Store(imap.SeqSet{{Start: uint32(from), Stop: uint32(to)}}, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{flag}}, nil).Close())
	}
	store(1, n, imap.FlagSeen)
	after, _ := w.status(other, "INBOX")
	w.equal("counters after all were read", after, counted{n, 0})
	store(1, n, imap.FlagFlagged)
	w.equal("SEARCH FLAGGED after all were flagged", w.found(c, imap.SearchCriteria{Flag: []imap.Flag{imap.FlagFlagged}}), n)

	half := n / 2
	store(1, half, imap.FlagDeleted)
	gone, err := c.Expunge().Collect()
	w.ok(err)
	w.equal("expunged", len(gone), half)
	after, rest := w.status(other, "INBOX")
	w.equal("counters after half was expunged", after, counted{n - half, 0})
	if rest <= 0 || rest >= size {
		t.Errorf("the folder had %d bytes and has %d", size, rest)
	}
	w.equal("SEARCH ALL", w.found(c, imap.SearchCriteria{}), n-half)
	w.ok(other.Noop().Wait())
	w.equal("messages in the other session", int(other.Mailbox().NumMessages), n-half)

	report, err := w.app.Verify(t.Context(), nil)
	w.ok(err)
	if report.Damaged != 0 {
		t.Errorf("the store is damaged: %+v", report.Damage)
	}
	if want := int64(fixture.Small.Boxes*fixture.Small.Each + n); report.Bodies != want {
		t.Errorf("the store has %d bodies, want %d: deleted messages stay for a while", report.Bodies, want)
	}
}

// listAll fetches flags and uids of a fresh big folder.
func (w *world) listAll(c *imapclient.Client, n int) {
	w.Helper()
	list, err := c.Fetch(imap.SeqSet{{Start: 1, Stop: 0}}, &imap.FetchOptions{UID: true, Flags: true}).Collect()
	w.ok(err)
	if len(list) != n {
		w.Fatalf("FETCH 1:* gave %d messages", len(list))
	}
	for i, m := range list {
		seen, flagged := slices.Contains(m.Flags, imap.FlagSeen), slices.Contains(m.Flags, imap.FlagFlagged)
		if int(m.UID) != i+1 || int(m.SeqNum) != i+1 || seen != fixture.Seen(i) || flagged != fixture.Flagged(i) {
			w.Fatalf("message %d is uid %d with %v", m.SeqNum, m.UID, m.Flags)
		}
	}
}
