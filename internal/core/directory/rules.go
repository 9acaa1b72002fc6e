package directory

import (
	"context"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"postroom/internal/base/errs"
	"postroom/internal/wire/address"

	"golang.org/x/text/unicode/norm"
)

// MaxAliases of an entry, beside the primary address.
const MaxAliases = 100

// maxText is how long a detail or display name may be, in characters.
const maxText = 256

// reserved are names that a directory has of its own, or that mail is sent from
// by the server itself.
var reserved = map[string]bool{
	"administrator": true, "guest": true, "krbtgt": true, "amazonjournaling": true, "postroomjournaling": true,
	"mailer-daemon": true,
}

var nameForm = regexp.MustCompile(`^[A-Za-z0-9_.\-]+(@[a-zA-Z0-9.\-]+\.[a-zA-Z0-9-]{2,})?$`)

// checkName is for all kinds: its form, its length and that it is not reserved.
func (v *View) checkName(ctx context.Context, op string, kind Kind, name string) error {
	limit := map[Kind]int{KindUser: 64, KindGroup: 256, KindResource: 20}[kind]
	if kind == KindUser {
		src, err := v.s.source(ctx, v.org)
		if err != nil {
			return err
		}
		limit = min(limit, src.Facts().UserNames)
	}
	n := utf8.RuneCountInString(name)
	switch {
	case n < 1 || n > limit:
		return errs.Say(op, errs.Invalid, errs.Entry, "The name of a %s has 1 to %d characters.", kind.word(), limit)
	case kind != KindGroup && !nameForm.MatchString(name):
		return errs.Say(op, errs.Invalid, errs.Entry, "The name of a %s has letters, digits, - _ and . only.", kind.word())
	case kind == KindGroup && (strings.ContainsFunc(name, notLatin1) || strings.TrimSpace(name) != name):
		return errs.Say(op, errs.Invalid, errs.Entry, "The name of a group has printable Latin characters only, and no space at its ends.")
	case strings.Trim(name, ".") == "":
		return errs.Say(op, errs.Invalid, errs.Entry, "A name of dots alone is no name: give a letter or digit.")
	case reserved[address.Fold(name)]:
		return errs.Say(op, errs.Reserved, errs.Entry, "The name %s is reserved.", name)
	}
	return nil
}

func notLatin1(r rune) bool { return r < 0x20 || r > 0xff || r >= 0x7f && r < 0xa0 }

// checkLine is for names and details that people read: text of one line.
func checkLine(op, what, text string, limit int) error {
	if strings.ContainsAny(text, "\n\t\r\u2028\u2029") {
		return errs.Say(op, errs.Invalid, errs.Entry, "%s is one line, without tabs.", what)
	}
	return checkText(op, what, text, limit)
}

// checkText is for details that may have several lines, as a street has.
func checkText(op, what, text string, limit int) error {
	if utf8.RuneCountInString(text) > limit {
		return errs.Say(op, errs.Invalid, errs.Entry, "%s has at most %d characters.", what, limit)
	}
	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r' }) {
		return errs.Say(op, errs.Invalid, errs.Entry, "%s has characters that cannot be shown.", what)
	}
	return nil
}

var emailForm = regexp.MustCompile(`^[a-zA-Z0-9._%+\-]{1,64}@[a-zA-Z0-9.\-]+\.[a-zA-Z\-]{2,}$`)

// parseEmail reads an address that an entry may have. A "+" is left to subaddresses.
func parseEmail(op, text string) (address.Address, error) {
	a, err := address.Parse(text)
	if err != nil || !emailForm.MatchString(text) {
		return a, errs.Say(op, errs.Invalid, errs.Address, "%q is not a valid email address.", text).Because(err)
	}
	if local := address.Fold(a.Local); reserved[local] && (local == "mailer-daemon" || strings.HasSuffix(local, "journaling")) {
		return a, errs.Say(op, errs.Invalid, errs.Address, "The address %s is used by the server itself.", text)
	}
	return a, nil
}

// checkPassword is the policy of the built-in directory (workmail.md 4.1), and
// answers the form that is hashed.
func checkPassword(op, password string) (string, error) {
	say := func(text string) (string, error) { return "", errs.Say(op, errs.Password, errs.Entry, "%s", text) }
	if len(password) > 4*256 || !utf8.ValidString(password) {
		return say("A password has at most 63 characters.")
	}
	password = norm.NFC.String(password)
	n := utf8.RuneCountInString(password)
	groups := map[string]bool{}
	for _, r := range password {
		switch {
		case notLatin1(r):
			return say("A password has characters of Basic Latin and Latin-1 Supplement only.")
		case r >= 'A' && r <= 'Z':
			groups["upper"] = true
		case r >= 'a' && r <= 'z':
			groups["lower"] = true
		case r >= '0' && r <= '9':
			groups["digit"] = true
		case r > 0x7f && unicode.IsLetter(r):
			groups["latin1"] = true
		default:
			groups["special"] = true
		}
	}
	switch {
	case n < minPassword:
		return say("A password has at least 8 characters.")
	case n > maxPassword:
		return say("A password has at most 63 characters.")
	case len(groups) < 3:
		return say("A password has characters of at least three groups: upper case, lower case, digits, special characters, Latin-1 letters.")
	}
	return password, nil
}
