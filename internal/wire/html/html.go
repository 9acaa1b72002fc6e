// Package html turns HTML mail into plain text for previews and the search
// index. It reads a token stream, so depth costs nothing, and stops at its
// limits. It is no sanitiser: nothing that it returns may be used as HTML.
package html

import (
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	maxToken = 1 << 20 // one text or tag; a longer one ends the reading
	maxInput = 64      // bytes of HTML read for each byte of text asked for, and at least minInput
	minInput = 256 << 10
)

// Text returns at most limit bytes of the text that a reader of the HTML in r
// (UTF-8) would see: blocks become lines, white space is one space, and what
// style, script and the head hold is left out. It never fails: what cannot be
// read ends the text. A limit of 0 or less gives "".
func Text(r io.Reader, limit int) string {
	if limit <= 0 {
		return ""
	}
	z := html.NewTokenizer(io.LimitReader(r, max(minInput, maxInput*int64(limit))))
	z.SetMaxBuf(maxToken)
	w := writer{limit: limit}
	var hidden atom.Atom // the element whose content is not shown
	for !w.full {
		switch z.Next() {
		case html.ErrorToken:
			return w.b.String()
		case html.TextToken:
			if hidden == 0 {
				w.text(z.Text())
			}
		case html.StartTagToken:
			name, _ := z.TagName()
			tag := atom.Lookup(name)
			if hidden == 0 && hides(tag) {
				hidden = tag
				break
			}
			if hidden == atom.Head && tag == atom.Body { // </head> may be left out
				hidden = 0
			}
			w.element(tag)
		case html.SelfClosingTagToken:
			name, _ := z.TagName()
			w.element(atom.Lookup(name))
		case html.EndTagToken:
			name, _ := z.TagName()
			tag := atom.Lookup(name)
			if tag == hidden {
				hidden = 0
			}
			w.element(tag)
		}
	}
	return w.b.String()
}

func hides(a atom.Atom) bool {
	switch a {
	case atom.Head, atom.Style, atom.Script, atom.Template, atom.Noembed, atom.Noframes, atom.Iframe, atom.Object, atom.Textarea, atom.Select:
		return true
	}
	return false
}

type writer struct {
	b      strings.Builder
	limit  int
	space  bool
	breaks int
	full   bool
}

func (w *writer) element(a atom.Atom) {
	switch a {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Blockquote, atom.Pre, atom.Table, atom.Ul, atom.Ol, atom.Dl, atom.Hr:
		w.breaks = max(w.breaks, 2)
	case atom.Br, atom.Div, atom.Tr, atom.Li, atom.Dt, atom.Dd, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Center, atom.Title, atom.Form, atom.Body:
		w.breaks = max(w.breaks, 1)
	case atom.Td, atom.Th:
		w.space = true
	}
}

func (w *writer) text(b []byte) {
	for len(b) > 0 {
		if n := word(b); n > 0 {
			w.gap()
			if room := w.limit - w.b.Len(); n > room {
				w.b.Write(b[:max(room, 0)])
				w.full = true
				return
			}
			w.b.Write(b[:n])
			b = b[n:]
			continue
		}
		r, n := utf8.DecodeRune(b)
		b = b[n:]
		switch {
		case unicode.IsSpace(r) || r == '\u00a0':
			w.space = true
			continue
		case r < 0x20 || r >= 0x7f && r < 0xa0, r == '\u200b', r == '\u200c', r == '\u200d' && w.space, r == '\ufeff', r == '\u034f', r == '\u00ad':
			continue // fillers that senders use to push the preview away
		}
		w.gap()
		if w.b.Len()+utf8.RuneLen(r) > w.limit {
			w.full = true
			return
		}
		w.b.WriteRune(r)
	}
}

// word is the length of the printable ASCII that b begins with: nearly all text.
func word(b []byte) (n int) {
	for n < len(b) && b[n] > ' ' && b[n] < 0x7f {
		n++
	}
	return n
}

func (w *writer) gap() {
	if w.b.Len() > 0 && w.b.Len()+2 < w.limit {
		if w.breaks > 0 {
			w.b.WriteString("\n\n"[:w.breaks])
		} else if w.space {
			w.b.WriteByte(' ')
		}
	}
	w.breaks, w.space = 0, false
}
