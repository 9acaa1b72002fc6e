package imap

import wire "postroom/internal/wire/imap"

// closeFolder is CLOSE (RFC 3501 §6.4.2): it expunges without a word.
func (x *session) closeFolder(*wire.Command) (reply, error) {
	if err := x.recheck(); err != nil {
		return reply{}, err
	}
	sel := x.sel
	x.unselect()
	if sel.readOnly {
		return reply{}, nil
	}
	return reply{}, x.expungeIn(sel, nil)
}

// unselectFolder is UNSELECT (RFC 3691).
func (x *session) unselectFolder(*wire.Command) (reply, error) {
	x.unselect()
	return reply{}, nil
}
