package imap

// StoreMode says what STORE does with the flags that it names.
type StoreMode uint8

// The modes of STORE.
const (
	StoreReplace StoreMode = iota // FLAGS
	StoreAdd                      // +FLAGS
	StoreRemove                   // -FLAGS
)

// Store is STORE and UID STORE (RFC 3501 §6.4.6).
type Store struct {
	Set    NumSet
	UID    bool
	Mode   StoreMode
	Silent bool
	Flags  Flags
}

func parseStore(d *Decoder) any    { return d.parseStore(false) }
func parseUIDStore(d *Decoder) any { return d.parseStore(true) }

func (d *Decoder) parseStore(uid bool) any {
	a := Store{UID: uid}
	if !d.ExpectSP() || !d.ExpectNumSet(&a.Set) || !d.ExpectSP() {
		return nil
	}
	if d.Special('+') {
		a.Mode = StoreAdd
	} else if d.Special('-') {
		a.Mode = StoreRemove
	}
	if a.Silent = d.keyword("FLAGS.SILENT"); !a.Silent && !d.keyword("FLAGS") {
		d.Fail("expected FLAGS or FLAGS.SILENT")
	}
	if !d.ExpectSP() {
		return nil
	}
	if d.peek() == '(' {
		d.ExpectFlagList(&a.Flags)
	} else {
		for n := 1; d.expectFlag(&a.Flags) && d.SP(); n++ {
			if n == MaxKeywords {
				d.Fail("more than %d flags", MaxKeywords)
			}
		}
	}
	d.ExpectEnd()
	return &a
}
