package sigv4

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// appendCanonical appends the canonical request of r: method, path, query, the
// named headers, their list, and the hash of the body.
func appendCanonical(dst []byte, r *http.Request, headers []string, list string, bodySum [32]byte) []byte {
	dst = append(append(dst, r.Method...), '\n')
	dst = append(appendPath(dst, r.URL.EscapedPath()), '\n')
	dst = append(appendQuery(dst, r.URL.RawQuery), '\n')
	for _, name := range headers {
		dst = append(append(dst, name...), ':')
		dst = append(appendHeader(dst, r, name), '\n')
	}
	dst = append(append(append(dst, '\n'), list...), '\n')
	return hex.AppendEncode(dst, bodySum[:])
}

// appendStringToSign appends algorithm, time, scope and the hash of the canonical
// request.
func appendStringToSign(dst []byte, date string, c Credential, canonical []byte) []byte {
	dst = append(append(append(dst, algorithm...), '\n'), date...)
	dst = append(append(append(dst, '\n'), c.Date...), '/')
	dst = append(append(dst, c.Region...), '/')
	dst = append(append(dst, c.Service...), '/')
	dst = append(append(dst, terminator...), '\n')
	sum := sha256.Sum256(canonical)
	return hex.AppendEncode(dst, sum[:])
}

// appendPath normalizes an escaped path (RFC 3986 §5.2.4, and no empty segments)
// and escapes each segment once more, as every service but S3 wants it.
func appendPath(dst []byte, path string) []byte {
	if path == "" || path == "/" {
		return append(dst, '/')
	}
	var kept []string
	segments := strings.Split(path, "/")
	for _, s := range segments {
		switch s {
		case "", ".":
		case "..":
			kept = kept[:max(0, len(kept)-1)]
		default:
			kept = append(kept, s)
		}
	}
	for _, s := range kept {
		dst = appendEscaped(append(dst, '/'), s)
	}
	switch last := segments[len(segments)-1]; {
	case len(kept) == 0, last == "", last == ".", last == "..":
		dst = append(dst, '/')
	}
	return dst
}

// appendQuery orders the parameters by name, then value, each escaped anew.
func appendQuery(dst []byte, query string) []byte {
	if query == "" {
		return dst
	}
	var pairs []string
	for pair := range strings.SplitSeq(query, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		b := append(appendEscaped(nil, unescape(name)), '=')
		pairs = append(pairs, string(appendEscaped(b, unescape(value))))
	}
	slices.SortFunc(pairs, func(a, b string) int {
		an, av, _ := strings.Cut(a, "=")
		bn, bv, _ := strings.Cut(b, "=")
		if c := strings.Compare(an, bn); c != 0 {
			return c
		}
		return strings.Compare(av, bv)
	})
	return append(dst, strings.Join(pairs, "&")...)
}

// unescape decodes %XX; what is malformed stays as it is, and a plus is a plus.
func unescape(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				out, i = append(out, byte(n)), i+2
				continue
			}
		}
		out = append(out, s[i])
	}
	return string(out)
}

func appendEscaped(dst []byte, s string) []byte {
	const digits = "0123456789ABCDEF"
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_', c == '.', c == '~':
			dst = append(dst, c)
		default:
			dst = append(dst, '%', digits[c>>4], digits[c&15])
		}
	}
	return dst
}

// appendHeader appends the values of a header in their order, joined by commas,
// trimmed and with runs of spaces made one.
func appendHeader(dst []byte, r *http.Request, name string) []byte {
	switch name {
	case "host":
		return append(dst, r.Host...)
	case "content-length":
		if r.Header["Content-Length"] == nil {
			return strconv.AppendInt(dst, max(0, r.ContentLength), 10)
		}
	}
	for i, value := range r.Header[canonicalName(name)] {
		if i > 0 {
			dst = append(dst, ',')
		}
		value = strings.Trim(value, " \t")
		for j := range len(value) {
			if value[j] == ' ' && value[j-1] == ' ' { // the first is no space
				continue
			}
			dst = append(dst, value[j])
		}
	}
	return dst
}

// canonicalName spares http.CanonicalHeaderKey's allocation for the usual ones.
func canonicalName(name string) string {
	switch name {
	case "x-amz-date":
		return "X-Amz-Date"
	case "x-amz-target":
		return "X-Amz-Target"
	case "x-amz-content-sha256":
		return "X-Amz-Content-Sha256"
	case "x-amz-user-agent":
		return "X-Amz-User-Agent"
	case "amz-sdk-invocation-id":
		return "Amz-Sdk-Invocation-Id"
	case "amz-sdk-request":
		return "Amz-Sdk-Request"
	}
	return http.CanonicalHeaderKey(name)
}
