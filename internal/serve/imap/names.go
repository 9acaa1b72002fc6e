package imap

import (
	"strings"

	"postroom/internal/base/errs"
	"postroom/internal/core/directory"
	"postroom/internal/core/mailbox"
	wire "postroom/internal/wire/imap"
)

const (
	delim = '/'
	// otherUsers is the namespace of others' mailboxes (RFC 2342).
	otherUsers = "Other Users"
)

// place is a folder's name taken apart: whose mailbox, and the path in it.
type place struct {
	box    *mailbox.Mailbox
	path   string
	prefix string // what stands before the path in the name
	others bool
}

func inOthers(name string) bool {
	return name == otherUsers || strings.HasPrefix(name, otherUsers+"/")
}

// locate finds the mailbox of a name. A mailbox without a grant does not exist.
func (x *session) locate(name string) (place, error) {
	if !inOthers(name) {
		return place{box: x.own, path: name}, nil
	}
	user, path, _ := strings.Cut(strings.TrimPrefix(name[len(otherUsers):], "/"), "/")
	if path == "" {
		return place{}, sayNO(wire.CodeCannot, "This name holds others' mailboxes and is no folder itself")
	}
	shared, err := x.view.Shared(x.ctx)
	if err != nil {
		return place{}, err
	}
	for i := range shared {
		if !strings.EqualFold(shared[i].Name, user) {
			continue
		}
		box, err := x.view.Open(x.ctx, shared[i].ID)
		if err != nil {
			return place{}, err
		}
		return place{box: box, path: path, prefix: prefixOf(&shared[i]), others: true}, nil
	}
	return place{}, noFolder()
}

func prefixOf(e *directory.Entry) string { return otherUsers + "/" + e.Name + "/" }

func noFolder() error {
	return errs.Say("imap.locate", errs.NotFound, errs.Folder, "There is no folder of this name.")
}

// folder finds a mail folder by its name; folders of other kinds are not there.
func (x *session) folder(name string) (place, mailbox.Folder, error) {
	p, err := x.locate(name)
	if err != nil {
		return p, mailbox.Folder{}, err
	}
	f, err := p.box.Folder(x.ctx, p.path)
	if err == nil && f.Kind != mailbox.KindMail {
		err = noFolder()
	}
	return p, f, err
}

// target is folder for a command that puts messages there (RFC 3501 §7.1, TRYCREATE).
func (x *session) target(name string) (place, mailbox.Folder, error) {
	p, f, err := x.folder(name)
	if errs.Is(err, errs.NotFound) {
		err = sayNO(wire.CodeTryCreate, "There is no folder of this name")
	}
	return p, f, err
}

// mayHold refuses names below a folder that holds no mail.
func (x *session) mayHold(p place) error {
	list, err := p.box.Folders(x.ctx)
	if err != nil {
		return err
	}
	for i := range list {
		f := &list[i]
		if f.Kind == mailbox.KindMail {
			continue
		}
		if p.path == f.Path || strings.HasPrefix(p.path, f.Path+"/") {
			return sayNO(wire.CodeCannot, "This name belongs to calendar, contacts, tasks or notes")
		}
	}
	return nil
}

// shown is how a path reads in IMAP: the own Inbox is INBOX.
func shown(prefix, path string) string {
	if prefix == "" && (path == "Inbox" || strings.HasPrefix(path, "Inbox/")) {
		return wire.Inbox + path[len("Inbox"):]
	}
	return prefix + path
}
