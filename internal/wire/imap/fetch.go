package imap

// FetchItems is a set of the items of FETCH that have no section.
type FetchItems uint16

// The items of FETCH (RFC 3501 §6.4.5).
const (
	FetchUID FetchItems = 1 << iota
	FetchFlags
	FetchInternalDate
	FetchSize // RFC822.SIZE
	FetchEnvelope
	FetchBody          // BODY: the structure without extension data
	FetchBodyStructure // BODYSTRUCTURE
)

var fetchItems = map[string]FetchItems{
	"UID":           FetchUID,
	"FLAGS":         FetchFlags,
	"INTERNALDATE":  FetchInternalDate,
	"RFC822.SIZE":   FetchSize,
	"ENVELOPE":      FetchEnvelope,
	"BODY":          FetchBody,
	"BODYSTRUCTURE": FetchBodyStructure,
}

var fetchMacros = map[string]FetchItems{
	"FAST": FetchFlags | FetchInternalDate | FetchSize,
	"ALL":  FetchFlags | FetchInternalDate | FetchSize | FetchEnvelope,
	"FULL": FetchFlags | FetchInternalDate | FetchSize | FetchEnvelope | FetchBody,
}

// maxSections bounds the sections of one FETCH.
const maxSections = 64

// Fetch is FETCH and UID FETCH. UID FETCH always asks for the UID.
type Fetch struct {
	Set      NumSet
	UID      bool
	Items    FetchItems
	Sections []Section
}

// SetsSeen reports whether the FETCH sets \Seen: a section without PEEK.
func (f *Fetch) SetsSeen() bool {
	for i := range f.Sections {
		if !f.Sections[i].Peek {
			return true
		}
	}
	return false
}

func parseFetch(d *Decoder) any    { return d.parseFetch(false) }
func parseUIDFetch(d *Decoder) any { return d.parseFetch(true) }

func (d *Decoder) parseFetch(uid bool) any {
	a := Fetch{UID: uid}
	if uid {
		a.Items = FetchUID
	}
	if !d.ExpectSP() || !d.ExpectNumSet(&a.Set) || !d.ExpectSP() {
		return nil
	}
	mark := d.pos
	switch {
	case d.peek() == '(':
		if d.ExpectList(200, func() bool { return d.expectFetchItem(&a) }) && a.Items == 0 && a.Sections == nil {
			d.pos = mark
			d.Fail("expected a FETCH item")
		}
	case d.fetchMacro(&a):
	default:
		d.expectFetchItem(&a)
	}
	d.ExpectEnd()
	return &a
}

func (d *Decoder) fetchMacro(a *Fetch) bool {
	var b wordBuf
	mark := d.pos
	m := fetchMacros[string(b.upper(d.run(classWord)))]
	if m == 0 {
		d.pos = mark
		return false
	}
	a.Items |= m
	return true
}

func (d *Decoder) expectFetchItem(a *Fetch) bool {
	var b wordBuf
	mark := d.pos
	word := string(b.upper(d.run(classWord)))
	var s Section
	if d.peek() == '[' && (word == "BODY" || word == "BODY.PEEK") {
		s.Peek = word == "BODY.PEEK"
		if !d.expectSection(&s) {
			return false
		}
	} else if item := fetchItems[word]; item != 0 {
		a.Items |= item
		return true
	} else {
		switch word { // RFC 3501 §6.4.5: other names of sections
		case "RFC822":
			s = Section{Label: word}
		case "RFC822.HEADER":
			s = Section{Label: word, Text: SectionHeader, Peek: true}
		case "RFC822.TEXT":
			s = Section{Label: word, Text: SectionText}
		default:
			d.pos = mark
			return d.Fail("unknown FETCH item")
		}
	}
	if len(a.Sections) == maxSections {
		return d.Fail("more than %d sections", maxSections)
	}
	a.Sections = append(a.Sections, s)
	return true
}
