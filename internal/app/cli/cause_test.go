package cli

import (
	"errors"
	"fmt"
	"testing"

	"postroom/internal/base/errs"
)

// A fault is said once, however many of our errors are around it.
func TestSentenceSaysOnce(t *testing.T) {
	disk := errors.New("disk I/O error")
	inner := errs.Say("sqldb.Open", errs.Unavailable, errs.Storage, "PostgreSQL does not answer.").Because(errors.New("cannot connect:\n\tdial: refused\n\tdial: refused"))
	for want, err := range map[string]error{
		"PostgreSQL does not answer. [cannot connect: dial: refused]": errs.Say("app.New", errs.Unavailable, errs.Storage, "PostgreSQL does not answer.").Because(fmt.Errorf("region x: %w", inner)),
		"SQLite says: disk I/O error":                                 errs.Say("app.New", errs.Unavailable, errs.Storage, "SQLite says: %v", disk).Because(disk),
		"It is full.":                                                 errs.Say("app.New", errs.Unavailable, errs.Storage, "It is full."),
	} {
		if got := sentence(err); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
