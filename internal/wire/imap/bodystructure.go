package imap

import (
	"strconv"

	"postroom/internal/wire/mime"
)

// FetchBodyStructure writes BODYSTRUCTURE, or BODY without extension data (RFC
// 3501 §7.4.2).
func (e *Encoder) FetchBodyStructure(p *mime.Part, extended bool) {
	name := "BODY "
	if extended {
		name = "BODYSTRUCTURE "
	}
	e.buf = e.body(e.item(name), p, extended)
}

func (e *Encoder) body(b []byte, p *mime.Part, extended bool) []byte {
	if !p.Multipart() {
		return e.leaf(b, p, extended)
	}
	b = append(b, '(')
	for _, c := range p.Parts {
		b = e.body(b, c, extended)
	}
	b = e.string(append(b, ' '), p.Subtype)
	if extended {
		b = e.params(append(b, ' '), p.Params)
		b = e.extension(b, p)
	}
	return append(b, ')')
}

// leaf appends a body that is no multipart. What could not be taken apart says
// so by its type: clients expect more inside a multipart or message/rfc822.
func (e *Encoder) leaf(b []byte, p *mime.Part, extended bool) []byte {
	typ, sub := p.Type, p.Subtype
	message := typ == "message" && (sub == "rfc822" || sub == "global" && e.UTF8)
	if typ == "multipart" || message && p.Message == nil {
		typ, sub, message = "application", "octet-stream", false
	}
	b = append(e.string(append(b, '('), typ), ' ')
	b = append(e.string(b, sub), ' ')
	b = append(e.params(b, p.Params), ' ')
	b = append(e.nstring(b, p.ID), ' ')
	b = append(e.headerText(b, p.Description, true), ' ')
	encoding := p.Encoding
	if encoding == "" {
		encoding = "7bit"
	}
	b = append(e.string(b, encoding), ' ')
	b = strconv.AppendInt(b, p.Size(), 10)
	if message {
		b = append(e.envelope(append(b, ' '), p.Message.Envelope), ' ')
		b = e.body(b, p.Message, extended)
	}
	if message || typ == "text" {
		b = strconv.AppendInt(append(b, ' '), p.Lines, 10)
	}
	if extended {
		b = e.nstring(append(b, ' '), p.MD5)
		b = e.extension(b, p)
	}
	return append(b, ')')
}

// extension appends disposition, language and location.
func (e *Encoder) extension(b []byte, p *mime.Part) []byte {
	if p.Disposition == "" {
		b = append(b, " NIL "...)
	} else {
		b = append(e.string(append(b, " ("...), p.Disposition), ' ')
		b = append(e.params(b, p.DispositionParams), ") "...)
	}
	switch len(p.Language) {
	case 0:
		b = append(b, "NIL"...)
	case 1:
		b = e.string(b, p.Language[0])
	default:
		sep := byte('(')
		for _, l := range p.Language {
			b = e.string(append(b, sep), l)
			sep = ' '
		}
		b = append(b, ')')
	}
	return e.nstring(append(b, ' '), p.Location)
}

// params appends parameters. A value that is not ASCII is written as RFC 2231
// would, for clients without UTF-8.
func (e *Encoder) params(b []byte, params mime.Params) []byte {
	if len(params) == 0 {
		return append(b, "NIL"...)
	}
	sep := byte('(')
	for _, p := range params {
		b = append(b, sep)
		sep = ' '
		if e.UTF8 || ascii(p.Value) {
			b = e.string(append(e.string(b, p.Name), ' '), p.Value)
			continue
		}
		b = append(e.string(b, p.Name+"*"), ' ')
		b = e.string(b, string(appendExtValue([]byte("utf-8''"), p.Value)))
	}
	return append(b, ')')
}

// appendExtValue percent-encodes s (RFC 2231 §7).
func appendExtValue(b []byte, s string) []byte {
	const hex = "0123456789ABCDEF"
	for i := 0; i < len(s); i++ {
		c := s[i]
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '.' || c == '-' || c == '_' {
			b = append(b, c)
			continue
		}
		b = append(b, '%', hex[c>>4], hex[c&15])
	}
	return b
}
