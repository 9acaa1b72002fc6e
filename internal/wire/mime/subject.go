package mime

import "strings"

// BaseSubject is the subject without "Re:", "Fwd:", "[list]" and the like (RFC
// 5256 §2.1), for threads and for sorting. s is the decoded subject.
func BaseSubject(s string) string {
	if len(s) > 1000 {
		s = strings.ToValidUTF8(s[:1000], "")
	}
	s = strings.Join(strings.Fields(s), " ")
	for {
		before := s
		s = trimTrailers(s)
		for {
			t := s
			if rest, ok := subjLeader(s); ok {
				s = rest
			}
			if rest, ok := subjBlob(s); ok && rest != "" {
				s = rest
			}
			if t == s {
				break
			}
		}
		if len(s) > 5 && strings.EqualFold(s[:5], "[fwd:") && s[len(s)-1] == ']' {
			s = strings.TrimSpace(s[5 : len(s)-1])
			continue
		}
		if s == before {
			return s
		}
	}
}

func trimTrailers(s string) string {
	for {
		t := strings.TrimSpace(s)
		if n := len(t); n >= 5 && strings.EqualFold(t[n-5:], "(fwd)") {
			t = t[:n-5]
		}
		if t == s {
			return s
		}
		s = t
	}
}

// subjLeader removes (*subj-blob subj-refwd) or white space.
func subjLeader(s string) (string, bool) {
	t := strings.TrimLeft(s, " ")
	rest := t
	for {
		r, ok := subjBlob(rest)
		if !ok {
			break
		}
		rest = r
	}
	n := 0
	switch {
	case len(rest) >= 3 && strings.EqualFold(rest[:3], "fwd"):
		n = 3
	case len(rest) >= 2 && (strings.EqualFold(rest[:2], "re") || strings.EqualFold(rest[:2], "fw")):
		n = 2
	}
	if n > 0 {
		rest = strings.TrimLeft(rest[n:], " ")
		if r, ok := subjBlob(rest); ok {
			rest = r
		}
		if strings.HasPrefix(rest, ":") {
			return strings.TrimLeft(rest[1:], " "), true
		}
	}
	return t, t != s
}

// subjBlob removes "[…] " from the front.
func subjBlob(s string) (string, bool) {
	if !strings.HasPrefix(s, "[") {
		return s, false
	}
	i := strings.IndexAny(s[1:], "[]")
	if i < 0 || s[1+i] == '[' {
		return s, false
	}
	return strings.TrimLeft(s[i+2:], " "), true
}
