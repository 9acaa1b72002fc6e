package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/mailbox"
	"postroom/internal/core/org"
	"postroom/internal/core/tx"
	"postroom/internal/store/dirstore"
	"postroom/internal/store/mailstore"
	"postroom/internal/store/pack"
	"postroom/internal/store/sqldb"
	"postroom/internal/wire/address"
)

// RestoreMailbox says which mailbox of a backup goes back, and how. The whole
// mailbox goes where neither Folder nor MessageID is set.
type RestoreMailbox struct {
	From         string `json:"from"`
	Mailbox      string `json:"mailbox"`                // address, entry id, or mailbox id, as in the backup
	Organization string `json:"organization,omitempty"` // id; for an entry id
	Into         string `json:"into,omitempty"`         // address, entry id or mailbox id now; empty: the same entry
	Folder       string `json:"folder,omitempty"`       // path; only it and what is below
	MessageID    string `json:"message_id,omitempty"`   // only this message
	// Replace puts messages back into their own folders, whose messages are
	// deleted (recoverable) before. Else they go below a new folder.
	Replace bool `json:"replace,omitempty"`
}

// RestoredMailbox is what was put back.
type RestoredMailbox struct {
	Made     time.Time `json:"made"`
	Mailbox  string    `json:"mailbox"`
	Below    string    `json:"below,omitempty"` // the new folder
	Folders  int       `json:"folders"`
	Messages int64     `json:"messages"`
	Skipped  int64     `json:"skipped"` // items that are no messages
	Damaged  int64     `json:"damaged"` // messages that the backup cannot give back
}

// RestoreMailbox puts one mailbox, a folder or a message of a backup back into
// this store, with flags, keywords and dates. Nothing else changes.
func (a *App) RestoreMailbox(ctx context.Context, in RestoreMailbox, p Progress) (RestoredMailbox, error) {
	const op = "app.RestoreMailbox"
	var out RestoredMailbox
	if in.Replace && in.MessageID != "" {
		return out, errs.Say(op, errs.Invalid, errs.Request, "--replace empties whole folders; a single message goes below a new folder.")
	}
	m, err := CheckBackup(ctx, in.From, p)
	if err != nil {
		return out, err
	}
	key, _, err := masterKey(a.Config.MasterKey, false)
	if err != nil {
		return out, err
	}
	if err := m.checkKey(key); err != nil {
		return out, err
	}
	out.Made = m.Made
	src, box, err := a.findInBackup(ctx, m, key, in)
	if err != nil {
		return out, err
	}
	defer src.close()
	to, region, err := a.findTarget(ctx, in, box)
	if err != nil {
		return out, err
	}
	out.Mailbox = strconv.FormatInt(int64(to.ID), 10)
	r := &remail{RestoreMailbox: in, src: src, box: box, to: to, region: region, out: &out, progress: p}
	return out, r.run(ctx, a)
}

// source is one region of a backup, open for reading: its database is a copy,
// its packs are where they are.
type source struct {
	dir       string
	db        *sqldb.DB
	packs     mailbox.Packs
	entries   *dirstore.Entries
	orgs      *dirstore.Orgs
	mail      *mailstore.Store
	mailboxes *mailbox.Service
}

func (s *source) close() {
	if s.mailboxes != nil {
		s.mailboxes.Close()
	}
	if s.packs != nil {
		s.packs.Close()
	}
	if s.db != nil {
		s.db.Close()
	}
	os.RemoveAll(s.dir)
}

func (a *App) openSource(ctx context.Context, m Manifest, from, region string, key [32]byte) (s *source, err error) {
	f, ok := m.database("regions/" + region + "/region.db")
	if !ok {
		return nil, errs.Say("app.RestoreMailbox", errs.Invalid, errs.Storage, "The backup has no database of the region %s.", region)
	}
	s = &source{}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	if s.dir, err = os.MkdirTemp(a.Config.Data, "restore-"); err != nil {
		return s, err
	}
	file := filepath.Join(s.dir, "region.db")
	if err := copyFile(ctx, filepath.Join(from, f.Name), file, f.Size, &meter{}); err != nil {
		return s, err
	}
	if s.db, err = sqldb.Open(ctx, sqldb.Options{Path: file, Schema: sqldb.Region, Log: a.Log}); err != nil {
		return s, err
	}
	if s.packs, err = pack.OpenDir("", pack.Options{Disk: readOnly(filepath.Join(from, "packs", region))}); err != nil {
		return s, err
	}
	s.entries, s.orgs, s.mail = dirstore.NewEntries(s.db), dirstore.NewOrgs(s.db), mailstore.New(s.db)
	s.mailboxes = mailbox.New(mailbox.Options{Store: s.mail, Packs: s.packs, Keys: org.NewMasterKeyring(key, s.orgs), Clock: a.Clock, Log: a.Log})
	return s, nil
}

// findInBackup opens the region of the backup that has the mailbox.
func (a *App) findInBackup(ctx context.Context, m Manifest, key [32]byte, in RestoreMailbox) (*source, mailbox.Box, error) {
	for _, region := range m.Regions {
		s, err := a.openSource(ctx, m, in.From, region, key)
		if err != nil {
			return nil, mailbox.Box{}, err
		}
		b, err := s.find(ctx, in.Mailbox, in.Organization)
		if err == nil {
			return s, b, nil
		}
		s.close()
		if !errs.Is(err, errs.NotFound) {
			return nil, b, err
		}
	}
	return nil, mailbox.Box{}, errs.Say("app.RestoreMailbox", errs.NotFound, errs.Mailbox,
		"The backup has no mailbox %q. Name it by address, by user id with --organization, or by mailbox id.", in.Mailbox)
}

func (s *source) find(ctx context.Context, name, inOrg string) (mailbox.Box, error) {
	if id, err := strconv.ParseInt(name, 10, 64); err == nil {
		return s.mail.Box(ctx, nil, ids.Mailbox(id))
	}
	if !strings.Contains(name, "@") {
		return s.mail.BoxOf(ctx, nil, ids.Org(inOrg), ids.Entry(name))
	}
	addr, err := address.Parse(name)
	if err != nil {
		return mailbox.Box{}, errs.Say("app.RestoreMailbox", errs.Invalid, errs.Address, "%q is not an email address.", name)
	}
	for after := ids.Org(""); ; {
		list, err := s.orgs.Organizations(ctx, nil, after, 100)
		if err != nil || len(list) == 0 {
			return mailbox.Box{}, errors.Join(err, errs.E("app.RestoreMailbox", errs.NotFound, errs.Mailbox, nil))
		}
		for _, o := range list {
			after = o.ID
			e, found, err := s.entries.EntryByAddress(ctx, nil, o.ID, addr.Key())
			if err != nil || found {
				if err != nil {
					return mailbox.Box{}, err
				}
				return s.mail.BoxOf(ctx, nil, o.ID, e.ID)
			}
		}
	}
}

// findTarget finds the mailbox of this store that takes what comes.
func (a *App) findTarget(ctx context.Context, in RestoreMailbox, from mailbox.Box) (mailbox.Box, *Region, error) {
	name := in.Into
	missing := errs.Say("app.RestoreMailbox", errs.NotFound, errs.Mailbox,
		"The store has no mailbox %q now. Make the user (and enable him), or name another mailbox with --into.", cmp.Or(name, in.Mailbox))
	for _, r := range a.Regions {
		b, err := r.findBox(ctx, a, name, from)
		if errs.Is(err, errs.NotFound) {
			continue
		}
		if err == nil && !b.Detached.IsZero() {
			err = errs.Say("app.RestoreMailbox", errs.State, errs.Mailbox, "The mailbox's user is disabled. Enable him first, or name another mailbox with --into.")
		}
		return b, r, err
	}
	return mailbox.Box{}, nil, missing
}

func (r *Region) findBox(ctx context.Context, a *App, name string, from mailbox.Box) (mailbox.Box, error) {
	if name == "" {
		return r.Mail.BoxOf(ctx, nil, from.Org, from.Entry)
	}
	if id, err := strconv.ParseInt(name, 10, 64); err == nil {
		return r.Mail.Box(ctx, nil, ids.Mailbox(id))
	}
	if !strings.Contains(name, "@") {
		return r.Mail.BoxOf(ctx, nil, from.Org, ids.Entry(name))
	}
	addr, err := address.Parse(name)
	if err != nil {
		return mailbox.Box{}, errs.Say("app.RestoreMailbox", errs.Invalid, errs.Address, "%q is not an email address.", name)
	}
	c, found, err := a.Claims.Find(ctx, org.ClaimDomain, address.DomainKey(addr.Domain))
	if err != nil || !found || c.Region != r.Name {
		return mailbox.Box{}, errors.Join(err, errs.E("app.RestoreMailbox", errs.NotFound, errs.Mailbox, nil))
	}
	e, err := r.Directory.ByAddress(ctx, nil, c.Org, addr.Key())
	if err != nil {
		return mailbox.Box{}, err
	}
	return r.Mail.BoxOf(ctx, nil, c.Org, e.ID)
}

// remail is one run.
type remail struct {
	RestoreMailbox
	src      *source
	box, to  mailbox.Box
	region   *Region
	out      *RestoredMailbox
	progress Progress
	below    string
	from     *mailbox.Mailbox
	into     *mailbox.Mailbox
	keywords mailbox.Keywords
	meter    *meter
}

func (r *remail) run(ctx context.Context, a *App) (err error) {
	actor := a.Auth.Operator("control")
	if r.from, err = r.src.mailboxes.OpenFor(ctx, r.box.ID, actor); err != nil {
		return err
	}
	if r.into, err = r.region.Mailboxes.OpenFor(ctx, r.to.ID, actor); err != nil {
		return err
	}
	if r.keywords, err = r.from.Keywords(ctx); err != nil {
		return err
	}
	folders, err := r.folders(ctx)
	if err != nil {
		return err
	}
	if !r.Replace {
		r.below = "Restored " + a.Clock.Now().Format("2006-01-02 15.04.05")
		r.out.Below = r.below
	}
	var total, bytes int64
	for _, f := range folders {
		total, bytes = total+f.Total, bytes+f.Size
	}
	if size, quota, err := r.into.Quota(ctx); err != nil {
		return err
	} else if r.MessageID == "" && !r.Replace && size+bytes > quota {
		return errs.Say("app.RestoreMailbox", errs.OverQuota, errs.Mailbox,
			"The mailbox has room for %d MB and the backup's has %d MB. Raise its quota first.", max(quota-size, 0)>>20, bytes>>20)
	}
	r.meter = r.progress.start("restoring messages", "messages", total)
	for _, f := range folders {
		if err := r.folder(ctx, f); err != nil {
			return fmt.Errorf("folder %s: %w", f.Path, err)
		}
	}
	if r.MessageID != "" && r.out.Messages == 0 {
		return errs.Say("app.RestoreMailbox", errs.NotFound, errs.Item, "The backup's mailbox has no message with the Message-ID %q.", r.MessageID)
	}
	return nil
}

// folders are those that go back, parents first.
func (r *remail) folders(ctx context.Context) ([]mailbox.Folder, error) {
	all, err := r.from.Folders(ctx)
	if err != nil {
		return nil, err
	}
	if first, rest, _ := strings.Cut(r.Folder, "/"); strings.EqualFold(first, "Inbox") {
		r.Folder = strings.TrimSuffix("Inbox/"+rest, "/") // as IMAP has it, INBOX in any case
	}
	var have []string
	all = slices.DeleteFunc(all, func(f mailbox.Folder) bool {
		if f.Kind != mailbox.KindMail {
			r.out.Skipped += f.Total
			return true
		}
		have = append(have, f.Path)
		return r.Folder != "" && f.Path != r.Folder && !strings.HasPrefix(f.Path, r.Folder+"/")
	})
	if len(all) == 0 {
		return nil, errs.Say("app.RestoreMailbox", errs.NotFound, errs.Folder, "The backup's mailbox has no folder %q. It has: %s", r.Folder, shortList(have))
	}
	return all, nil
}

// shortList names the first of many.
func shortList(names []string) string {
	const most = 50
	if len(names) > most {
		return fmt.Sprintf("%s, and %d more.", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ") + "."
}

func (r *remail) folder(ctx context.Context, f mailbox.Folder) error {
	if f.Total == 0 && (r.MessageID != "" || f.Role != "" && !r.Replace) {
		return nil
	}
	var to mailbox.Folder
	made := false
	target := func() error {
		if made {
			return nil
		}
		made = true
		path := f.Path
		if r.below != "" {
			path = r.below + "/" + f.Path
		}
		var err error
		if to, err = r.into.Folder(ctx, path); errs.Is(err, errs.NotFound) {
			if to, err = r.into.CreateFolder(ctx, path, mailbox.KindMail); err == nil {
				err = r.subscribe(ctx, path)
			}
		}
		r.out.Folders++
		return err
	}
	if r.MessageID == "" {
		if err := target(); err != nil {
			return err
		}
	}
	if r.Replace {
		snap, err := r.into.Snapshot(ctx, to.ID)
		if err != nil {
			return err
		}
		if snap.Len() > 0 {
			if err := r.into.Delete(ctx, to.ID, snap.All()); err != nil {
				return err
			}
		}
	}
	return r.from.Items(ctx, f.ID, mailbox.Range{First: 1, Last: 1<<32 - 1}, r.MessageID != "", func(it mailbox.Item) error {
		defer r.meter.add(1)
		if it.Body == 0 || it.Associated {
			r.out.Skipped++
			return nil
		}
		if r.MessageID != "" {
			msg, err := it.Parsed()
			if err != nil || strings.Trim(msg.MessageID, "<>") != strings.Trim(r.MessageID, "<>") {
				return nil
			}
			if err := target(); err != nil {
				return err
			}
		}
		return r.message(ctx, it, to.ID)
	})
}

// subscribe shows a new folder in the owner's mail programs.
func (r *remail) subscribe(ctx context.Context, path string) error {
	return r.region.Mail.Write(ctx, r.to.Org, func(t *tx.Tx) error {
		return r.region.Mail.Subscribe(ctx, t, r.to.ID, string(r.to.Entry), path, true)
	})
}

func (r *remail) message(ctx context.Context, it mailbox.Item, to ids.Folder) error {
	content, err := r.from.Open(ctx, it)
	if err != nil {
		return err
	}
	defer content.Close()
	size := content.Size()
	if size < 0 {
		r.out.Damaged++
		return nil
	}
	p, err := r.into.Prepare(ctx, io.NewSectionReader(content, 0, size), size)
	if d := (*pack.Damage)(nil); errors.As(err, &d) {
		r.out.Damaged++
		return nil
	}
	if err != nil {
		return err
	}
	system := it.Flags & (mailbox.Seen | mailbox.Answered | mailbox.Flagged | mailbox.Deleted | mailbox.Draft)
	_, err = r.into.Append(ctx, p, mailbox.Target{Folder: to, Flags: system, Keywords: r.keywords.Names(it.Flags), Received: it.Received})
	if err == nil {
		r.out.Messages++
	}
	return err
}

// readOnly is a folder of packs that nothing is written into.
type readOnly string

func (d readOnly) Create(name string) (pack.File, error) { return nil, fs.ErrPermission }
func (d readOnly) Open(name string) (pack.ReadFile, error) {
	return os.Open(filepath.Join(string(d), name))
}
func (d readOnly) Rename(from, to string) error { return fs.ErrPermission }
func (d readOnly) Remove(name string) error     { return fs.ErrPermission }
func (d readOnly) SyncDir() error               { return nil }
func (d readOnly) Close() error                 { return nil }

func (d readOnly) List() ([]pack.DiskEntry, error) {
	entries, err := os.ReadDir(string(d))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // a region without a message
	}
	var all []pack.DiskEntry
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() {
			all = append(all, pack.DiskEntry{Name: e.Name(), Size: info.Size(), Changed: info.ModTime()})
		}
	}
	return all, err
}
