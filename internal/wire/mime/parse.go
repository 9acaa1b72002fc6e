package mime

import (
	"bytes"
	"io"
	"strings"

	"postroom/internal/wire/address"
	"postroom/internal/wire/mime/charset"
)

// Parse indexes the message in the first size bytes of r. The only error is
// one of r itself: what is no MIME becomes text. It holds one buffer and one
// header at a time and reads every byte once.
func Parse(r io.ReaderAt, size int64) (*Part, error) {
	p, root, err := parse(r, size)
	if p != nil {
		p.release()
	}
	return root, err
}

func parse(r io.ReaderAt, size int64) (*parser, *Part, error) {
	p := parsers.Get().(*parser)
	*p = parser{buf: p.buf, hdr: p.hdr[:0], stack: p.stack[:0], kept: maxKept}
	p.s = scanner{r: r, size: size, buf: p.buf}
	root := &Part{}
	p.entity(root, 0, "text", "plain", true)
	if p.s.err != nil {
		p.release()
		return nil, nil, p.s.err
	}
	return p, root, nil
}

type parser struct {
	s     scanner
	buf   []byte
	hdr   []byte   // the header at hand
	stack []string // boundaries of the open multiparts, outermost first
	parts int
	kept  int // bytes of header text that may still be kept
	// the content that ended at the last boundary or end
	end, endLines int64
	eol           int64 // bytes of the line end of the boundary just read; -1 behind a header

	opaque    bool // no boundary counts any more
	truncated bool
	ambiguous bool
	refs      []string // of the root
}

// end of a part: the multipart whose boundary was met, by its place in stack
// (-1: the message is over), and whether that was its last boundary.
type ending struct {
	level int
	last  bool
}

// entity reads a header and a body; typ/sub is the type where none is given
// (RFC 2046 §5.1.5).
func (p *parser) entity(part *Part, depth int, typ, sub string, message bool) ending {
	p.parts++
	part.Type, part.Subtype = typ, sub
	if e, over := p.header(part, depth == 0); over {
		p.fields(part, message)
		part.BodyEnd = part.BodyStart
		return e
	}
	p.fields(part, message)
	start, nl := part.BodyStart, p.s.nl
	boundary := ""
	if part.Type == "multipart" {
		boundary = strings.TrimRight(part.Params.Get("boundary"), " \t")
		if boundary == "" || len(boundary) > maxBoundary {
			part.opaque()
		}
	}
	nested := part.Type == "message" && (part.Subtype == "rfc822" || part.Subtype == "global")
	if nested && part.encoded() { // RFC 2046 §5.2.1 forbids it; as a file it can be decoded
		part.Type, part.Subtype, nested = "application", "octet-stream", false
	}
	if (nested || part.Type == "multipart") && (depth+1 >= MaxDepth || p.parts >= MaxParts) {
		p.truncated = true
		part.opaque()
		nested = false
	}
	var e ending
	switch {
	case part.Type == "multipart":
		e = p.multipart(part, boundary, depth)
	case nested:
		part.Message = &Part{}
		e = p.entity(part.Message, depth+1, "text", "plain", true)
	default:
		e = p.skip()
	}
	p.end = max(start, p.end)
	part.BodyEnd = p.end
	if part.BodyEnd > start {
		part.Lines = p.endLines - nl
	}
	return e
}

// opaque makes p a text of what cannot be taken apart.
func (p *Part) opaque() {
	p.Type, p.Subtype, p.Params = "text", "plain", nil
}

func (p *Part) encoded() bool { return p.Encoding == "base64" || p.Encoding == "quoted-printable" }

func (p *parser) multipart(part *Part, boundary string, depth int) ending {
	if part.encoded() {
		part.Ambiguous, p.ambiguous = true, true // RFC 2045 §6.4: some readers decode first
	}
	level := len(p.stack)
	p.stack = append(p.stack, boundary)
	typ, sub := "text", "plain"
	if part.Subtype == "digest" {
		typ, sub = "message", "rfc822"
	}
	e := p.skip()
	for e.level == level && !e.last {
		if p.parts >= MaxParts {
			p.truncated, p.opaque = true, true
			e = p.skip()
			break
		}
		c := &Part{}
		part.Parts = append(part.Parts, c)
		e = p.entity(c, depth+1, typ, sub, false)
	}
	if level < len(p.stack) {
		p.stack = p.stack[:level]
	}
	if e.level == level {
		e = p.skip()
	}
	if len(part.Parts) == 0 {
		part.opaque()
	}
	return e
}

// skip reads content up to a boundary of an open multipart, or the end.
func (p *parser) skip() ending {
	eol := max(p.eol, 0)
	empty := p.eol < 0 // the last line has nothing in it
	for {
		at, nl := p.s.off, p.s.nl
		line, first := p.s.next()
		if line == nil {
			p.end, p.endLines = at, nl
			if !empty && eol == 0 {
				p.endLines++
			}
			return ending{level: -1}
		}
		if first && len(line) > 2 && line[0] == '-' && line[1] == '-' {
			if e, ok := p.boundary(line); ok {
				p.end, p.endLines = at-eol, nl
				if empty && eol > 0 { // its line end belongs to the boundary
					p.endLines--
				}
				return e
			}
		}
		eol = eolLen(line)
		empty = eol > 0 && first && int(eol) == len(line)
	}
}

// boundary compares a line with the boundaries that are open, innermost first.
func (p *parser) boundary(line []byte) (ending, bool) {
	if p.opaque {
		return ending{}, false
	}
	b := line[2:]
	for n := len(b); n > 0 && (b[n-1] == '\n' || b[n-1] == '\r' || b[n-1] == ' ' || b[n-1] == '\t'); n-- {
		b = b[:n-1]
	}
	p.eol = eolLen(line)
	for i := len(p.stack) - 1; i >= 0; i-- {
		want := p.stack[i]
		switch len(b) - len(want) {
		case 0:
			if string(b) == want {
				return ending{i, false}, true
			}
		case 2:
			if b[len(b)-1] == '-' && b[len(b)-2] == '-' && string(b[:len(want)]) == want {
				return ending{i, true}, true
			}
		}
	}
	return ending{}, false
}

func eolLen(line []byte) int64 {
	switch n := len(line); {
	case n == 0 || line[n-1] != '\n':
		return 0
	case n > 1 && line[n-2] == '\r':
		return 2
	}
	return 1
}

// header reads up to and with the empty line. over is true when a boundary or
// the end of the message came first.
func (p *parser) header(part *Part, root bool) (e ending, over bool) {
	p.hdr = p.hdr[:0]
	part.HeaderStart, part.BodyStart = p.s.off, p.s.off
	p.eol = -1
	for lines := 0; ; {
		at := p.s.off
		p.end, p.endLines = at, p.s.nl
		line, first := p.s.next()
		if line == nil {
			part.BodyStart = at
			return ending{level: -1}, true
		}
		if first && blank(line) {
			part.BodyStart = p.s.off
			return e, false
		}
		if first && line[0] == '-' && len(line) > 2 && line[1] == '-' {
			if e, ok := p.boundary(line); ok {
				part.BodyStart = at
				return e, true
			}
		}
		if first && lines == 0 {
			if root && bytes.HasPrefix(line, []byte("From ")) { // of an mbox
				root = false
				part.HeaderStart, part.BodyStart = p.s.off, p.s.off
				continue
			}
			if !fieldLine(line) { // no header at all
				p.s.unread(line, first)
				return e, false
			}
		}
		if first {
			lines++
		}
		if at-part.HeaderStart > maxHeaderRoom { // nobody's header: the rest is text
			p.truncated = true
			p.s.unread(line, first)
			part.BodyStart = at
			return e, false
		}
		if len(p.hdr)+len(line) > MaxHeader {
			p.truncated = true // its end is still where the empty line is
			continue
		}
		p.hdr = append(p.hdr, line...)
	}
}

// fieldLine says whether a line can begin a header.
func fieldLine(line []byte) bool {
	c := bytes.IndexByte(line, ':')
	if c <= 0 {
		return false
	}
	if line[0] == ' ' || line[0] == '\t' {
		return true
	}
	for _, b := range bytes.TrimRight(line[:c], " \t") {
		if b <= ' ' || b >= 0x7f {
			return false
		}
	}
	return true
}

// fields reads what a part keeps of its header.
func (p *parser) fields(part *Part, message bool) {
	part.Encoding = "7bit"
	if message {
		part.Envelope = &Envelope{}
	}
	var seen uint8
	for h := p.hdr; len(h) > 0 && p.kept > 0; {
		name, value, field, rest := nextField(h)
		if field == nil {
			break
		}
		h = rest
		if len(name) < 2 {
			continue
		}
		switch {
		case len(name) > 8 && lowerByte(name[0]) == 'c' && equalFold(name[:8], "content-"):
			p.contentField(part, name[8:], value, &seen)
		case message:
			p.envelopeField(part.Envelope, name, value)
			if p.parts == 1 && p.refs == nil && equalFold(name, "References") {
				p.refs = messageIDs(p.keep(value, 64<<10))
			}
		}
	}
	if p.kept <= 0 && len(p.hdr) > 0 {
		p.truncated, p.opaque = true, true
	}
	p.ambiguous = p.ambiguous || part.Ambiguous
}

// keep unfolds a value and counts it against what may be kept.
func (p *parser) keep(v []byte, limit int) string {
	s := unfold(v, limit)
	p.kept -= len(s)
	return s
}

func (p *parser) text(v []byte) string { return charset.DecodeHeader(p.keep(v, maxText)) }

func (p *parser) contentField(part *Part, name, value []byte, seen *uint8) {
	once := func(bit uint8) bool {
		if *seen&bit != 0 {
			part.Ambiguous = true // the first counts
			return false
		}
		*seen |= bit
		return true
	}
	switch {
	case equalFold(name, "Type"):
		if once(1) {
			p.contentType(part, value)
		}
	case equalFold(name, "Transfer-Encoding"):
		if once(2) {
			if s := strings.ToLower(dropComment(p.keep(value, 80))); s != "" {
				part.Encoding = charset.DecodeHeader(s)
			}
		}
	case equalFold(name, "Disposition"):
		if once(4) {
			v, params, ok := parseParams(unfold(value, MaxHeader))
			part.Disposition = charset.DecodeHeader(v[:min(len(v), 64)])
			part.DispositionParams = p.keepParams(params)
			part.Ambiguous = part.Ambiguous || !ok
		}
	case equalFold(name, "ID"):
		part.ID = p.text(value)
	case equalFold(name, "Description"):
		part.Description = p.text(value)
	case equalFold(name, "Location"):
		part.Location = strings.ReplaceAll(p.text(value), " ", "") // folded URLs, RFC 2557 §4.4.2
	case equalFold(name, "MD5"):
		part.MD5 = p.text(value)
	case equalFold(name, "Language"):
		for _, l := range strings.SplitN(p.text(value), ",", 20) {
			if l = strings.TrimSpace(l); l != "" {
				part.Language = append(part.Language, l)
			}
		}
	}
}

func (p *parser) contentType(part *Part, value []byte) {
	v, params, ok := parseParams(unfold(value, MaxHeader))
	part.Ambiguous = part.Ambiguous || !ok
	typ, sub, _ := strings.Cut(v, "/")
	if !isToken(typ) || !isToken(sub) || len(v) > 200 {
		part.Ambiguous = part.Ambiguous || v != "text"
		typ, sub = "text", "plain" // RFC 2045 §5.2
	}
	part.Type, part.Subtype, part.Params = typ, sub, p.keepParams(params)
}

func (p *parser) keepParams(params Params) Params {
	for i := range params {
		params[i].Value = cut(params[i].Value, maxText)
		params[i].Name = charset.DecodeHeader(cut(params[i].Name, 128))
		p.kept -= len(params[i].Name) + len(params[i].Value)
		if p.kept <= 0 {
			return params[:i:i]
		}
	}
	return params
}

// cut shortens decoded text and lets go of the longer one.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(strings.Clone(s[:n]), "")
}

func isToken(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] <= ' ' || s[i] >= 0x7f || strings.IndexByte(`()<>@,;:\"/[]?=`, s[i]) >= 0 {
			return false
		}
	}
	return s != ""
}

func (p *parser) envelopeField(e *Envelope, name, value []byte) {
	switch lowerByte(name[0]) {
	case 'd':
		if e.Date == "" && equalFold(name, "Date") {
			e.Date = charset.Clean(charset.Guess([]byte(p.keep(value, 256))))
		}
	case 's':
		switch {
		case e.Subject == "" && equalFold(name, "Subject"):
			e.Subject = charset.Clean(charset.Guess([]byte(p.keep(value, maxText))))
		case equalFold(name, "Sender"):
			p.list(&e.Sender, value)
		}
	case 'f':
		if equalFold(name, "From") {
			p.list(&e.From, value)
		}
	case 'r':
		if equalFold(name, "Reply-To") {
			p.list(&e.ReplyTo, value)
		}
	case 't':
		if equalFold(name, "To") {
			p.list(&e.To, value)
		}
	case 'c':
		if equalFold(name, "Cc") {
			p.list(&e.Cc, value)
		}
	case 'b':
		if equalFold(name, "Bcc") {
			p.list(&e.Bcc, value)
		}
	case 'm':
		if e.MessageID == "" && equalFold(name, "Message-ID") {
			e.MessageID = charset.Clean(charset.Guess([]byte(p.keep(value, 1000))))
		}
	case 'i':
		if e.InReplyTo == "" && equalFold(name, "In-Reply-To") {
			e.InReplyTo = charset.Clean(charset.Guess([]byte(p.keep(value, 4000))))
		}
	}
}

// list adds the addresses of a field; a second field of the name adds to the
// first, so that nobody is hidden.
func (p *parser) list(to *[]address.Mailbox, value []byte) {
	l := address.ParseList(unfold(value, MaxHeader))
	for i := range l {
		l[i].Name, l[i].Local, l[i].Host = cut(l[i].Name, 1000), cut(l[i].Local, 1000), cut(l[i].Host, 1000)
		p.kept -= 64 + len(l[i].Name) + len(l[i].Local) + len(l[i].Host)
		if p.kept <= 0 || len(*to)+i >= address.MaxList+2 {
			l = l[:i:i]
			break
		}
	}
	if *to == nil {
		*to = l
	} else {
		*to = append(*to, l...)
	}
}
