package directory

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
)

// Former is an Answer of CheckPassword alone, see guarded: a former password,
// which the directory was not asked for.
const Former Answer = "former"

// formerTime is so long that a directory no longer takes the password before the last.
const formerTime = 65 * time.Minute

// maxRefused are so many passwords at most that a Guard refuses.
const maxRefused = 5

// passwordChanged notes that what was proven before a time is a former password,
// and so is the one that alone was taken until now. proven are those that are
// known, by PasswordMark, the newest first.
func (e *Entry) passwordChanged(before, now time.Time, proven []string) {
	if before.After(e.FormerBefore) {
		e.FormerBefore = before
	}
	refused := slices.Clone(proven)
	for _, mark := range e.guards() {
		if !slices.Contains(refused, mark) {
			refused = append(refused, mark)
		}
	}
	if len(refused) > 0 {
		e.Guard = "!" + strings.Join(refused[:min(len(refused), maxRefused)], " ")
	}
	e.FormerUntil = now.Add(formerTime)
}

// TakesOne tells that Guard marks the only password that is taken.
func (e *Entry) TakesOne() bool { return e.Guard != "" && !strings.HasPrefix(e.Guard, "!") }

// guards are the marks in Guard.
func (e *Entry) guards() []string { return strings.Fields(strings.TrimPrefix(e.Guard, "!")) }

// dropFormer forgets the marks of passwords whose time is over.
func (s *Service) dropFormer(ctx context.Context) error {
	for n := int64(slice); n >= slice; {
		err := s.Store.Write(ctx, "", func(t *tx.Tx) (err error) {
			n, err = s.Store.DropFormer(t, s.Clock.Now(), slice)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// PasswordMark is of a user's password, in the form in which it is proven: only
// who has the master key can make it.
func (s *Service) PasswordMark(org ids.Org, id ids.Entry, password string) string {
	return base64.RawStdEncoding.EncodeToString(s.Orgs.Keys.MAC("password "+string(org)+" "+string(id), []byte(password)))
}

// guarded tells whether a password is refused without asking the directory: it
// was reset through us, and this is not the new one; or was changed in the
// directory since, and this is one that was taken here before.
func (s *Service) guarded(e *Entry, password string) bool {
	if e.Guard == "" || !s.Clock.Now().Before(e.FormerUntil) {
		return false
	}
	mark := s.PasswordMark(e.Org, e.ID, password)
	same := slices.ContainsFunc(e.guards(), func(g string) bool { return hmac.Equal([]byte(g), []byte(mark)) })
	return same != e.TakesOne()
}

// proven are the marks of a user's passwords that this process saw proven before a time.
func (s *Service) proven(org ids.Org, id ids.Entry, before time.Time) []string {
	if r := s.revoker.Load(); r != nil {
		return (*r).Proven(org, id, before)
	}
	return nil
}
