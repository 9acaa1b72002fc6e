package imap

import (
	"context"

	"postroom/internal/base/errs"
	"postroom/internal/core/mailbox"
)

const (
	pageItems = 128
	nearby    = 8 // messages read over rather than asked around
)

// metas calls f for each message of spans that is still there, and returns how
// many were not. The store is not held while f runs.
func (s *selected) metas(ctx context.Context, spans []span, parsed bool, f func(n int, e mailbox.Entry, m *mailbox.Meta) error) (missing int, err error) {
	missing = spanned(spans)
	now, err := s.box.Snapshot(ctx, s.folder)
	if errs.Is(err, errs.NotFound) || err == nil && now.UIDValidity != s.snap.UIDValidity {
		return missing, nil // the folder is gone; announce says so
	}
	for _, p := range joined(spans) {
		if err == nil {
			err = s.box.Metas(ctx, s.snap, now, p.lo, p.hi, parsed, func(n int, e mailbox.Entry, m *mailbox.Meta) error {
				if !inSpans(spans, n) {
					return nil
				}
				missing--
				return f(n, e, m)
			})
		}
	}
	return missing, err
}

func spanned(spans []span) (n int) {
	for _, p := range spans {
		n += p.hi - p.lo + 1
	}
	return n
}

// joined draws spans together that are near each other.
func joined(spans []span) []span {
	if len(spans) < 2 {
		return spans
	}
	out := []span{spans[0]}
	for _, p := range spans[1:] {
		if k := len(out) - 1; p.lo-out[k].hi <= nearby {
			out[k].hi = p.hi
		} else {
			out = append(out, p)
		}
	}
	return out
}
