package imap

import "strconv"

// Respond writes a status response; tag "" is untagged, code "" is none.
func (e *Encoder) Respond(tag string, status Status, code Code, text string) {
	b := e.start()
	if tag == "" {
		tag = "*"
	}
	b = append(append(b, tag...), ' ')
	b = append(append(b, status...), ' ')
	if code != "" {
		b = append(b, '[')
		b = append(b, code...)
		b = append(b, "] "...)
	}
	e.end(appendText(b, text))
}

// Continue writes a command continuation request. For a SASL challenge text is its base64.
func (e *Encoder) Continue(text string) {
	e.end(appendText(append(e.start(), "+ "...), text))
}

// appendText keeps a text on its line.
func appendText(b []byte, text string) []byte {
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c < 0x20 || c == 0x7f {
			c = ' '
		}
		b = append(b, c)
	}
	return b
}

func (e *Encoder) number(n uint32, what string) {
	b := strconv.AppendUint(append(e.start(), "* "...), uint64(n), 10)
	e.end(append(b, what...))
}

// Exists writes EXISTS: the number of messages.
func (e *Encoder) Exists(n uint32) { e.number(n, " EXISTS") }

// Recent writes RECENT: the number of messages that are \Recent.
func (e *Encoder) Recent(n uint32) { e.number(n, " RECENT") }

// Expunge writes EXPUNGE of a sequence number.
func (e *Encoder) Expunge(seq uint32) { e.number(seq, " EXPUNGE") }

// Flags writes FLAGS: those that the mailbox has.
func (e *Encoder) Flags(f SystemFlags, keywords []string) {
	b := AppendFlags(append(e.start(), "* FLAGS ("...), f, keywords)
	e.end(append(b, ')'))
}

func (e *Encoder) words(name string, words []string) {
	b := append(e.start(), name...)
	for _, w := range words {
		b = append(append(b, ' '), w...)
	}
	e.end(b)
}

// Capability writes CAPABILITY.
func (e *Encoder) Capability(caps []string) { e.words("* CAPABILITY", caps) }

// Enabled writes ENABLED (RFC 5161).
func (e *Encoder) Enabled(caps []string) { e.words("* ENABLED", caps) }

// ID writes ID (RFC 2971); no params is NIL.
func (e *Encoder) ID(params []IDParam) {
	b := append(e.start(), "* ID "...)
	if len(params) == 0 {
		e.end(append(b, "NIL"...))
		return
	}
	sep := byte('(')
	for _, p := range params {
		b = e.string(append(b, sep), p.Name)
		if b = append(b, ' '); p.Nil {
			b = append(b, "NIL"...)
		} else {
			b = e.string(b, p.Value)
		}
		sep = ' '
	}
	e.end(append(b, ')'))
}

// Namespace is one namespace (RFC 2342).
type Namespace struct {
	Prefix string // UTF-8, with the delimiter at its end, or empty
	Delim  byte
}

// Namespaces writes NAMESPACE; an empty list is NIL.
func (e *Encoder) Namespaces(personal, others, shared []Namespace) {
	b := append(e.start(), "* NAMESPACE"...)
	for _, list := range [][]Namespace{personal, others, shared} {
		if b = append(b, ' '); len(list) == 0 {
			b = append(b, "NIL"...)
			continue
		}
		b = append(b, '(')
		for _, n := range list {
			name := n.Prefix
			if !e.UTF8 {
				name = string(AppendUTF7(nil, name))
			}
			b = append(e.string(append(b, '('), name), ' ')
			b = append(appendDelim(b, n.Delim), ')')
		}
		b = append(b, ')')
	}
	e.end(b)
}

func appendDelim(b []byte, delim byte) []byte {
	if delim == 0 {
		return append(b, "NIL"...)
	}
	return appendQuoted(b, string(rune(delim)))
}

// ListData is one LIST or LSUB response.
type ListData struct {
	Attrs     []string // with backslash: \HasNoChildren, \Sent …
	Delim     byte     // 0 is NIL
	Name      string   // UTF-8
	OldName   string   // RFC 9051 §6.3.9.7, if not empty
	ChildInfo []string // options in upper case, RFC 5258 §3.5: SUBSCRIBED
}

// List writes LIST.
func (e *Encoder) List(l *ListData) { e.list("* LIST (", l) }

// Lsub writes LSUB.
func (e *Encoder) Lsub(l *ListData) { e.list("* LSUB (", l) }

func (e *Encoder) list(head string, l *ListData) {
	b := append(e.start(), head...)
	for i, a := range l.Attrs {
		if i > 0 {
			b = append(b, ' ')
		}
		b = append(b, a...)
	}
	b = appendDelim(append(b, ") "...), l.Delim)
	b = e.mailbox(append(b, ' '), l.Name)
	if l.OldName == "" && len(l.ChildInfo) == 0 {
		e.end(b)
		return
	}
	b = append(b, " ("...)
	if l.OldName != "" {
		b = append(e.mailbox(append(b, `"OLDNAME" (`...), l.OldName), ')')
	}
	if len(l.ChildInfo) > 0 {
		if l.OldName != "" {
			b = append(b, ' ')
		}
		b = append(b, `"CHILDINFO" (`...)
		for i, c := range l.ChildInfo {
			if i > 0 {
				b = append(b, ' ')
			}
			b = appendQuoted(b, c)
		}
		b = append(b, ')')
	}
	e.end(append(b, ')'))
}

// StatusData are the figures of STATUS.
type StatusData struct {
	Messages, Recent, UIDNext, UIDValidity, Unseen uint32
	Size                                           int64 // bytes of all messages
}

// Status writes STATUS with the items that were asked for.
func (e *Encoder) Status(mailbox string, items StatusItems, s *StatusData) {
	b := append(e.mailbox(append(e.start(), "* STATUS "...), mailbox), " ("...)
	first := true
	for _, it := range [...]struct {
		bit  StatusItems
		name string
		n    int64
	}{
		{StatusMessages, "MESSAGES ", int64(s.Messages)},
		{StatusRecent, "RECENT ", int64(s.Recent)},
		{StatusUIDNext, "UIDNEXT ", int64(s.UIDNext)},
		{StatusUIDValidity, "UIDVALIDITY ", int64(s.UIDValidity)},
		{StatusUnseen, "UNSEEN ", int64(s.Unseen)},
		{StatusSize, "SIZE ", s.Size},
	} {
		if items&it.bit == 0 {
			continue
		}
		if !first {
			b = append(b, ' ')
		}
		first = false
		b = strconv.AppendInt(append(b, it.name...), it.n, 10)
	}
	e.end(append(b, ')'))
}
