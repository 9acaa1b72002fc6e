package imap

// Select is SELECT and EXAMINE (RFC 3501 §6.3.1, §6.3.2).
type Select struct {
	Mailbox  string
	ReadOnly bool // EXAMINE
}

func parseSelect(d *Decoder) any  { return d.parseSelect(false) }
func parseExamine(d *Decoder) any { return d.parseSelect(true) }

func (d *Decoder) parseSelect(readOnly bool) any {
	a := Select{ReadOnly: readOnly}
	_ = d.ExpectSP() && d.ExpectMailbox(&a.Mailbox) && d.ExpectEnd()
	return &a
}

// Mailbox is CREATE, DELETE, SUBSCRIBE and UNSUBSCRIBE. A name for CREATE may
// end in the delimiter (RFC 3501 §6.3.3).
type Mailbox struct{ Name string }

func parseMailbox(d *Decoder) any {
	var a Mailbox
	_ = d.ExpectSP() && d.ExpectMailbox(&a.Name) && d.ExpectEnd()
	return &a
}

// Rename is RENAME (RFC 3501 §6.3.5).
type Rename struct{ From, To string }

func parseRename(d *Decoder) any {
	var a Rename
	_ = d.ExpectSP() && d.ExpectMailbox(&a.From) && d.ExpectSP() && d.ExpectMailbox(&a.To) && d.ExpectEnd()
	return &a
}
