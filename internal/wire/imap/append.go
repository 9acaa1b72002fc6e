package imap

import "time"

// Append is APPEND (RFC 3501 §6.3.11). The message is not read yet: open it, or
// refuse the command without it; after it, Message.Done takes the end of the command.
type Append struct {
	Mailbox string
	Flags   Flags
	Date    time.Time // zero if not given
	Message *Literal
}

func parseAppend(d *Decoder) any {
	var a Append
	if !d.ExpectSP() || !d.ExpectMailbox(&a.Mailbox) || !d.ExpectSP() {
		return nil
	}
	d.parseAppendMessage(&a)
	return &a
}

// parseAppendMessage takes what stands for one message, up to its literal.
func (d *Decoder) parseAppendMessage(a *Append) {
	if d.peek() == '(' && (!d.ExpectFlagList(&a.Flags) || !d.ExpectSP()) {
		return
	}
	if d.peek() == '"' && (!d.ExpectDateTime(&a.Date) || !d.ExpectSP()) {
		return
	}
	if a.Message = d.ExpectStream("a message"); a.Message != nil && a.Message.Binary {
		d.refuse(NO, CodeUnknownCTE, "APPEND: literal8 is not supported") // RFC 3516 §4.4
	}
}
