package auth

import (
	"crypto/rand"
	"strings"
)

// A new password is read out on the phone as often as it is copied: five groups
// of four small letters and digits, none of which looks like another, and one
// capital at the front for the policies that want three kinds. 98 bits. The
// console makes the same (web/packages/ui/src/password.tsx).
const (
	passwordLetters    = "abcdefghjkmnpqrstuvwxyz"
	passwordCharacters = passwordLetters + "23456789"
	passwordGroups     = 5
	passwordGroup      = 4
)

// NewPassword makes a password that every policy takes that we know of.
func NewPassword() string {
	for {
		groups := make([]string, passwordGroups)
		for i := range groups {
			groups[i] = pick(passwordCharacters, passwordGroup)
		}
		groups[0] = strings.ToUpper(pick(passwordLetters, 1)) + groups[0][1:]
		if made := strings.Join(groups, "-"); strings.ContainsAny(made, "23456789") && strings.ContainsAny(made, passwordLetters) {
			return made
		}
	}
}

// pick takes n of some characters, each as likely as the others.
func pick(from string, n int) string {
	out, b := make([]byte, 0, n), make([]byte, 1)
	for len(out) < n {
		_, _ = rand.Read(b) // never fails (crypto/rand)
		if most := 256 / len(from) * len(from); int(b[0]) < most {
			out = append(out, from[int(b[0])%len(from)])
		}
	}
	return string(out)
}
