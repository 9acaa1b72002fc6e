package imap

import "unicode/utf8"

// expectSearchKey takes one search-key. Depth counts parentheses, NOT and OR alike.
func (d *Decoder) expectSearchKey(k *SearchKey, depth int) bool {
	if d.keys++; d.keys > maxSearchKeys {
		return d.Fail("more than %d search keys", maxSearchKeys)
	}
	if depth > maxSearchDepth {
		return d.Fail("search keys more than %d deep", maxSearchDepth)
	}
	switch c := d.peek(); {
	case c == '(':
		return d.expectSearchGroup(k, depth)
	case c-'0' <= 9, c == '*', c == '$':
		k.Op = SearchSeq
		return d.ExpectNumSet(&k.Set)
	}
	var b wordBuf
	mark := d.pos
	w, ok := searchWords[string(b.upper(d.run(classAtom)))]
	if !ok {
		d.pos = mark
		return d.Fail("unknown search key")
	}
	k.Op, k.System = w.op, w.flag
	if w.arg != argNone && !d.expectSearchArg(k, w.arg, depth) {
		return false
	}
	if w.not {
		*k = SearchKey{Op: SearchNot, Keys: []SearchKey{*k}}
	}
	return true
}

func (d *Decoder) expectSearchGroup(k *SearchKey, depth int) bool {
	k.Op = SearchAnd
	d.pos++ // "("
	for {
		var sub SearchKey
		if !d.expectSearchKey(&sub, depth+1) {
			return false
		}
		k.Keys = append(k.Keys, sub)
		if d.Special(')') {
			return true
		}
		if !d.Special(' ') {
			return d.Fail("expected SP or ')'")
		}
	}
}

func (d *Decoder) expectSearchArg(k *SearchKey, arg searchArg, depth int) bool {
	if !d.ExpectSP() {
		return false
	}
	switch arg {
	case argText:
		return d.expectSearchText(&k.Text)
	case argKeyword:
		var ok bool
		k.Text, ok = d.expectKeyword()
		return ok
	case argField:
		if !d.ExpectAString(&k.Field, "a header field") {
			return false
		}
		if !validField(k.Field) {
			return d.Fail("not a header field's name")
		}
		return d.ExpectSP() && d.expectSearchText(&k.Text)
	case argDate:
		return d.ExpectDate(&k.Date)
	case argSize:
		return d.Number64(&k.Size) || d.Fail("expected a size as a number")
	case argSet:
		return d.ExpectNumSet(&k.Set)
	case argTwoKeys:
		k.Keys = make([]SearchKey, 2)
		return d.expectSearchKey(&k.Keys[0], depth+1) && d.ExpectSP() && d.expectSearchKey(&k.Keys[1], depth+1)
	}
	k.Keys = make([]SearchKey, 1)
	return d.expectSearchKey(&k.Keys[0], depth+1)
}

func (d *Decoder) expectSearchText(s *string) bool {
	if !d.ExpectAString(s, "a text") {
		return false
	}
	if !utf8.ValidString(*s) {
		return d.Fail("search text is not UTF-8")
	}
	return true
}
