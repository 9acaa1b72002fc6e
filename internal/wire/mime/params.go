package mime

import (
	"sort"
	"strconv"
	"strings"

	"postroom/internal/wire/mime/charset"
)

// parseParams reads `value; name=value; …` (RFC 2045 §5.1, RFC 2231) as
// tolerantly as it is written. value and names are lower case. clear is false
// when two readers could understand the text differently.
func parseParams(s string) (value string, params Params, clear bool) {
	clear = true
	i := strings.IndexByte(s, ';')
	if i < 0 {
		return strings.ToLower(dropComment(s)), nil, true
	}
	value, s = strings.ToLower(dropComment(s[:i])), s[i+1:]
	var segs []segment
	for s != "" && len(params) < maxParams && len(segs) < maxSegments {
		var name, text string
		name, text, s = nextParam(s)
		if name == "" {
			continue
		}
		if strings.IndexByte(name, '*') > 0 {
			segs = append(segs, newSegment(name, text))
			continue
		}
		if params.has(name) {
			clear = false // the first counts
			continue
		}
		if name == "name" || name == "filename" {
			text = charset.DecodeHeader(text)
		} else {
			text = charset.Clean(charset.Guess([]byte(text)))
		}
		params = append(params, Param{name, text})
	}
	if len(segs) > 0 {
		var ok bool
		params, ok = joinSegments(params, segs)
		clear = clear && ok
	}
	return value, params, clear
}

func (p Params) has(name string) bool {
	for i := range p {
		if p[i].Name == name {
			return true
		}
	}
	return false
}

// dropComment trims s and cuts a trailing comment.
func dropComment(s string) string {
	if i := strings.IndexByte(s, '('); i >= 0 {
		s = s[:i]
	}
	return strings.TrimSpace(s)
}

// nextParam reads one name=value and the ";" behind it.
func nextParam(s string) (name, value, rest string) {
	s = strings.TrimLeft(s, " \t;")
	i := strings.IndexAny(s, "=;")
	if i < 0 {
		return "", "", ""
	}
	if s[i] == ';' {
		return "", "", s[i+1:]
	}
	name = strings.ToLower(strings.TrimSpace(s[:i]))
	s = strings.TrimLeft(s[i+1:], " \t")
	if strings.HasPrefix(s, `"`) {
		value, s = quotedString(s)
		i = strings.IndexByte(s, ';')
	} else if i = strings.IndexByte(s, ';'); i < 0 {
		value = strings.TrimSpace(s)
	} else {
		value = strings.TrimSpace(s[:i])
	}
	if i < 0 {
		return name, value, ""
	}
	return name, value, s[i+1:]
}

func quotedString(s string) (value, rest string) {
	end := strings.IndexByte(s[1:], '"')
	if end >= 0 && strings.IndexByte(s[1:1+end], '\\') < 0 {
		return s[1 : 1+end], s[2+end:]
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String(), s[i+1:]
		case s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\'): // C:\a keeps its backslash
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String(), ""
}

// segment is one piece of an RFC 2231 parameter: name*3*=value.
type segment struct {
	name, value string
	index       int
	extended    bool
}

func newSegment(name, value string) segment {
	g := segment{value: value}
	g.name, name, _ = strings.Cut(name, "*")
	if n, ok := strings.CutSuffix(name, "*"); ok || name == "" {
		g.extended, name = true, n
	}
	if n, err := strconv.Atoi(name); err == nil && n >= 0 {
		g.index = n
	}
	return g
}

// joinSegments puts the pieces together; they win over a plain parameter of
// the same name, which is there for readers that do not know RFC 2231.
func joinSegments(params Params, segs []segment) (Params, bool) {
	clear := true
	sort.SliceStable(segs, func(i, j int) bool {
		if segs[i].name != segs[j].name {
			return segs[i].name < segs[j].name
		}
		return segs[i].index < segs[j].index
	})
	for len(segs) > 0 && len(params) < maxParams {
		n := 1
		for n < len(segs) && segs[n].name == segs[0].name {
			n++
		}
		var raw []byte
		cs := ""
		for i, g := range segs[:n] {
			if i > 0 && g.index == segs[i-1].index {
				clear = false // written twice: the first counts
				continue
			}
			if !g.extended {
				raw = append(raw, g.value...)
				continue
			}
			if i == 0 {
				if parts := strings.SplitN(g.value, "'", 3); len(parts) == 3 {
					cs, g.value = parts[0], parts[2]
				}
			}
			raw = appendPercent(raw, g.value)
		}
		text := charset.Clean(charset.Decode(cs, raw))
		done := false
		for i := range params {
			if params[i].Name == segs[0].name {
				params[i].Value, done = text, true
			}
		}
		if !done {
			params = append(params, Param{segs[0].name, text})
		}
		segs = segs[n:]
	}
	return params, clear
}

func appendPercent(b []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if v, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				b = append(b, byte(v))
				i += 2
				continue
			}
		}
		b = append(b, s[i])
	}
	return b
}
