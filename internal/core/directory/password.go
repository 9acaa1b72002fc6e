package directory

import (
	"context"
	"crypto/rand"
	"strings"
	"unicode/utf8"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/tx"

	"golang.org/x/text/unicode/norm"
)

// ResetPassword gives a user, found by id, a new password, and ends what the old
// one proved before this answers. errs.Password where the policy refuses it. For
// 65 minutes only the new one is taken: the directory may take the old one for 60.
func (v *View) ResetPassword(ctx context.Context, id, password string) error {
	return v.setPassword(ctx, "directory.ResetPassword", id, password, func(ctx context.Context, w Writer, r Ref, password string) error {
		return w.SetPassword(ctx, v.org, r, password)
	})
}

// ChangePassword is ResetPassword by the user, whose old password was proven. A
// directory that changes passwords by the old one applies its policy for users.
func (v *View) ChangePassword(ctx context.Context, id, old, password string) error {
	return v.setPassword(ctx, "directory.ChangePassword", id, password, func(ctx context.Context, w Writer, r Ref, password string) error {
		if own, ok := w.(PasswordChanger); ok {
			return own.ChangePassword(ctx, v.org, r, norm.NFC.String(old), password)
		}
		return w.SetPassword(ctx, v.org, r, password)
	})
}

// ChangesOwnPassword tells whether the directory itself proves the old password
// when a user changes it, so that it may be one that expired.
func (s *Service) ChangesOwnPassword(ctx context.Context, org ids.Org) (bool, error) {
	src, err := s.source(ctx, org)
	_, ok := src.(PasswordChanger)
	return ok, err
}

func (v *View) setPassword(ctx context.Context, op, id, password string, put func(ctx context.Context, w Writer, r Ref, password string) error) error {
	g := target{op, id, AcceptID, KindUser}
	e, err := v.alive(ctx, nil, g)
	if err != nil {
		return err
	}
	if err := own(op, &e); err != nil {
		return err
	}
	if err := there(op, &e); err != nil {
		return err
	}
	if e.Role == RoleRemoteUser {
		return errs.Say(op, errs.State, errs.Entry, "%s is a remote user, who does not sign in here.", e.Name)
	}
	w, err := v.writer(ctx, op)
	if err != nil {
		return err
	}
	hash := ""
	if w != nil {
		if password, err = foreignPassword(op, password); err != nil {
			return err
		}
	} else {
		if password, err = checkPassword(op, password); err != nil {
			return err
		}
		if hash, err = v.s.Hasher.Hash(ctx, password); err != nil {
			return err
		}
	}
	set := ""
	do := func(ctx context.Context, w Writer) error {
		if err := put(ctx, w, ref(&e), password); err != nil {
			return demanding(ctx, op, w, ref(&e), err)
		}
		// Where it does not tell now, the mirror takes over what it sees without taking it for another change.
		if now, err := w.Lookup(ctx, v.org, ref(&e)); err == nil {
			set = now.PasswordSet
		}
		return nil
	}
	return v.outside(ctx, op, &e, do, nil, func() error {
		_, err := v.change(ctx, g, func(t *tx.Tx, e *Entry) (bool, string, error) {
			e.Version++
			v.s.revoked(t, v.org, e.ID)
			now := v.s.Clock.Now()
			if w != nil {
				e.PasswordSet = set
				e.passwordChanged(now, now, nil)
				e.Guard = v.s.PasswordMark(v.org, e.ID, password)
				return true, "", nil
			}
			return true, "", v.s.Store.PutPassword(t, v.org, e.ID, hash, now)
		})
		return err
	})
}

// foreignPassword is the form in which a foreign directory gets a password: the
// one in which sign-ins give it. What it may be is the directory's to say.
func foreignPassword(op, password string) (string, error) {
	form, fine := signInForm(password)
	if !fine {
		return "", errs.Say(op, errs.Password, errs.Entry, "A password has 1 to 256 characters of valid text.")
	}
	return form, nil
}

// CheckPassword asks the directory what it says to a user's password, and answers
// the version that the proof belongs to. It does not look at states. What asks
// for nobody, by an id that is "" or not a user's, takes the same way in the same
// organization: a foreign directory is asked for somebody who is not there, so
// that neither its time nor its silence tells who is.
func (s *Service) CheckPassword(ctx context.Context, org ids.Org, id ids.Entry, password string) (version int64, says Answer, err error) {
	src, err := s.source(ctx, org)
	if err != nil {
		return 0, Wrong, later(err)
	}
	e, found, err := s.Store.Entry(ctx, nil, org, id)
	if err != nil {
		return 0, Wrong, err
	}
	user := found && e.Kind == KindUser
	password, fine := signInForm(password)
	inStore := src.Facts().InStore
	switch {
	case !fine, !inStore && strings.ContainsRune(password, 0), !user && inStore:
		// The same time as for a wrong password.
		_, err := s.Hasher.Verify(ctx, "", "")
		return 0, Wrong, err
	case !user, !inStore && s.guarded(&e, password):
		_, err := src.Check(ctx, org, Ref{Kind: KindUser, Key: ids.NewUUID(), Name: "u" + ids.Hex(9)}, Decoy(len(password)))
		says = Wrong
		if user && !e.TakesOne() {
			says = Former
		}
		return e.Version, says, later(err)
	}
	// The version is older than the hash that is read behind it: a change between the two ends the proof.
	says, err = src.Check(ctx, org, ref(&e), password)
	if says == Inactive && !inStore && e.Dir == DirActive {
		s.readAgain(ctx, &e)
	}
	return e.Version, says, later(err)
}

// Decoy is a random password of so many bytes. A directory that is asked for
// nobody is given this and never what was typed: a name leads to whichever
// directory brings its suffix, and what was typed may be a stranger's password
// of somewhere else.
func Decoy(length int) string {
	text := ""
	for len(text) < length {
		text += rand.Text()
	}
	return text[:length]
}

// later makes whatever keeps a directory from answering temporary: who signs in
// can do nothing about it, and learns nothing of it.
func later(err error) error {
	if err == nil || errs.Is(err, errs.Throttled) || errs.Is(err, errs.Internal) {
		return err
	}
	return errs.Say("directory.CheckPassword", errs.Unavailable, errs.Directory, "The directory cannot be asked at the moment. Try again later.").Because(err)
}

// signInForm is a password as it is hashed: NFC, once. What can be none is told apart before.
func signInForm(password string) (string, bool) {
	if password == "" || len(password) > 4*256 || !utf8.ValidString(password) {
		return "", false
	}
	return norm.NFC.String(password), true
}
