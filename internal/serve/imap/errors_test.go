package imap

import (
	"testing"

	"postroom/internal/base/errs"
	wire "postroom/internal/wire/imap"
)

// TestRefusalsHaveNoHole walks all kinds and subjects.
func TestRefusalsHaveNoHole(t *testing.T) {
	for _, kind := range errs.AllKinds() {
		if _, ok := refusals[kind]; !ok {
			t.Errorf("%s has no row", kind)
		}
		for _, subject := range errs.AllSubjects() {
			a := refusal(errs.E("test", kind, subject, nil))
			if a.status != wire.NO && a.status != wire.BAD {
				t.Errorf("%s %s: status %q", kind, subject, a.status)
			}
			if kind != errs.Internal && a.code == wire.CodeServerBug {
				t.Errorf("%s %s is called a bug", kind, subject)
			}
		}
	}
	if len(refusals) != len(errs.AllKinds()) {
		t.Error("a row for a kind that is none")
	}
}

// TestCommandsAreServed keeps table and grammar together.
func TestCommandsAreServed(t *testing.T) {
	for name, c := range commands {
		if c.run == nil {
			t.Errorf("%s runs nothing", name)
		}
	}
}
