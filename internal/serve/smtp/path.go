package smtp

import (
	"strings"

	"postroom/internal/wire/address"
)

const maxParams = 10

// arguments cuts FROM:<path> key=value … of MAIL and RCPT. The angle brackets
// may be missing and a space may stand before the path, as many programs have it.
func arguments(rest, word string) (path string, params []string, bad *answer) {
	syntax := &answer{501, "5.5.4", "The syntax is " + word + "<address>"}
	if len(rest) < len(word) || !strings.EqualFold(rest[:len(word)], word) {
		return "", nil, syntax
	}
	rest = strings.TrimLeft(rest[len(word):], " ")
	end := strings.IndexByte(rest, ' ')
	if strings.HasPrefix(rest, "<") {
		if end = closing(rest); end < 0 {
			return "", nil, syntax
		}
	}
	if end < 0 {
		end = len(rest)
	}
	path, rest = rest[:end], rest[end:]
	if rest != "" && rest[0] != ' ' || path == "" {
		return "", nil, syntax
	}
	params = strings.Fields(rest)
	if len(params) > maxParams {
		return "", nil, &answer{501, "5.5.4", "Too many parameters"}
	}
	return path, params, nil
}

// closing is the place behind the ">" that closes s, minding quotes.
func closing(s string) int {
	quoted := false
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case c == '>' && !quoted:
			return i + 1
		}
	}
	return -1
}

func parsePath(path string) (address.Address, *answer) {
	for i := 0; i < len(path); i++ {
		if path[i] >= 0x80 { // SMTPUTF8 is not offered
			return address.Address{}, &answer{553, "5.6.7", "Addresses with other than ASCII characters are not supported"}
		}
	}
	a, err := address.ParsePath(path)
	if err != nil {
		return a, &answer{553, "5.1.3", printable("The address is not valid: " + err.Error())}
	}
	return a, nil
}
