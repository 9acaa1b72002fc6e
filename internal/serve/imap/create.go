package imap

import (
	"strings"

	"postroom/internal/core/mailbox"
	wire "postroom/internal/wire/imap"
)

// create is RFC 3501 §6.3.3; names above that are missing are made too.
func (x *session) create(c *wire.Command) (reply, error) {
	p, err := x.locate(strings.TrimSuffix(c.Args.(*wire.Mailbox).Name, "/"))
	if err != nil {
		return reply{}, err
	}
	if err := x.mayHold(p); err != nil {
		return reply{}, err
	}
	_, err = p.box.CreateFolder(x.ctx, p.path, mailbox.KindMail)
	return reply{}, err
}
