package mailbox

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
)

// warnAt is the part of the quota from which the owner is warned, in percent.
const warnAt = 90

func (b Box) nearlyFull() bool { return b.Quota > 0 && b.Size >= b.Quota/100*warnAt }

// warn sees to the one warning per crossing of 90 %: after the commit the owner
// gets a message, in whose Write the mark is set.
func (c *changing) warn() error {
	switch over := c.box.nearlyFull(); {
	case c.box.ID == 0 || over == c.box.Warned:
		return nil
	case !over:
		return c.s.store.SetWarned(c.ctx, c.t, c.id, false)
	}
	s, b := c.s, c.box
	c.t.AfterCommit(func() {
		go func() {
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			if err := s.sendWarning(ctx, b); err != nil {
				s.log.Warn("quota warning", "mailbox", b.ID, "error", err)
			}
		}()
	})
	return nil
}

// sendWarning puts the warning into the Inbox, beyond the quota if it must.
func (s *Service) sendWarning(ctx context.Context, b Box) error {
	to, err := s.addresses.Addresses(ctx, nil, b.Org, b.Entry)
	if err != nil || len(to) == 0 {
		return err
	}
	_, domain, _ := strings.Cut(to[0], "@")
	now := s.clock.Now()
	text := fmt.Sprintf("From: Mailbox quota <postmaster@%s>\r\nTo: <%s>\r\nSubject: Your mailbox is almost full\r\nDate: %s\r\n"+
		"Message-ID: <%s@%s>\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"+
		"%s of your %s are in use. When the mailbox is full, new mail is refused.\r\n\r\n"+
		"Delete messages that you no longer need, or ask your administrator for a larger quota.\r\n",
		domain, to[0], now.Format(time.RFC1123Z), ids.NewUUID(), domain, amount(b.Size), amount(b.Quota))
	p, err := s.Prepare(ctx, b.Org, strings.NewReader(text), int64(len(text)))
	if err != nil {
		return err
	}
	return s.store.Write(ctx, b.Org, func(t *tx.Tx) error {
		if err := t.LockMailbox(b.ID); err != nil {
			return err
		}
		now, err := s.store.Box(ctx, t, b.ID)
		if err != nil || now.Warned || !now.nearlyFull() {
			return err // another message has told already, or there is room again
		}
		if err := s.store.SetWarned(ctx, t, b.ID, true); err != nil {
			return err
		}
		_, err = s.DeliverTx(ctx, t, p, Origin{Head: "quota", Operation: "mailbox.Warn"}, []Target{{Mailbox: b.ID, beyond: true}})
		return err
	})
}

// amount is a number of bytes as people read it, in the units of quotas: 0.9 MB,
// 49.5 GB.
func amount(bytes int64) string {
	value, unit := float64(bytes)/(1<<20), " MB"
	switch {
	case value < 0.1:
		value, unit = value*1024, " kB"
	case value >= 1024:
		value, unit = value/1024, " GB"
	}
	return strconv.FormatFloat(math.Round(value*10)/10, 'f', -1, 64) + unit
}
