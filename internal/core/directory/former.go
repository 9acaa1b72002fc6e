package directory

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"strings"
	"time"

	"postroom/internal/core/tx"
)

// Former is an Answer of CheckPassword alone, see guarded: a former password,
// which the directory was not asked for.
const Former Answer = "former"

// formerTime is so long that a directory no longer takes the password before the last.
const formerTime = 65 * time.Minute

// passwordChanged notes that what was proven before a time is a former password,
// and so is the one that alone was taken until now.
func (e *Entry) passwordChanged(before, now time.Time) {
	if before.After(e.FormerBefore) {
		e.FormerBefore = before
	}
	if e.TakesOne() {
		e.Guard = "!" + e.Guard
	}
	e.FormerUntil = now.Add(formerTime)
}

// TakesOne tells that Guard marks the only password that is taken.
func (e *Entry) TakesOne() bool { return e.Guard != "" && !strings.HasPrefix(e.Guard, "!") }

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

// guard is the Guard of a password.
func (s *Service) guard(e *Entry, password string) string {
	return base64.RawStdEncoding.EncodeToString(s.Orgs.Keys.MAC("password "+string(e.Org)+" "+string(e.ID), []byte(password)))
}

// guarded tells whether a password is refused without asking the directory: it
// was reset through us, and this is not the new one; or was reset in the
// directory since, and this is the one that was set here.
func (s *Service) guarded(e *Entry, password string) bool {
	if e.Guard == "" || !s.Clock.Now().Before(e.FormerUntil) {
		return false
	}
	same := hmac.Equal([]byte(strings.TrimPrefix(e.Guard, "!")), []byte(s.guard(e, password)))
	return same != e.TakesOne()
}
