package auth

import (
	"regexp"
	"testing"
)

func TestNewPasswordsCanBeReadOut(t *testing.T) {
	form := regexp.MustCompile(`^[A-HJ-NP-Z][a-hjkmnp-z2-9]{3}(-[a-hjkmnp-z2-9]{4}){4}$`)
	seen := map[string]bool{}
	for range 2000 {
		p := NewPassword()
		if !form.MatchString(p) || !regexp.MustCompile(`[2-9]`).MatchString(p) || seen[p] {
			t.Fatalf("made %q", p)
		}
		seen[p] = true
	}
}
