package app_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/smtp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"postroom/internal/app"
	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/mailbox"
	"postroom/internal/core/org"
	"postroom/test/services"
)

// house is a running server with its sample organization.
type house struct {
	*testing.T
	srv *app.App
	*app.Endpoints
	dir string
}

func open(t *testing.T, dir string, change ...func(*app.Config)) *house {
	t.Helper()
	c, err := app.DevConfig(dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range change {
		f(&c)
	}
	a, e, err := app.Dev(t.Context(), c, nil)
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t, a, e, dir}
	t.Cleanup(h.close)
	return h
}

func (h *house) close() {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := h.srv.Close(ctx); err != nil {
		h.Error(err)
	}
}

func (h *house) send(to, id, body string) error {
	text := fmt.Sprintf("From: <sender@elsewhere.example>\r\nTo: <%s>\r\nSubject: %s\r\nMessage-ID: <%s@elsewhere.example>\r\n\r\n%s\r\n", to, id, id, body)
	c, err := smtp.Dial(h.SMTP)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := errors.Join(c.Mail("sender@elsewhere.example"), c.Rcpt(to)); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, text)
	return errors.Join(err, w.Close())
}

// mail reads every message of a user's folder: Message-ID to body.
func (h *house) mail(user *app.SampleUser, path string) map[string]string {
	h.Helper()
	m := h.box(user)
	f, err := m.Folder(h.Context(), path)
	if err != nil {
		h.Fatal(err)
	}
	all := map[string]string{}
	var items []mailbox.Item
	if err := m.Items(h.Context(), f.ID, mailbox.Range{First: 1, Last: 1<<32 - 1}, false, func(it mailbox.Item) error {
		items = append(items, it)
		return nil
	}); err != nil {
		h.Fatal(err)
	}
	for _, it := range items {
		c, err := m.Open(h.Context(), it)
		if err != nil {
			h.Fatal(err)
		}
		text, err := io.ReadAll(io.NewSectionReader(c, 0, it.Size))
		c.Close()
		if err != nil {
			h.Fatal(err)
		}
		_, id, _ := strings.Cut(string(text), "Message-ID: <")
		id, _, _ = strings.Cut(id, "@")
		if _, twice := all[id]; twice {
			h.Errorf("%s is there twice", id)
		}
		all[id] = string(text)
	}
	if int64(len(all)) != f.Total {
		h.Errorf("%s counts %d and has %d", path, f.Total, len(all))
	}
	return all
}

func (h *house) box(user *app.SampleUser) *mailbox.Mailbox {
	h.Helper()
	r := h.srv.Regions[0]
	b, err := r.Mail.BoxOf(h.Context(), nil, ids.Org(h.Organization.ID), ids.Entry(user.ID))
	if err != nil {
		h.Fatal(err)
	}
	m, err := r.Mailboxes.OpenFor(h.Context(), b.ID, h.srv.Auth.Operator("test"))
	if err != nil {
		h.Fatal(err)
	}
	return m
}

func (h *house) sound() app.VerifyReport {
	h.Helper()
	report, err := h.srv.Verify(h.Context(), nil)
	if err != nil || report.Damaged != 0 {
		h.Fatalf("%v %+v", err, report.Damage)
	}
	return report
}

// restored starts a server on what a backup has.
func (h *house) restored(from string, change ...func(*app.Config)) *house {
	h.Helper()
	dir := filepath.Join(h.TempDir(), "data")
	c, err := app.DevConfig(dir, 0)
	if err != nil {
		h.Fatal(err)
	}
	for _, f := range change {
		f(&c)
	}
	key := filepath.Join(h.dir, "master.key")
	if _, err := app.Restore(h.Context(), app.RestoreOptions{From: from, Config: c, MasterKey: key}, nil); err != nil {
		h.Fatal(err)
	}
	if err := app.TakeOver(dir); err != nil {
		h.Fatal(err)
	}
	return open(h.T, dir, change...)
}

// Row 13: a backup made while mail flows is one moment of it, and is whole.
func TestBackupWhileMailFlows(t *testing.T) {
	for _, engine := range []string{"SQLite and files", "PostgreSQL and S3"} {
		t.Run(engine, func(t *testing.T) {
			on := func(c *app.Config) {}
			if strings.HasPrefix(engine, "PostgreSQL") {
				on = elsewhere(t)
			}
			h := open(t, t.TempDir(), on)
			alice := h.Users[0]
			var mu sync.Mutex
			var before []string // answered before the backup began
			var began, ended atomic.Bool
			var after []string // begun after it ended
			stop, cancel := context.WithCancel(t.Context())
			defer cancel()
			var senders sync.WaitGroup
			for i := range 4 {
				senders.Go(func() {
					for n := 0; stop.Err() == nil; n++ {
						id := fmt.Sprintf("m-%d-%d", i, n)
						late := ended.Load()
						if err := h.send(alice.Email, id, strings.Repeat("text of "+id+"\r\n", 200)); err != nil {
							t.Error(err)
							return
						}
						mu.Lock()
						if !began.Load() {
							before = append(before, id)
						}
						if late {
							after = append(after, id)
						}
						mu.Unlock()
					}
				})
			}
			to := filepath.Join(t.TempDir(), "backup")
			wait(t, func() bool { mu.Lock(); defer mu.Unlock(); return len(before) > 100 })
			began.Store(true)
			first, err := h.srv.Backup(t.Context(), to, nil)
			ended.Store(true)
			if err != nil {
				t.Fatal(err)
			}
			wait(t, func() bool { mu.Lock(); defer mu.Unlock(); return len(after) > 20 })
			cancel()
			senders.Wait()
			if _, err := app.CheckBackup(t.Context(), to, nil); err != nil {
				t.Fatal(err)
			}
			var off []func(*app.Config)
			if strings.HasPrefix(engine, "PostgreSQL") {
				// A backup goes back into either engine.
				off = append(off, elsewhere(t))
			}
			r := h.restored(to, off...)
			r.sound()
			got := r.mail(alice, "Inbox")
			for _, id := range before {
				if !strings.Contains(got[id], "text of "+id) {
					t.Fatalf("%s was answered before the backup and is not in it", id)
				}
			}
			for _, id := range after {
				if got[id] != "" {
					t.Fatalf("%s came after the backup and is in it", id)
				}
			}
			h.sound()
			if len(off) > 0 {
				h.restored(to).sound() // the same backup, into SQLite
				return
			}
			again, err := h.srv.Backup(t.Context(), to, nil)
			if err != nil {
				t.Fatal(err)
			}
			if third, err := h.srv.Backup(t.Context(), to, nil); err != nil || third.Copied >= again.Copied || first.Copied == 0 {
				t.Errorf("%v: copied %d, then %d, then %d", err, first.Copied, again.Copied, third.Copied)
			}
		})
	}
}

// elsewhere is a database of PostgreSQL and a bucket.
func elsewhere(t *testing.T) func(*app.Config) {
	dsn, b := services.Postgres(t, services.NoFsync), services.S3(t)
	return func(c *app.Config) {
		c.Database.DSN = dsn
		c.S3 = app.S3{Endpoint: b.Endpoint, Bucket: b.Bucket, Region: b.Region, AccessKey: b.AccessKey, Secret: b.Secret, PathStyle: true}
	}
}

func wait(t *testing.T, ready func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !ready(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it did not happen within a minute")
		}
	}
}

// Row 10: after a restore every client starts anew, at values never given out.
func TestRestoreRenewsMailboxes(t *testing.T) {
	h := open(t, t.TempDir())
	alice := h.Users[0]
	if err := h.send(alice.Email, "one", "text"); err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "backup")
	if _, err := h.srv.Backup(t.Context(), to, nil); err != nil {
		t.Fatal(err)
	}
	m := h.box(alice)
	given := map[uint32]bool{}
	for i := range 50 { // given out after the backup, and lost
		f, err := m.CreateFolder(t.Context(), fmt.Sprintf("late %d", i), mailbox.KindMail)
		if err != nil {
			t.Fatal(err)
		}
		given[f.UIDValidity] = true
	}
	was, err := m.Folders(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range was {
		given[f.UIDValidity] = true
	}
	box := func(h *house) mailbox.Box {
		b, err := h.srv.Regions[0].Mail.BoxOf(t.Context(), nil, ids.Org(h.Organization.ID), ids.Entry(alice.ID))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	r := h.restored(to)
	now, err := r.box(alice).Folders(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[uint32]bool{}
	for _, f := range now {
		if given[f.UIDValidity] || seen[f.UIDValidity] {
			t.Errorf("%s has the uidvalidity %d, which was given out", f.Path, f.UIDValidity)
		}
		seen[f.UIDValidity] = true
	}
	if a, b := box(h).Epoch, box(r).Epoch; b <= a {
		t.Errorf("epoch %d after %d", b, a)
	}
	f, err := r.box(alice).CreateFolder(t.Context(), "new", mailbox.KindMail)
	if err != nil || seen[f.UIDValidity] || given[f.UIDValidity] {
		t.Errorf("a new folder has the uidvalidity %d: %v", f.UIDValidity, err)
	}
}

// Row 15: a backup that is cut or altered is refused before anything is touched.
func TestDamagedBackupIsRefused(t *testing.T) {
	h := open(t, t.TempDir())
	for i := range 20 {
		if err := h.send(h.Users[0].Email, fmt.Sprint("m", i), strings.Repeat("text ", 3000)); err != nil {
			t.Fatal(err)
		}
	}
	to := filepath.Join(t.TempDir(), "backup")
	if _, err := h.srv.Backup(t.Context(), to, nil); err != nil {
		t.Fatal(err)
	}
	var files []string
	filepath.WalkDir(to, func(name string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && d.Name() != "lock" {
			files = append(files, name)
		}
		return err
	})
	if len(files) < 7 {
		t.Fatal(files)
	}
	key := filepath.Join(h.dir, "master.key")
	refused := func(what string) {
		t.Helper()
		dir := filepath.Join(t.TempDir(), "data")
		c, err := app.DevConfig(dir, 0)
		if err != nil {
			t.Fatal(err)
		}
		_, err = app.Restore(t.Context(), app.RestoreOptions{From: to, Config: c, MasterKey: key}, nil)
		if !errs.Is(err, errs.Invalid) || len(errs.Public(err)) < 20 {
			t.Errorf("%s: %v", what, err)
		}
		if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: the data folder was touched", what)
		}
	}
	cuts := 0
	for _, name := range files {
		whole, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 4 {
			at := len(whole) * i / 4
			if err := os.WriteFile(name, whole[:at], 0o600); err != nil {
				t.Fatal(err)
			}
			refused(fmt.Sprintf("%s cut at %d", filepath.Base(name), at))
			altered := bytes.Clone(whole)
			altered[at] ^= 1
			if err := os.WriteFile(name, altered, 0o600); err != nil {
				t.Fatal(err)
			}
			refused(fmt.Sprintf("%s altered at %d", filepath.Base(name), at))
			cuts++
		}
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
		refused(filepath.Base(name) + " missing")
		if err := os.WriteFile(name, whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if cuts < 20 {
		t.Errorf("only %d cuts", cuts)
	}
	// A manifest whose text was changed with care is refused by its seal.
	name := filepath.Join(to, "manifest.json")
	whole, _ := os.ReadFile(name)
	os.WriteFile(name, bytes.Replace(whole, []byte(`"eu-west-1"`), []byte(`"us-west-1"`), 1), 0o600)
	c, _ := app.DevConfig(filepath.Join(t.TempDir(), "data"), 0)
	c.Regions = []string{"us-east-1", "us-west-1"}
	if _, err := app.Restore(t.Context(), app.RestoreOptions{From: to, Config: c, MasterKey: key}, nil); !errs.Is(err, errs.Invalid) {
		t.Errorf("a changed manifest: %v", err)
	}
	os.WriteFile(name, whole, 0o600)
	other := filepath.Join(t.TempDir(), "other.key")
	os.WriteFile(other, bytes.Repeat([]byte{7}, 32), 0o600)
	c, _ = app.DevConfig(filepath.Join(t.TempDir(), "data"), 0)
	if _, err := app.Restore(t.Context(), app.RestoreOptions{From: to, Config: c, MasterKey: other}, nil); !errs.Is(err, errs.Config) {
		t.Errorf("another master key: %v", err)
	}
	if _, err := app.Restore(t.Context(), app.RestoreOptions{From: to, Config: c}, nil); !errs.Is(err, errs.Config) {
		t.Errorf("no master key: %v", err)
	}
	full := t.TempDir()
	os.WriteFile(filepath.Join(full, "something"), nil, 0o600)
	c, _ = app.DevConfig(full, 0)
	if _, err := app.Restore(t.Context(), app.RestoreOptions{From: to, Config: c, MasterKey: key}, nil); !errs.Is(err, errs.InUse) {
		t.Errorf("a folder that is not empty: %v", err)
	}
	h.restored(to).sound() // it was whole all the time
}

// A restore that was cut off leaves a folder that no server starts on.
func TestUnfinishedRestore(t *testing.T) {
	h := open(t, t.TempDir())
	to := filepath.Join(t.TempDir(), "backup")
	if _, err := h.srv.Backup(t.Context(), to, nil); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "data")
	c, _ := app.DevConfig(dir, 0)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := app.Restore(ctx, app.RestoreOptions{From: to, Config: c, MasterKey: filepath.Join(h.dir, "master.key")}, func(s app.Step) {
		if strings.HasPrefix(s.What, "restoring regions/") {
			cancel()
		}
	})
	if err == nil {
		t.Fatal("it was not cut off")
	}
	if _, err := app.New(t.Context(), c, app.Options{}); !errs.Is(err, errs.Config) || !strings.Contains(errs.Public(err), "did not finish") {
		t.Errorf("a server starts on it: %v", err)
	}
}

// Row 16: a second process on the folder ends with a clear text.
func TestTwoServersOnOneFolder(t *testing.T) {
	h := open(t, t.TempDir())
	c, _ := app.DevConfig(h.dir, 0)
	_, err := app.New(t.Context(), c, app.Options{})
	if !errs.Is(err, errs.InUse) || !strings.Contains(errs.Public(err), h.dir) {
		t.Error(err)
	}
	if _, err := app.Restore(t.Context(), app.RestoreOptions{From: t.TempDir(), Config: c}, nil); err == nil {
		t.Error("a restore over a running server was not refused")
	}
}

// Row 9: a flipped bit is found and the message is named; row 14: the backup gives
// this one message back and changes nothing else.
func TestBitRot(t *testing.T) {
	h := open(t, t.TempDir())
	alice, bob := h.Users[0], h.Users[1]
	for i := range 10 {
		for _, u := range []*app.SampleUser{alice, bob} {
			if err := h.send(u.Email, fmt.Sprint("m", i), strings.Repeat(fmt.Sprint("body ", i), 500)); err != nil {
				t.Fatal(err)
			}
		}
	}
	to := filepath.Join(t.TempDir(), "backup")
	if _, err := h.srv.Backup(t.Context(), to, nil); err != nil {
		t.Fatal(err)
	}
	r := h.srv.Regions[0]
	box, err := r.Mail.BoxOf(t.Context(), nil, ids.Org(h.Organization.ID), ids.Entry(alice.ID))
	if err != nil {
		t.Fatal(err)
	}
	bodies, err := r.Mail.BodiesOf(t.Context(), box.ID, 0, 100)
	if err != nil || len(bodies) != 10 {
		t.Fatal(err, len(bodies))
	}
	hit := bodies[4]
	flip(t, filepath.Join(h.dir, "regions", r.Name, "packs", fmt.Sprintf("%08d.pack", hit.Pack)), hit.Offset+hit.Length/2)
	report, err := h.srv.Verify(t.Context(), nil)
	if err != nil || report.Damaged != 1 {
		t.Fatalf("%v %+v", err, report)
	}
	d := report.Damage[0]
	if d.Owner != alice.Email || d.Folder != "Inbox" || d.UID != 5 || d.Mailbox == "" || !strings.Contains(d.What, "pack") {
		t.Errorf("%+v", d)
	}
	bobs := h.mail(bob, "Inbox")
	_, err = h.srv.RestoreMailbox(t.Context(), app.RestoreMailbox{From: to, Mailbox: alice.Email, MessageID: "m4@elsewhere.example"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	folders, err := h.box(alice).Folders(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(folders, func(f mailbox.Folder) bool {
		return strings.HasPrefix(f.Path, "Restored ") && strings.HasSuffix(f.Path, "/Inbox")
	})
	if i < 0 || folders[i].Total != 1 {
		t.Fatalf("%+v", folders)
	}
	if back := h.mail(alice, folders[i].Path); !strings.Contains(back["m4"], "body 4") {
		t.Errorf("%v", back)
	}
	if now := h.mail(bob, "Inbox"); fmt.Sprint(now) != fmt.Sprint(bobs) {
		t.Error("bob's mailbox changed")
	}
}

func flip(t *testing.T, name string, at int64) {
	t.Helper()
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b := make([]byte, 1)
	if _, err := f.ReadAt(b, at); err != nil {
		t.Fatal(err)
	}
	b[0] ^= 0x10
	if _, err := f.WriteAt(b, at); err != nil {
		t.Fatal(err)
	}
}

// Row 14: one mailbox comes back with its folders, flags, keywords and dates.
func TestRestoreMailbox(t *testing.T) {
	ctx := t.Context()
	h := open(t, t.TempDir())
	alice, bob := h.Users[0], h.Users[1]
	m := h.box(alice)
	f, err := m.CreateFolder(ctx, "Work/Deep", mailbox.KindMail)
	if err != nil {
		t.Fatal(err)
	}
	received := time.Date(2020, 2, 3, 4, 5, 6, 0, time.UTC)
	text := "Subject: kept\r\nMessage-ID: <kept@elsewhere.example>\r\n\r\nkept\r\n"
	p, err := m.Prepare(ctx, strings.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Append(ctx, p, mailbox.Target{Folder: f.ID, Flags: mailbox.Seen | mailbox.Flagged, Keywords: []string{"$Important"}, Received: received}); err != nil {
		t.Fatal(err)
	}
	if err := h.send(alice.Email, "in", "inbox"); err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "backup")
	if _, err := h.srv.Backup(ctx, to, nil); err != nil {
		t.Fatal(err)
	}
	snap, err := m.Snapshot(ctx, f.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Delete(ctx, f.ID, snap.All()); err != nil {
		t.Fatal(err)
	}
	if err := h.send(alice.Email, "later", "inbox"); err != nil {
		t.Fatal(err)
	}
	check := func(m *mailbox.Mailbox, path string) {
		t.Helper()
		f, err := m.Folder(ctx, path)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		if err := m.Items(ctx, f.ID, mailbox.Range{First: 1, Last: 1<<32 - 1}, false, func(it mailbox.Item) error {
			n++
			words, err := m.Keywords(ctx)
			if err != nil {
				return err
			}
			if it.Flags&(mailbox.Seen|mailbox.Flagged) != mailbox.Seen|mailbox.Flagged || !it.Received.Equal(received) ||
				!slices.Equal(words.Names(it.Flags), []string{"$Important"}) {
				t.Errorf("%s: flags %b, keywords %v, received %v", path, it.Flags, words.Names(it.Flags), it.Received)
			}
			return nil
		}); err != nil || n != 1 {
			t.Errorf("%s: %d messages, %v", path, n, err)
		}
	}
	out, err := h.srv.RestoreMailbox(ctx, app.RestoreMailbox{From: to, Mailbox: alice.Email}, nil)
	if err != nil || out.Messages != 2 {
		t.Fatalf("%v %+v", err, out)
	}
	check(m, out.Below+"/Work/Deep")
	// In place: the folder is as in the backup, the others stay.
	out, err = h.srv.RestoreMailbox(ctx, app.RestoreMailbox{From: to, Mailbox: alice.ID, Organization: h.Organization.ID, Folder: "Work", Replace: true}, nil)
	if err != nil || out.Messages != 1 || out.Below != "" {
		t.Fatalf("%v %+v", err, out)
	}
	check(m, "Work/Deep")
	if in := h.mail(alice, "Inbox"); len(in) != 2 {
		t.Errorf("%d messages in the Inbox", len(in))
	}
	// Into another mailbox.
	out, err = h.srv.RestoreMailbox(ctx, app.RestoreMailbox{From: to, Mailbox: alice.Email, Into: bob.Email}, nil)
	if err != nil || out.Messages != 2 {
		t.Fatalf("%v %+v", err, out)
	}
	check(h.box(bob), out.Below+"/Work/Deep")
	for _, in := range []app.RestoreMailbox{
		{From: to, Mailbox: "nobody@example.postroom.test"}, {From: to, Mailbox: alice.Email, Into: "nobody@example.postroom.test"},
		{From: to, Mailbox: alice.Email, Folder: "No such"}, {From: to, Mailbox: alice.Email, MessageID: "no@such"},
	} {
		if _, err := h.srv.RestoreMailbox(ctx, in, nil); !errs.Is(err, errs.NotFound) || errs.Public(err) == "" {
			t.Errorf("%+v: %v", in, err)
		}
	}
	h.sound()
}

// Claims and organizations agree after a restore, whatever came between the
// copies of the two databases.
func TestRestoreSettlesClaims(t *testing.T) {
	h := open(t, t.TempDir())
	ctx := t.Context()
	to := filepath.Join(t.TempDir(), "backup")
	// A claim of an organization that the region's copy does not have, and a
	// domain whose claim the deployment's copy does not have.
	if err := h.srv.Claims.Hold(ctx, org.ClaimAlias, "ghost", "m-00000000000000000000000000000000", "us-east-1"); err != nil {
		t.Fatal(err)
	}
	if err := h.srv.Claims.Live(ctx, org.ClaimAlias, "ghost", "m-00000000000000000000000000000000"); err != nil {
		t.Fatal(err)
	}
	if err := h.srv.Claims.Free(ctx, org.ClaimDomain, h.Organization.Domain, ids.Org(h.Organization.ID)); err != nil {
		t.Fatal(err)
	}
	if _, err := h.srv.Backup(ctx, to, nil); err != nil {
		t.Fatal(err)
	}
	r := h.restored(to)
	if _, found, err := r.srv.Claims.Holder(ctx, org.ClaimAlias, "ghost"); found || err != nil {
		t.Error("the claim of nobody is still there", err)
	}
	if c, found, err := r.srv.Claims.Find(ctx, org.ClaimDomain, h.Organization.Domain); !found || err != nil || string(c.Org) != h.Organization.ID {
		t.Error("the domain has no claim", err)
	}
	if err := r.send(r.Users[0].Email, "arrives", "text"); err != nil {
		t.Error(err)
	}
}
