package auth_test

import (
	"testing"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/auth"
	"postroom/internal/core/directory"
	"postroom/internal/core/tx"
	"postroom/test/samba"
)

// TestActiveDirectory: Samba as it comes, which takes a former password for an
// hour after a reset.
func TestActiveDirectory(t *testing.T) {
	dc := samba.Start(t)
	h := newHouse(t)
	c := h.connected("ad", directory.Settings{Kind: directory.MicrosoftAD, Servers: []string{dc.Address}, CA: dc.CA, Account: samba.Writer, Secret: samba.Password, BaseDN: samba.MailOU})
	mailbox := func(t *tx.Tx, e *directory.Entry) error { e.Mailbox = ids.NewMailbox(); return nil }
	const email = "eve@ad.test.example"
	e, err := h.view(c.Organization).CreateUser(h.ctx, directory.NewUser{Name: "eve", DisplayName: "Eve", Password: word}, nil)
	h.must(err)
	_, err = h.view(c.Organization).RegisterToWorkMail(h.ctx, string(e.ID), email, mailbox)
	h.must(err)
	c.turn()
	for _, name := range []string{email, `CORP\eve`, `ad\eve`, "eve@corp.example.test"} {
		if a, err := h.try(name, word); err != nil || a.Entry() != e.ID {
			t.Errorf("%s: %v", name, err)
		}
	}
	refused := func(name, password string) {
		h.Helper()
		_, err := h.try(name, password)
		h.want(errs.Unauthenticated, err)
	}
	refused(`CORP\eve`, "wrong")
	refused(`CORP\nobody`, word)
	refused(email, "")
	c.turn()

	// Reset in the directory: the mirror sees it, and the former one is over.
	const second, third, fourth = "Second-passw0rd", "Third-passw0rd", "Fourth-passw0rd"
	a := h.in(email, word)
	dc.Tool("user", "setpassword", "eve", "--newpassword="+second)
	c.turn()
	if !ended(a) {
		t.Error("what the former password opened goes on")
	}
	refused(email, word)
	if _, err := h.process().SignIn(h.ctx, auth.Attempt{Name: email, Password: word, Head: "imap", Remote: home}); !errs.Is(err, errs.Unauthenticated) {
		t.Error("the former password is taken by a new process", err)
	}
	h.dir.OnRevoked(h.Service)
	h.in(email, second)

	// Reset through us: only the new one is taken, in every process.
	h.must(h.view(c.Organization).ResetPassword(h.ctx, string(e.ID), third))
	c.turn()
	if _, err := h.process().SignIn(h.ctx, auth.Attempt{Name: email, Password: second, Head: "imap", Remote: home}); !errs.Is(err, errs.Unauthenticated) {
		t.Error("the former password is taken by a new process", err)
	}
	h.in(email, third)

	// The policy's refusal, and an account that must change its password at the next sign-in.
	h.want(errs.Password, h.view(c.Organization).ResetPassword(h.ctx, string(e.ID), "short"))
	dc.Tool("user", "setpassword", "eve", "--newpassword="+fourth, "--must-change-at-next-login")
	c.turn()
	refused(email, fourth)
	dc.Tool("user", "disable", "eve")
	c.turn()
	refused(email, fourth)
	now, err := h.dir.ByID(h.ctx, nil, c.ID, e.ID)
	h.must(err)
	if now.Shown() != directory.Disabled || now.State != directory.Enabled {
		t.Errorf("%+v", now)
	}
	dc.Stop()
	h.clock.Move(time.Hour)
	_, err = h.try(email, fourth)
	h.want(errs.Unavailable, err)
}
