package awsapi

import (
	"encoding/base64"
	"strings"
	"time"

	"postroom/internal/base/errs"
)

// account000 is the account of every ARN: a deployment has no accounts.
const account000 = "000000000000"

// text is a member of an answer, absent where it is empty.
func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// date is a time of an answer, absent where it is not set.
func date(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// value is a member of an input, "" where it is absent.
func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// instant is a time of an input, zero where it is absent.
func instant(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

// page is MaxResults: core's default where it is absent.
func page(n *int32) int {
	if n == nil {
		return 0
	}
	return int(*n)
}

const pageSize = 100 // of lists whose page core does not bound

func pageOf(n *int32) int {
	if n == nil {
		return pageSize
	}
	return int(*n)
}

// yes is a boolean of an input, false where it is absent.
func yes(b *bool) bool { return b != nil && *b }

// enums is a list of an input as one of core's type.
func enums[To, From ~string](list []From) []To {
	out := make([]To, len(list))
	for i, v := range list {
		out[i] = To(v)
	}
	return out
}

// chosen is an enum of an input as a pointer for a patch, nil where it is absent.
func chosen[To, From ~string](v From) *To {
	if v == "" {
		return nil
	}
	to := To(v)
	return &to
}

// token makes a NextToken of core's cursor, absent at the end of the list. The
// list's letter keeps tokens of lists apart.
func token(list byte, cursor string) *string {
	if cursor == "" {
		return nil
	}
	return text(base64.RawURLEncoding.EncodeToString([]byte(string(list) + cursor)))
}

// cursor reads a NextToken.
func cursor(list byte, token *string) (string, error) {
	if token == nil {
		return "", nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(*token)
	if err != nil || len(raw) < 2 || raw[0] != list || strings.ContainsRune(string(raw), 0) {
		return "", errs.Say("awsapi.NextToken", errs.Invalid, errs.Request, "This NextToken is not of this list.")
	}
	return string(raw[1:]), nil
}
