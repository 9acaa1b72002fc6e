package directory

import (
	"context"
	"errors"
	"strings"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/org"
	"postroom/internal/core/tx"
	"postroom/internal/wire/address"
)

// createOutside makes an entry in a foreign directory in three steps: (1) a
// Write checks the rules and holds the name and all that is to be done in an
// intent; (2) the Writer; (3) a Write makes the rows and ends the intent. Where 3
// is refused, what this call made in 2 is deleted, by its key, and nothing else is.
func (v *View) createOutside(ctx context.Context, op string, w Writer, i Intent, password string, whole Hook) (Entry, error) {
	i.Org, i.ID, i.NameKey, i.Created, i.By = v.org, ids.NewUUID(), address.Fold(i.Entry.Name), v.s.Clock.Now(), v.by
	err := v.write(ctx, func(t *tx.Tx, _ *org.Organization) error {
		if err := v.nameFree(t, op, i.Entry.Name, ""); err != nil {
			return err
		}
		return v.s.Store.PutIntent(t, i)
	})
	if err != nil {
		return Entry{}, err
	}
	who := identity(&i.Entry)
	who.Made = i.ID
	r, err := w.Create(ctx, v.org, who, password)
	after := context.WithoutCancel(ctx)
	if err != nil {
		if refused(err) {
			v.s.endIntent(after, i) // nothing of ours is there
		}
		return Entry{}, demanding(ctx, op, w, Ref{}, err) // else it is not known: Settle reads the directory back
	}
	made, err := v.finish(ctx, op, w, i, r, whole, "")
	switch {
	case err == nil:
		return made, nil
	case errors.Is(err, errGivenUp):
		v.dropOrphan(after, w, i, r)
	case refused(err):
		if back := v.takeBack(after, w, i, r); back != nil {
			v.s.Log.Error("an entry was not taken out of the directory again; the intent stays", "entry", r.Name, "error", back)
		}
	}
	return Entry{}, err
}

// finish is what follows the Writer's Create: the memberships there, and step 3.
func (v *View) finish(ctx context.Context, op string, w Writer, i Intent, r Ref, whole Hook, detail string) (Entry, error) {
	groups, err := v.joinable(ctx, i.Groups)
	if err != nil {
		return Entry{}, err
	}
	for _, g := range groups {
		if err := w.SetMember(ctx, v.org, ref(&g), r, true); err != nil {
			return Entry{}, err
		}
	}
	return v.forward(ctx, op, i, r, whole, detail)
}

// errGivenUp is the cause where another ended the intent meanwhile.
var errGivenUp = errors.New("the intent was ended")

// takeBack deletes what an intent made, and ends it. The intent says so first:
// nobody goes forward with it from then on.
func (v *View) takeBack(ctx context.Context, w Writer, i Intent, r Ref) error {
	found := false
	err := v.write(ctx, func(t *tx.Tx, _ *org.Organization) (err error) {
		if i, found, err = v.s.Store.Intent(ctx, t, v.org, i.ID); err != nil || !found {
			return err
		}
		i.Back, i.Entry.Key = true, r.Key
		return v.s.Store.PutIntent(t, i)
	})
	if err == nil && found {
		err = w.Delete(ctx, v.org, Ref{Kind: i.Entry.Kind, Key: r.Key})
	}
	if err != nil && !refused(err) {
		return err
	}
	if err != nil {
		v.s.Log.Error("what was made in the directory cannot be taken back and stays there", "name", i.Entry.Name, "error", err)
	}
	v.s.endIntent(ctx, i)
	return nil
}

// dropOrphan deletes what this call made behind the end of its intent, unless it
// became an entry here.
func (v *View) dropOrphan(ctx context.Context, w Writer, i Intent, r Ref) {
	rows, err := v.s.Store.Seen(ctx, nil, v.org, []string{r.Key})
	if err == nil && (len(rows) == 0 || rows[0].Entry == "") {
		err = w.Delete(ctx, v.org, Ref{Kind: i.Entry.Kind, Key: r.Key})
	}
	if err != nil {
		v.s.Log.Error("what was made too late stays in the directory", "name", i.Entry.Name, "error", err)
	}
}

// refused tells an error after which nothing was done from one after which it
// is not known: a commit whose answer was lost must not be undone.
func refused(err error) bool {
	kind, _ := errs.Of(err)
	return err != nil && kind != errs.Unavailable && kind != errs.Internal
}

// forward is step 3.
func (v *View) forward(ctx context.Context, op string, i Intent, r Ref, then Hook, detail string) (Entry, error) {
	var made Entry
	err := v.write(ctx, func(t *tx.Tx, _ *org.Organization) error {
		if is, found, err := v.s.Store.Intent(ctx, t, v.org, i.ID); err != nil || !found || is.Back {
			if err == nil {
				err = errs.Say(op, errs.Unavailable, errs.Directory, "It took too long and was given up. Try again.").Because(errGivenUp)
			}
			return err
		}
		if err := v.s.Store.DeleteIntent(t, v.org, i.ID); err != nil {
			return err
		}
		made = i.Entry
		made.Key = r.Key
		if r.Entry != "" {
			made.ID = r.Entry
		}
		seen, found, err := v.mirroredFirst(t, &made)
		if err != nil {
			return err
		}
		if !found {
			if err := v.insert(t, op, &made, then, detail); err != nil {
				return err
			}
		} else if err := then.run(t, &made); err != nil {
			return err
		} else if err := v.s.Store.Update(t, &made); err != nil {
			return err
		} else if err := v.record(t, &made, strings.TrimPrefix(detail+", the mirror had seen it", ", ")); err != nil {
			return err
		}
		if made.Key == "" {
			return nil
		}
		return v.s.Store.PutSeen(t, seen)
	})
	return made, err
}

// mirroredFirst answers what the mirror knows of an entry that is being made, and
// makes it the mirror's where that saw it first. The mirror looks at it again.
func (v *View) mirroredFirst(t *tx.Tx, made *Entry) (s Seen, found bool, err error) {
	rows, err := v.s.Store.Seen(t.Context(), t, v.org, []string{made.Key})
	if err != nil {
		return s, false, err
	}
	if len(rows) > 0 && rows[0].Entry != "" {
		s = rows[0]
		e, found, err := v.s.Store.Entry(t.Context(), t, v.org, s.Entry)
		if err != nil {
			return s, false, err
		}
		if found && e.State != Deleted {
			e.Role, e.Hidden, e.IdentityProviderUserID, e.ImportID = made.Role, made.Hidden, made.IdentityProviderUserID, made.ImportID
			e.Revision++
			*made, s.Again = e, true
			return s, true, nil
		}
	}
	return Seen{Org: v.org, Key: made.Key, Entry: made.ID, Kind: made.Kind, Hash: "-", Again: true}, false, nil
}

func (s *Service) endIntent(ctx context.Context, i Intent) {
	err := s.Store.Write(ctx, i.Org, func(t *tx.Tx) error { return s.Store.DeleteIntent(t, i.Org, i.ID) })
	if err != nil {
		s.Log.Error("an intent stays until it is settled", "name", i.Entry.Name, "error", err)
	}
}

// Settle ends the intents that a crash or a lost answer left and that are older
// than age. Where the directory has what the intent made, all is done that the
// call would have done, with this mailbox hook, or, where that is refused now,
// it is deleted there. What another made under the name is left as it is, to the
// mirror. Those whose directory does not answer wait.
func (s *Service) Settle(ctx context.Context, age time.Duration, mailbox Hook) error {
	list, err := s.Store.Intents(ctx, nil, s.Clock.Now().Add(-age), 500)
	if err != nil {
		return err
	}
	for _, i := range list {
		if err := s.settle(ctx, i, mailbox); err != nil {
			s.Log.Warn("an intent waits for its directory", "name", i.Entry.Name, "error", err)
		}
	}
	return nil
}

func (s *Service) settle(ctx context.Context, i Intent, mailbox Hook) error {
	const op = "directory.Settle"
	src, err := s.source(ctx, i.Org)
	if err != nil {
		return err
	}
	has, err := src.Lookup(ctx, i.Org, Ref{Kind: i.Entry.Kind, Key: i.Entry.Key, Name: i.Entry.Name})
	if errs.Is(err, errs.NotFound) {
		s.endIntent(ctx, i)
		return nil
	}
	if err != nil {
		return err
	}
	w, writes := src.(Writer)
	if has.Made != i.ID || !writes {
		s.Log.Warn("what is in the directory under the name was not made here", "name", i.Entry.Name)
		s.endIntent(ctx, i)
		return nil
	}
	v := s.View(i.Org, i.By, 0)
	if has.Half || i.Back {
		return v.takeBack(ctx, w, i, has.Ref)
	}
	whole, err := v.whole(&i, mailbox)
	if err == nil {
		_, err = v.finish(ctx, op, w, i, has.Ref, whole, "settled after a break")
	}
	switch {
	case errors.Is(err, errGivenUp):
		return nil
	case refused(err):
		s.Log.Warn("what a call left in the directory is taken back", "name", i.Entry.Name, "error", err)
		return v.takeBack(ctx, w, i, has.Ref)
	}
	return err
}

func identity(e *Entry) Identity {
	return Identity{Ref: ref(e), State: e.Dir, DisplayName: e.DisplayName, Details: e.Details}
}
