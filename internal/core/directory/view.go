package directory

import (
	"context"
	"encoding/base64"
	"strings"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/audit"
	"postroom/internal/core/org"
	"postroom/internal/core/tx"
)

// View administers the entries of one organization, for one call.
type View struct {
	s       *Service
	org     ids.Org
	by      audit.By
	ifMatch int64
	// Revision is the entry's after the change that the call made, for the next call's ifMatch.
	Revision int64
}

// View is for one call: by goes into the audit record, ifMatch is the revision
// of the entry that the caller saw (0: whatever it is).
func (s *Service) View(org ids.Org, by audit.By, ifMatch int64) *View {
	return &View{s: s, org: org, by: by, ifMatch: ifMatch}
}

// Hook runs in the Write of a command, on the entry before it is stored.
type Hook func(t *tx.Tx, e *Entry) error

func (h Hook) run(t *tx.Tx, e *Entry) error {
	if h == nil {
		return nil
	}
	return h(t, e)
}

// write runs fn with the organization locked and serving.
func (v *View) write(ctx context.Context, fn func(t *tx.Tx, o *org.Organization) error) error {
	return v.s.Store.Write(ctx, v.org, func(t *tx.Tx) error {
		o, err := v.s.Orgs.Lock(t, v.org)
		if err != nil {
			return err
		}
		return fn(t, &o)
	})
}

// target says which entry a command is about.
type target struct {
	op         string
	identifier string
	accept     Accept
	kind       Kind // 0: any
}

// find resolves a target; Deleted ones are found too.
func (v *View) find(ctx context.Context, view tx.View, g target) (Entry, error) {
	e, err := v.s.ResolveAs(ctx, view, v.org, g.identifier, g.accept)
	if err == nil && g.kind != 0 && e.Kind != g.kind {
		return Entry{}, errs.Say(g.op, errs.NotFound, errs.Entry, "There is no %s %q.", g.kind.word(), g.identifier)
	}
	return e, err
}

// alive is find that refuses Deleted ones.
func (v *View) alive(ctx context.Context, view tx.View, g target) (Entry, error) {
	e, err := v.find(ctx, view, g)
	if err == nil && e.State == Deleted {
		err = errs.Say(g.op, errs.State, errs.Entry, "The %s %s is deleted.", e.Kind.word(), e.Name)
	}
	return e, err
}

// change runs fn on an entry in a Write. What fn answers true for is stored with
// the next revision and recorded.
func (v *View) change(ctx context.Context, g target, fn func(t *tx.Tx, e *Entry) (changed bool, detail string, err error)) (Entry, error) {
	var e Entry
	err := v.write(ctx, func(t *tx.Tx, _ *org.Organization) (err error) {
		if e, err = v.alive(ctx, t, g); err != nil {
			return err
		}
		if err := v.match(g.op, &e); err != nil {
			return err
		}
		changed, detail, err := fn(t, &e)
		if err != nil {
			return err
		}
		if changed {
			e.Revision++
			if err := v.s.Store.Update(t, &e); err != nil {
				return err
			}
		} else if detail == "" {
			detail = "no change"
		}
		v.Revision = e.Revision
		return v.record(t, &e, detail)
	})
	return e, err
}

// match refuses who saw another revision of an entry.
func (v *View) match(op string, e *Entry) error {
	if v.ifMatch != 0 && v.ifMatch != e.Revision {
		return errs.Say(op, errs.Conflict, errs.Entry, "The %s %s was changed in the meantime. Load it again.", e.Kind.word(), e.Name)
	}
	return nil
}

func (v *View) record(t *tx.Tx, e *Entry, detail string) error {
	return v.s.Trail.Record(t, audit.Record{By: v.by, Org: v.org, Target: string(e.ID), TargetName: e.Name, Detail: detail})
}

// writer answers what a change of identities needs beside our store: nil for the
// built-in directory; errs.Unsupported, Directory for one that is read-only.
func (v *View) writer(ctx context.Context, op string) (Writer, error) {
	src, err := v.s.source(ctx, v.org)
	if err != nil {
		return nil, err
	}
	if src.Facts().InStore {
		return nil, nil
	}
	if w, ok := src.(Writer); ok {
		return w, nil
	}
	return nil, errs.Say(op, errs.Unsupported, errs.Directory, "This organization's directory is read-only here. Make the change in the directory itself.")
}

// outside does the foreign part of a change before ours, and undoes it where
// ours is refused. A crash between the two is put right by the mirror, which
// reads the foreign directory as the truth. e is what the change is about: who
// saw another revision of it is refused before anything is done, and no longer
// behind that, since the mirror may be the first to write it.
func (v *View) outside(ctx context.Context, op string, e *Entry, do, undo func(ctx context.Context, w Writer) error, ours func() error) error {
	w, err := v.writer(ctx, op)
	if err != nil {
		return err
	}
	if w == nil {
		return ours()
	}
	if err := v.match(op, e); err != nil {
		return err
	}
	v.ifMatch = 0
	if err := do(ctx, w); err != nil {
		return err
	}
	if err = ours(); refused(err) && undo != nil {
		if e := undo(context.WithoutCancel(ctx), w); e != nil {
			v.s.Log.Error("a foreign change was not undone", "op", op, "error", e)
		}
	}
	return err
}

// own refuses what is the directory's own account.
func own(op string, e *Entry) error {
	if e.Kind == KindUser && (e.Role == RoleSystemUser || e.Role == RoleResource) {
		return errs.Say(op, errs.Unsupported, errs.Entry, "%s is an account of the directory itself and cannot be changed here.", e.Name)
	}
	return nil
}

// nameFree refuses a name that an entry has or that is being made.
func (v *View) nameFree(t *tx.Tx, op, name string, self ids.Entry) error {
	key := NameKey(name)
	e, found, err := v.s.Store.EntryByName(t.Context(), t, v.org, key)
	if err == nil && !found {
		var inStore bool
		if inStore, err = v.s.InStore(t.Context(), t, v.org); err == nil && !inStore {
			var i Intent
			i, found, err = v.s.Store.IntentByName(t.Context(), t, v.org, key)
			e = i.Entry
		}
	}
	if err != nil || !found || self != "" && e.ID == self {
		return err
	}
	if e.Dir == DirGone {
		return v.releaseName(t, &e)
	}
	return errs.Say(op, errs.Exists, errs.Entry, "The name %s is taken: names are unique over users, groups and resources.", name)
}

// cursor is a place in a list; its text is opaque to callers.
type cursor struct {
	index Index
	key   string
	id    ids.Entry
}

func (c cursor) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte(string(c.index) + c.key + "\x00" + string(c.id)))
}

// PageToken is the token of the page behind an entry, for who knows its key.
func PageToken(index Index, text string, id ids.Entry) string {
	return cursor{index, SortKey(text), id}.String()
}

func parseCursor(op, token string, index Index) (cursor, error) {
	if token == "" {
		return cursor{}, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err == nil && len(raw) > 1 && Index(raw[0]) == index {
		if key, id, ok := strings.Cut(string(raw[1:]), "\x00"); ok && searchable(key) && searchable(id) {
			return cursor{index, key, ids.Entry(id)}, nil
		}
	}
	return cursor{}, errs.Say(op, errs.Invalid, errs.Request, "This NextToken is not of this list.")
}

// pageLimit is 1 to 100; 0 is 100.
func pageLimit(op string, n int) (int, error) {
	if n == 0 {
		return 100, nil
	}
	if n < 1 || n > 100 {
		return 0, errs.Say(op, errs.Invalid, errs.Request, "A page has 1 to 100 entries.")
	}
	return n, nil
}
