// Package mime reads mail: it indexes a message by byte offsets in one pass
// (RFC 2045, 2046, 2183, 2231, 5322), decodes its text, and keeps envelope and
// structure in a compact form that a row can hold, so that a body is parsed
// once, at its delivery.
//
// It refuses nothing that has to be stored: beyond its limits the rest of a
// message is opaque text, and Truncated says so. It changes no byte, writes no
// message, and gives out no control character from a decoded header.
package mime

import (
	"strings"
	"time"

	"postroom/internal/wire/address"
)

// Limits on what a stranger can send. What lies beyond is text of the part
// before it.
const (
	MaxDepth      = 50            // multiparts and messages inside each other
	MaxParts      = 1000          // parts of one message
	MaxHeader     = 256 << 10     // bytes of one part's header that are read
	maxHeaderRoom = 4 * MaxHeader // beyond it a header without end is text
	maxBoundary   = 998
	maxKept       = 1 << 20 // bytes of header text kept for one message
	maxText       = 8 << 10 // bytes kept of one header text, addresses apart
	maxReferences = 200
	maxParams     = 64
	maxSegments   = 2000 // pieces of RFC 2231 parameters of one field
)

// Part is a part of a message, or a message. The header is the bytes
// [HeaderStart, BodyStart) of the whole message, with the empty line; the body
// [BodyStart, BodyEnd), without the line end that belongs to the boundary.
// Texts are lower case where they are names, decoded UTF-8 elsewhere.
type Part struct {
	HeaderStart, BodyStart, BodyEnd int64
	Lines                           int64 // lines of the body

	Type, Subtype     string // text, plain
	Params            Params
	Disposition       string // attachment, inline or ""
	DispositionParams Params
	Encoding          string // 7bit where none is given
	ID                string // Content-ID, with its angle brackets
	Description       string
	Language          []string
	Location          string
	MD5               string

	Parts    []*Part   // of a multipart; never empty there
	Message  *Part     // the message in a message/rfc822; else nil
	Envelope *Envelope // of a message: the root, and every Part.Message

	Ambiguous bool // fields or parameters that readers understand differently
}

// Params are the parameters of a header field in their order.
type Params []Param

// Param is one parameter; Name is lower case, Value decoded (RFC 2231).
type Param struct{ Name, Value string }

// Get returns the value of a parameter; name in lower case.
func (p Params) Get(name string) string {
	for i := range p {
		if p[i].Name == name {
			return p[i].Value
		}
	}
	return ""
}

// Map is the parameters as IMAP libraries want them; nil when there are none.
func (p Params) Map() map[string]string {
	if len(p) == 0 {
		return nil
	}
	m := make(map[string]string, len(p))
	for _, x := range p {
		m[x.Name] = x.Value
	}
	return m
}

// Envelope has the fields of a message's header that lists and ENVELOPE (RFC
// 9051 §7.5.2) need. Date and Subject are unfolded and else as they came.
// Where Sender or Reply-To are absent they are empty: IMAP puts From there.
type Envelope struct {
	Date, Subject                      string
	From, Sender, ReplyTo, To, Cc, Bcc []address.Mailbox
	InReplyTo, MessageID               string // with angle brackets
}

// Message is what a delivery keeps of a message.
type Message struct {
	Root          *Part // its Envelope is never nil
	Size          int64
	Subject       string    // decoded
	BaseSubject   string    // RFC 5256 §2.1, for threads and sorting
	Date          time.Time // of the Date field; zero when it has none that can be read
	MessageID     string    // without angle brackets; "" when none
	References    []string  // the thread's message ids, oldest first, In-Reply-To last; without angle brackets
	Preview       string    // at most 200 characters on one line
	HasAttachment bool
	Truncated     bool // a limit was reached: a part of the structure is not shown
	Ambiguous     bool // some part is Ambiguous
}

// Envelope is Root's.
func (m *Message) Envelope() *Envelope { return m.Root.Envelope }

// Size is the length of the body in bytes as it is encoded.
func (p *Part) Size() int64 { return p.BodyEnd - p.BodyStart }

// MediaType is "type/subtype".
func (p *Part) MediaType() string { return p.Type + "/" + p.Subtype }

// Charset is the charset parameter, or "".
func (p *Part) Charset() string { return p.Params.Get("charset") }

// Multipart says whether the part has parts of its own.
func (p *Part) Multipart() bool { return len(p.Parts) > 0 }

// Filename is the name that the sender gave to the part, or "". It is not fit
// to be a path: see SafeFilename.
func (p *Part) Filename() string {
	if s := p.DispositionParams.Get("filename"); s != "" {
		return s
	}
	return p.Params.Get("name")
}

// SafeFilename is Filename without folders, control and direction characters,
// at most 200 bytes long, and never empty.
func (p *Part) SafeFilename() string {
	s := strings.Map(func(r rune) rune {
		switch {
		case r < 0x20, r == 0x7f, r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return -1
		case strings.ContainsRune(`/\:*?"<>|`, r):
			return '_'
		}
		return r
	}, p.Filename())
	s = strings.TrimLeft(strings.TrimRight(s, " ."), " .")
	for len(s) > 200 {
		_, tail, ok := strings.Cut(s[len(s)-12:], ".")
		ext := ""
		if ok {
			ext = "." + tail
		}
		s = strings.ToValidUTF8(s[:200-len(ext)], "") + strings.ToValidUTF8(ext, "")
	}
	if s == "" {
		s = "attachment"
	}
	return s
}

// Find returns the part with this section number (RFC 9051 §6.4.5), p being
// the whole message; no number is p itself, and [1] of a message that is no
// multipart is p too. nil when there is no such part.
func (p *Part) Find(path []int) *Part {
	message := true // p is a message: its body is numbered
	for _, n := range path {
		if !message && p.Message != nil {
			p, message = p.Message, true
		}
		switch {
		case len(p.Parts) > 0:
			if n < 1 || n > len(p.Parts) {
				return nil
			}
			p = p.Parts[n-1]
		case n != 1 || !message:
			return nil
		}
		message = false
	}
	return p
}

// Walk calls f for p and all parts in it with their section numbers, parents
// first, and goes into a part only where f says true. The root has no number
// when it is a multipart. path is valid during the call only.
func (p *Part) Walk(f func(path []int, p *Part) bool) {
	if p.Multipart() {
		if f(nil, p) {
			p.walkParts(nil, f)
		}
		return
	}
	p.walk([]int{1}, f)
}

func (p *Part) walk(path []int, f func([]int, *Part) bool) {
	if !f(path, p) {
		return
	}
	switch {
	case p.Multipart():
		p.walkParts(path, f)
	case p.Message != nil && p.Message.Multipart():
		p.Message.walkParts(path, f)
	case p.Message != nil:
		p.Message.walk(append(path, 1), f)
	}
}

func (p *Part) walkParts(path []int, f func([]int, *Part) bool) {
	for i, c := range p.Parts {
		c.walk(append(path, i+1), f)
	}
}

// Attachment says whether a reader of mail would show the leaf as a file.
func (p *Part) Attachment() bool {
	switch {
	case p.Multipart():
		return false
	case p.Disposition == "attachment" || p.Message != nil:
		return true
	case p.Type == "text":
		return p.Disposition == "" && p.Filename() != "" && p.Subtype != "calendar"
	case p.Type == "application" && strings.HasSuffix(p.Subtype, "-signature"):
		return false
	case p.Disposition == "inline" || p.ID != "":
		return false
	}
	return true
}

func (p *Part) hasAttachment() bool {
	found := false
	p.Walk(func(_ []int, c *Part) bool {
		found = found || c.Attachment()
		return !found
	})
	return found
}
