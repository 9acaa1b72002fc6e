package mailstore

import (
	"context"
	"strconv"
	"strings"

	"postroom/internal/base/ids"
)

// Announce implements mailbox.Store: "MAILBOX:SEQ …", both hexadecimal.
func (s *Store) Announce(ctx context.Context, changed map[ids.Mailbox]ids.Seq) error {
	const full = 7900
	var b []byte
	for id, seq := range changed {
		b = strconv.AppendInt(b, int64(id), 16)
		b = append(b, ':')
		b = strconv.AppendInt(b, int64(seq), 16)
		b = append(b, ' ')
		if len(b) > full {
			if err := s.db.Announce(ctx, string(b)); err != nil {
				return err
			}
			b = b[:0]
		}
	}
	if len(b) == 0 {
		return nil
	}
	return s.db.Announce(ctx, string(b))
}

// Listen implements mailbox.Store.
func (s *Store) Listen(ctx context.Context, f func(ids.Mailbox, ids.Seq)) {
	s.db.Listen(ctx, func(text string) {
		for _, word := range strings.Fields(text) {
			left, right, _ := strings.Cut(word, ":")
			id, err1 := strconv.ParseInt(left, 16, 64)
			seq, err2 := strconv.ParseInt(right, 16, 64)
			if err1 == nil && err2 == nil {
				f(ids.Mailbox(id), ids.Seq(seq))
			}
		}
	})
}
