package mailbox

import (
	"context"
	"sort"
	"strings"
	"unicode/utf8"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
)

// Role is what a folder is for; empty for those that people make.
type Role string

const (
	Inbox    Role = "inbox"
	Sent     Role = "sent"
	Drafts   Role = "drafts"
	Trash    Role = "trash"
	Junk     Role = "junk"
	Outbox   Role = "outbox"
	Calendar Role = "calendar"
	Contacts Role = "contacts"
	Tasks    Role = "tasks"
	Notes    Role = "notes"
)

// Kind is what lies in a folder.
type Kind string

const (
	KindMail     Kind = "mail"
	KindCalendar Kind = "calendar"
	KindContacts Kind = "contacts"
	KindTasks    Kind = "tasks"
	KindNotes    Kind = "notes"
)

// standard are the folders that each mailbox is made with, in order: the n-th
// has the id n for good, and can be neither renamed nor deleted. Names are
// WorkMail's.
var standard = []struct {
	role Role
	name string
	kind Kind
}{
	{Inbox, "Inbox", KindMail},
	{Sent, "Sent Items", KindMail},
	{Drafts, "Drafts", KindMail},
	{Trash, "Deleted Items", KindMail},
	{Junk, "Junk E-mail", KindMail},
	{Outbox, "Outbox", KindMail},
	{Calendar, "Calendar", KindCalendar},
	{Contacts, "Contacts", KindContacts},
	{Tasks, "Tasks", KindTasks},
	{Notes, "Notes", KindNotes},
}

// FolderOf returns the id of the standard folder with this role, or 0.
func FolderOf(role Role) ids.Folder {
	for i := range standard {
		if standard[i].role == role {
			return ids.Folder(i + 1)
		}
	}
	return 0
}

// Folder is a folder of a mailbox with its counters. Size is in bytes.
type Folder struct {
	ID          ids.Folder
	Parent      ids.Folder
	Name        string
	Path        string // names from the top, with "/" between them
	Role        Role
	Kind        Kind
	UIDValidity uint32
	UIDNext     ids.UID
	Total       int64
	Unseen      int64
	Size        int64
	SeqProps    ids.Seq // last change of name, parent, rights
	SeqCounts   ids.Seq // last change of content or counters
}

const (
	maxFolders    = 5000
	maxDepth      = 64
	maxFolderName = 255 // bytes
)

// Folders returns all folders, a parent before its children, siblings by name.
func (m *Mailbox) Folders(ctx context.Context) ([]Folder, error) {
	return m.folders(ctx, nil)
}

func (m *Mailbox) folders(ctx context.Context, v tx.View) ([]Folder, error) {
	list, err := m.s.store.Folders(ctx, v, m.id)
	if err != nil {
		return nil, err
	}
	return withPaths(list), nil
}

// Folder returns one folder by path. "Inbox" is found in any case (RFC 9051 §5.1).
func (m *Mailbox) Folder(ctx context.Context, path string) (Folder, error) {
	const op = "mailbox.Folder"
	path = canonical(path)
	if checkPath(op, path) != nil {
		return Folder{}, noFolder(op)
	}
	var f Folder
	for name := range strings.SplitSeq(path, "/") {
		var found bool
		var err error
		if f, found, err = m.s.store.FolderByName(ctx, nil, m.id, f.ID, name); err != nil {
			return Folder{}, err
		} else if !found {
			return Folder{}, noFolder(op)
		}
	}
	f.Path = path
	return f, nil
}

func noFolder(op string) error {
	return errs.Say(op, errs.NotFound, errs.Folder, "There is no folder of this name.")
}

// FolderByID returns a folder without its path.
func (m *Mailbox) FolderByID(ctx context.Context, id ids.Folder) (Folder, error) {
	return m.s.store.Folder(ctx, nil, m.id, id)
}

// CreateFolder makes a folder, and those above it that are missing.
func (m *Mailbox) CreateFolder(ctx context.Context, path string, kind Kind) (Folder, error) {
	const op = "mailbox.CreateFolder"
	path = canonical(path)
	if err := checkPath(op, path); err != nil {
		return Folder{}, err
	}
	var made Folder
	err := m.write(ctx, op, func(t *tx.Tx, c *changing) error {
		list, err := m.folders(ctx, t)
		if err != nil {
			return err
		}
		byPath := map[string]Folder{}
		for _, f := range list {
			byPath[f.Path] = f
		}
		if _, there := byPath[path]; there {
			return errs.Say(op, errs.Exists, errs.Folder, "A folder of this name exists already.")
		}
		parts := strings.Split(path, "/")
		if len(list)+len(parts) > maxFolders {
			return errs.Say(op, errs.Limit, errs.Folder, "A mailbox has at most %d folders.", maxFolders)
		}
		var parent ids.Folder
		for i := range parts {
			p := strings.Join(parts[:i+1], "/")
			if f, there := byPath[p]; there {
				parent = f.ID
				continue
			}
			if made, err = m.addFolder(ctx, t, c, parent, parts[i], kind); err != nil {
				return err
			}
			parent = made.ID
		}
		made.Path = path
		return nil
	})
	return made, err
}

func (m *Mailbox) addFolder(ctx context.Context, t *tx.Tx, c *changing, parent ids.Folder, name string, kind Kind) (Folder, error) {
	seq, err := c.take(1)
	if err != nil {
		return Folder{}, err
	}
	validity, err := m.s.store.NextUIDValidity(ctx, t, m.id)
	if err != nil {
		return Folder{}, err
	}
	f := Folder{ID: ids.Folder(seq), Parent: parent, Name: name, Kind: kind, UIDValidity: validity, UIDNext: 1, SeqProps: seq, SeqCounts: seq}
	return f, m.s.store.AddFolder(ctx, t, m.id, f)
}

// RenameFolder moves a folder and all below it. Renaming the Inbox moves its
// messages to a new folder and leaves the Inbox empty (RFC 9051 §6.3.6).
func (m *Mailbox) RenameFolder(ctx context.Context, from, to string) error {
	const op = "mailbox.RenameFolder"
	from, to = canonical(from), canonical(to)
	if err := checkPath(op, to); err != nil {
		return err
	}
	if from == "Inbox" {
		return m.renameInbox(ctx, to)
	}
	return m.write(ctx, op, func(t *tx.Tx, c *changing) error {
		list, err := m.folders(ctx, t)
		if err != nil {
			return err
		}
		byPath := map[string]Folder{}
		for _, f := range list {
			byPath[f.Path] = f
		}
		f, there := byPath[from]
		switch {
		case !there:
			return noFolder(op)
		case f.Role != "":
			return errs.Say(op, errs.Denied, errs.Folder, "%s is a standard folder and keeps its name.", f.Name)
		case byPath[to].ID != 0:
			return errs.Say(op, errs.Exists, errs.Folder, "A folder of this name exists already.")
		case strings.HasPrefix(to, from+"/"):
			return errs.Say(op, errs.Invalid, errs.Folder, "A folder cannot move into itself.")
		}
		var parent ids.Folder
		parts := strings.Split(to, "/")
		for i := range parts[:len(parts)-1] {
			p := strings.Join(parts[:i+1], "/")
			if g, there := byPath[p]; there {
				parent = g.ID
				continue
			}
			g, err := m.addFolder(ctx, t, c, parent, parts[i], f.Kind)
			if err != nil {
				return err
			}
			parent = g.ID
		}
		seq, err := c.take(1)
		if err != nil {
			return err
		}
		c.old = appendOldName(c.old, f.ID, f.Parent, f.Name)
		return m.s.store.MoveFolder(ctx, t, m.id, f.ID, parent, parts[len(parts)-1], seq)
	})
}

func (m *Mailbox) renameInbox(ctx context.Context, to string) error {
	f, err := m.CreateFolder(ctx, to, KindMail)
	if err != nil {
		return err
	}
	snap, err := m.Snapshot(ctx, FolderOf(Inbox))
	if err != nil {
		return err
	}
	_, err = m.Move(ctx, snap.Folder, snap.All(), m, f.ID)
	return err
}

// DeleteFolder removes a folder; its messages become recoverable. A folder
// with others below it, and a standard one, is refused.
func (m *Mailbox) DeleteFolder(ctx context.Context, path string) error {
	const op = "mailbox.DeleteFolder"
	f, err := m.Folder(ctx, path)
	if err != nil {
		return err
	}
	if f.Role != "" {
		return errs.Say(op, errs.Denied, errs.Folder, "%s is a standard folder and cannot be deleted.", f.Name)
	}
	for {
		snap, err := m.Snapshot(ctx, f.ID)
		if err != nil {
			return err
		}
		if snap.Len() > 0 {
			if err := m.Delete(ctx, f.ID, snap.All()); err != nil {
				return err
			}
		}
		again := false
		err = m.write(ctx, op, func(t *tx.Tx, c *changing) error {
			list, err := m.s.store.Folders(ctx, t, m.id)
			if err != nil {
				return err
			}
			for _, g := range list {
				if g.Parent == f.ID {
					return errs.Say(op, errs.InUse, errs.Folder, "The folder has others below it. Delete those first.")
				}
				if g.ID == f.ID && g.Total > 0 {
					again = true // came in since; the next turn takes it
					return nil
				}
			}
			seq, err := c.take(1)
			if err != nil {
				return err
			}
			c.old = appendOldName(c.old, f.ID, f.Parent, f.Name)
			return m.s.store.RemoveFolder(ctx, t, m.id, f.ID, seq)
		})
		if err != nil || !again {
			if err == nil {
				m.s.snapshots.drop(m.id, f.ID)
			}
			return err
		}
	}
}

// Subscriptions returns the actor's subscribed paths (RFC 9051 §6.3.7), also of
// folders that are gone.
func (m *Mailbox) Subscriptions(ctx context.Context) ([]string, error) {
	return m.s.store.Subscriptions(ctx, m.id, m.actorID())
}

// Subscribe adds or removes a path of the actor's own list.
func (m *Mailbox) Subscribe(ctx context.Context, path string, on bool) error {
	path = canonical(path)
	return m.s.store.Write(ctx, m.org, func(t *tx.Tx) error {
		return m.s.store.Subscribe(ctx, t, m.id, m.actorID(), path, on)
	})
}

// canonical writes "inbox" at the top as "Inbox".
func canonical(path string) string {
	if len(path) >= 5 && strings.EqualFold(path[:5], "inbox") && (len(path) == 5 || path[5] == '/') {
		return "Inbox" + path[5:]
	}
	return path
}

func checkPath(op, path string) error {
	parts := strings.Split(path, "/")
	if len(parts) > maxDepth {
		return errs.Say(op, errs.Invalid, errs.Folder, "Folders nest at most %d deep.", maxDepth)
	}
	for _, p := range parts {
		if p == "" || len(p) > maxFolderName || !utf8.ValidString(p) || strings.ContainsFunc(p, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return errs.Say(op, errs.Invalid, errs.Folder, "A folder's name has 1 to %d bytes of UTF-8 without control characters.", maxFolderName)
		}
	}
	return nil
}

// withPaths fills in Path and sorts.
func withPaths(list []Folder) []Folder {
	byID := make(map[ids.Folder]*Folder, len(list))
	for i := range list {
		byID[list[i].ID] = &list[i]
	}
	var path func(f *Folder, depth int) string
	path = func(f *Folder, depth int) string {
		if f.Path == "" {
			f.Path = f.Name
			if up := byID[f.Parent]; up != nil && depth < maxDepth {
				f.Path = path(up, depth+1) + "/" + f.Name
			}
		}
		return f.Path
	}
	for i := range list {
		path(&list[i], 0)
	}
	sort.Slice(list, func(i, j int) bool {
		a, b := &list[i], &list[j]
		if (a.Role == "") != (b.Role == "") && a.Parent == 0 && b.Parent == 0 {
			return a.Role != ""
		}
		if a.Role != "" && b.Role != "" {
			return a.ID < b.ID
		}
		return a.Path < b.Path
	})
	return list
}
