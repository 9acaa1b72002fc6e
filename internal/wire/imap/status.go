package imap

// StatusItems is a set of items of STATUS (RFC 3501 §6.3.10, SIZE: RFC 8438).
type StatusItems uint16

// The items of STATUS.
const (
	StatusMessages StatusItems = 1 << iota
	StatusRecent
	StatusUIDNext
	StatusUIDValidity
	StatusUnseen
	StatusSize
)

var statusItems = map[string]StatusItems{
	"MESSAGES":    StatusMessages,
	"RECENT":      StatusRecent,
	"UIDNEXT":     StatusUIDNext,
	"UIDVALIDITY": StatusUIDValidity,
	"UNSEEN":      StatusUnseen,
	"SIZE":        StatusSize,
}

// StatusCommand is STATUS.
type StatusCommand struct {
	Mailbox string
	Items   StatusItems
}

func parseStatus(d *Decoder) any {
	var a StatusCommand
	_ = d.ExpectSP() && d.ExpectMailbox(&a.Mailbox) && d.ExpectSP() && d.expectStatusItems(&a.Items) && d.ExpectEnd()
	return &a
}

func (d *Decoder) expectStatusItems(items *StatusItems) bool {
	start := d.pos
	ok := d.ExpectList(20, func() bool {
		var b wordBuf
		mark := d.pos
		item := statusItems[string(b.upper(d.run(classAtom)))]
		if item == 0 {
			d.pos = mark
			return d.Fail("unknown STATUS item")
		}
		*items |= item
		return true
	})
	if ok && *items == 0 {
		d.pos = start
		return d.Fail("expected a STATUS item")
	}
	return ok
}
