package imap

// ListOptions is a set of selection or return options of LIST (RFC 5258 §3,
// SPECIAL-USE: RFC 6154 §2, STATUS: RFC 5819).
type ListOptions uint16

// The options of LIST.
const (
	ListSubscribed     ListOptions = 1 << iota // selection and return
	ListRemote                                 // selection
	ListRecursiveMatch                         // selection
	ListSpecialUse                             // selection and return
	ListChildren                               // return
	ListStatus                                 // return; the items are in List.Status
)

var listSelect = map[string]ListOptions{
	"SUBSCRIBED":     ListSubscribed,
	"REMOTE":         ListRemote,
	"RECURSIVEMATCH": ListRecursiveMatch,
	"SPECIAL-USE":    ListSpecialUse,
}

var listReturn = map[string]ListOptions{
	"SUBSCRIBED":  ListSubscribed,
	"CHILDREN":    ListChildren,
	"SPECIAL-USE": ListSpecialUse,
	"STATUS":      ListStatus,
}

// maxPatterns bounds the patterns of one LIST.
const maxPatterns = 50

// List is LIST and LSUB (RFC 3501 §6.3.8, §6.3.9).
type List struct {
	Reference string
	Patterns  []string
	Lsub      bool
	Extended  bool // uses the grammar of RFC 5258
	Select    ListOptions
	Return    ListOptions
	Status    StatusItems
}

func parseLsub(d *Decoder) any {
	a := List{Lsub: true, Patterns: []string{""}}
	_ = d.ExpectSP() && d.ExpectMailbox(&a.Reference) && d.ExpectSP() && d.ExpectListMailbox(&a.Patterns[0]) && d.ExpectEnd()
	return &a
}

func parseList(d *Decoder) any {
	var a List
	if !d.ExpectSP() {
		return nil
	}
	if d.peek() == '(' {
		a.Extended = true
		if !d.expectListSelect(&a) || !d.ExpectSP() {
			return nil
		}
	}
	if !d.ExpectMailbox(&a.Reference) || !d.ExpectSP() || !d.expectPatterns(&a) {
		return nil
	}
	if d.SP() {
		a.Extended = true
		if !d.keyword("RETURN") {
			d.Fail("expected RETURN")
		}
		_ = d.ExpectSP() && d.expectListReturn(&a)
	}
	d.ExpectEnd()
	return &a
}

func (d *Decoder) expectPatterns(a *List) bool {
	one := func() bool {
		var p string
		if !d.ExpectListMailbox(&p) {
			return false
		}
		a.Patterns = append(a.Patterns, p)
		return true
	}
	if d.peek() != '(' {
		return one()
	}
	a.Extended = true
	mark := d.pos
	if !d.ExpectList(maxPatterns, one) {
		return false
	}
	if len(a.Patterns) == 0 {
		d.pos = mark
		return d.Fail("expected a mailbox pattern")
	}
	return true
}

func (d *Decoder) expectListSelect(a *List) bool {
	mark := d.pos
	if !d.ExpectList(20, func() bool { return d.expectListOption(listSelect, &a.Select) }) {
		return false
	}
	// RFC 5258 §3.1: RECURSIVEMATCH needs an option that it can match below.
	if a.Select&ListRecursiveMatch != 0 && a.Select&^(ListRecursiveMatch|ListRemote) == 0 {
		d.pos = mark
		return d.Fail("RECURSIVEMATCH needs another selection option")
	}
	return true
}

func (d *Decoder) expectListReturn(a *List) bool {
	return d.ExpectList(20, func() bool {
		had := a.Return
		if !d.expectListOption(listReturn, &a.Return) {
			return false
		}
		if a.Return&^had&ListStatus != 0 {
			return d.ExpectSP() && d.expectStatusItems(&a.Status)
		}
		return true
	})
}

func (d *Decoder) expectListOption(known map[string]ListOptions, to *ListOptions) bool {
	var b wordBuf
	mark := d.pos
	o := known[string(b.upper(d.run(classAtom)))]
	if o == 0 {
		d.pos = mark
		return d.Fail("unknown LIST option")
	}
	*to |= o
	return true
}
