package directory

import (
	"context"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/audit"
	"postroom/internal/core/org"
	"postroom/internal/core/tx"
	"postroom/internal/wire/address"
)

// createOutside makes an entry in a foreign directory in three steps: (1) a
// Write checks the rules and holds the name in an intent; (2) the Writer; (3) a
// Write makes the rows and ends the intent. Where 3 is refused, 2 is undone.
func (v *View) createOutside(ctx context.Context, op string, w Writer, e Entry, password string, groups []Entry, then Hook) (Entry, error) {
	i := Intent{Org: v.org, ID: ids.NewUUID(), NameKey: address.Fold(e.Name), Entry: e, Created: v.s.Clock.Now()}
	err := v.write(ctx, func(t *tx.Tx, _ *org.Organization) error {
		if err := v.nameFree(t, op, e.Name, ""); err != nil {
			return err
		}
		return v.s.Store.PutIntent(t, i)
	})
	if err != nil {
		return Entry{}, err
	}
	r, err := w.Create(ctx, v.org, identity(&e), password)
	after := context.WithoutCancel(ctx)
	if err != nil {
		if refused(err) {
			v.s.endIntent(after, i) // nothing is there
		}
		return Entry{}, demanding(ctx, op, w, Ref{}, err) // else it is not known: Settle reads the directory back
	}
	for _, g := range groups {
		if err = w.SetMember(ctx, v.org, ref(&g), r, true); err != nil {
			break
		}
	}
	var made Entry
	if err == nil {
		made, err = v.forward(ctx, op, i, r, then)
	}
	if refused(err) {
		if e := w.Delete(after, v.org, r); e != nil {
			v.s.Log.Error("an entry was not taken out of the directory again; the intent stays", "entry", r.Name, "error", e)
			return Entry{}, err
		}
		v.s.endIntent(after, i)
	}
	if err != nil {
		made = Entry{}
	}
	return made, err
}

// refused tells an error after which nothing was done from one after which it
// is not known: a commit whose answer was lost must not be undone.
func refused(err error) bool {
	kind, _ := errs.Of(err)
	return err != nil && kind != errs.Unavailable && kind != errs.Internal
}

// forward is step 3.
func (v *View) forward(ctx context.Context, op string, i Intent, r Ref, then Hook) (Entry, error) {
	var made Entry
	err := v.write(ctx, func(t *tx.Tx, _ *org.Organization) error {
		if _, found, err := v.s.Store.Intent(ctx, t, v.org, i.ID); err != nil || !found {
			if err == nil {
				err = errs.Say(op, errs.Unavailable, errs.Directory, "It took too long and was given up. Try again.")
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
			if err := v.insert(t, op, &made, then); err != nil {
				return err
			}
		} else if err := then.run(t, &made); err != nil {
			return err
		} else if err := v.s.Store.Update(t, &made); err != nil {
			return err
		} else if err := v.record(t, &made, "the mirror had seen it"); err != nil {
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

// Settle ends the intents that a crash left and that are older than age:
// forward where the foreign directory has the entry, else back. Those whose
// directory does not answer wait.
func (s *Service) Settle(ctx context.Context, age time.Duration) error {
	list, err := s.Store.Intents(ctx, nil, s.Clock.Now().Add(-age), 500)
	if err != nil {
		return err
	}
	for _, i := range list {
		r := ref(&i.Entry)
		r.Entry = ""
		src, err := s.source(ctx, i.Org)
		var has Identity
		if err == nil {
			has, err = src.Lookup(ctx, i.Org, r)
		}
		switch {
		case err == nil:
			by := audit.By{Kind: audit.System, Name: "settle", Operation: "Create" + i.Entry.Kind.String()}
			_, err = s.View(i.Org, by, 0).forward(ctx, "directory.Settle", i, has.Ref, nil)
			if refused(err) {
				s.Log.Warn("what a crash left in the directory is not taken over", "name", i.Entry.Name, "error", err)
				s.endIntent(ctx, i)
			}
		case errs.Is(err, errs.NotFound):
			s.endIntent(ctx, i)
		default:
			s.Log.Warn("an intent waits for its directory", "name", i.Entry.Name, "error", err)
		}
	}
	return nil
}

func identity(e *Entry) Identity {
	return Identity{Ref: ref(e), State: e.Dir, DisplayName: e.DisplayName, Details: e.Details}
}
