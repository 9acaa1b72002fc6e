package auth

import (
	"context"

	"postroom/internal/base/errs"
	"postroom/internal/base/logging"
	"postroom/internal/core/directory"
)

// ChangePassword is the mail user's own door: the old password proves who it is
// (row 120), throttled and answered as SignIn does, and never from what is
// remembered. What the old one opened ends. errs.Password where the policy
// refuses the new one.
func (s *Service) ChangePassword(ctx context.Context, a Attempt, password string) error {
	const op = "auth.ChangePassword"
	if _, err := normal(password); err != nil {
		return err
	}
	if password == a.Password {
		return errs.Say(op, errs.Password, errs.Entry, "The new password is the old one.")
	}
	t, attempt, err := s.begin(ctx, a)
	if err != nil {
		s.noted(&a, &t, refusalOf(err, &t))
		return err
	}
	plain, unfit := normal(a.Password)
	if unfit != nil {
		attempt.failed(a.Password)
		return unauthenticated(op, unfit)
	}
	version, err := s.check(ctx, &t, plain)
	right := t.says == directory.Right
	if err == nil && (t.says == directory.Expired || t.says == directory.ChangeRequired) { // right, where the directory proves it again
		right, err = t.dir.ChangesOwnPassword(ctx, t.org)
	}
	if err != nil {
		attempt.drop()
		return err
	}
	if !right || !t.may {
		attempt.failed(plain)
		err := unauthenticated(op, nil)
		s.noted(&a, &t, refusalOf(err, &t))
		return err
	}
	attempt.right()
	s.noted(&a, &t, Accepted)
	actor, err := s.userActor(ctx, a, t, version)
	if err != nil {
		return err
	}
	by := actor.By("Postroom.ChangePassword", logging.Request(ctx))
	// The revision that was proven: a reset in between is not overwritten.
	err = t.dir.View(t.org, by, t.entry.Revision).ChangePassword(ctx, string(t.entry.ID), plain, password)
	if errs.Is(err, errs.Unauthenticated) { // a directory found the old one wrong after all
		return unauthenticated(op, err)
	}
	if errs.Is(err, errs.Conflict) {
		return errs.Say(op, errs.Conflict, errs.Entry, "The user was changed at the same moment. Try again.").Because(err)
	}
	return err
}
