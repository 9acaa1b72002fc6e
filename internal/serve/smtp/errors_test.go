package smtp

import (
	"errors"
	"strings"
	"testing"

	"postroom/internal/base/errs"
)

// Every kind and subject has a reply, whose two codes agree.
func TestNoHole(t *testing.T) {
	for _, k := range errs.AllKinds() {
		if _, ok := byKind[k]; !ok {
			t.Errorf("%s has no code", k)
		}
		for _, s := range errs.AllSubjects() {
			a := answerFor(errs.E("x", k, s, errors.New("secret")))
			if a.code < 400 || a.code > 599 || a.enh[0] != byte('0'+a.code/100) || strings.Count(a.enh, ".") != 2 {
				t.Errorf("%s %s: %s", k, s, a)
			}
			if a.text == "" || strings.Contains(a.text, "secret") {
				t.Errorf("%s %s: text %q", k, s, a.text)
			}
		}
	}
	if a := answerFor(errors.New("foreign")); a.code != 451 {
		t.Error(a)
	}
	if a := answerFor(errs.Say("x", errs.Invalid, errs.Message, "a\r\n250 b ü")); a.text != "a250 b ?" {
		t.Errorf("%q", a.text)
	}
}
