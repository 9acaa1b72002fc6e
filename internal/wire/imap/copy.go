package imap

// Copy is COPY and MOVE, by sequence number or UID (RFC 3501 §6.4.7, RFC 6851).
type Copy struct {
	Set     NumSet
	UID     bool
	Mailbox string
}

func parseCopy(d *Decoder) any    { return d.parseCopy(false) }
func parseUIDCopy(d *Decoder) any { return d.parseCopy(true) }

func (d *Decoder) parseCopy(uid bool) any {
	a := Copy{UID: uid}
	_ = d.ExpectSP() && d.ExpectNumSet(&a.Set) && d.ExpectSP() && d.ExpectMailbox(&a.Mailbox) && d.ExpectEnd()
	return &a
}

// UIDExpunge is UID EXPUNGE (RFC 4315 §2.1).
type UIDExpunge struct{ Set NumSet }

func parseUIDExpunge(d *Decoder) any {
	var a UIDExpunge
	_ = d.ExpectSP() && d.ExpectNumSet(&a.Set) && d.ExpectEnd()
	return &a
}
