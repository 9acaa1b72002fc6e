package awsjson

import (
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// ContentType is that of requests and answers.
const ContentType = "application/x-amz-json-1.1"

// Append appends the struct (or the pointer to one) v. Nil pointers, nil lists
// and empty enums are left out; an empty list that is not nil is []; times are
// seconds since 1970 with milliseconds; a map is in order of its keys. A nil v is {}.
func Append(dst []byte, v any) []byte { return appendStruct(dst, v, nil) }

// AppendRedacted is Append for logs: of the members in sensitive there is only
// that they were there. A path names members by dots, and lists like their
// elements: Rules.Description.
func AppendRedacted(dst []byte, v any, sensitive []string) []byte {
	return appendStruct(dst, v, &redaction{sensitive: sensitive})
}

// AppendError appends an error's body. Both spellings of the text are there:
// WorkMail's model says Message, other readers look for message.
func AppendError(dst []byte, exception, text string) []byte {
	dst = appendString(append(dst, `{"__type":`...), exception)
	dst = appendString(append(dst, `,"message":`...), text)
	dst = appendString(append(dst, `,"Message":`...), text)
	return append(dst, '}')
}

type redaction struct {
	sensitive []string
	names     []string
}

func (r *redaction) hides(name string) bool {
	r.names = append(r.names, name)
	return slices.Contains(r.sensitive, strings.Join(r.names, "."))
}

func appendStruct(dst []byte, v any, hide *redaction) []byte {
	value := reflect.ValueOf(v)
	for value.Kind() == reflect.Pointer && !value.IsNil() {
		value = value.Elem()
	}
	if value.Kind() != reflect.Struct {
		return append(dst, "{}"...)
	}
	return appendFields(dst, planOf(value.Type()), value, hide)
}

func appendFields(dst []byte, plan *typePlan, value reflect.Value, hide *redaction) []byte {
	dst = append(dst, '{')
	first := true
	for i := range plan.fields {
		f := &plan.fields[i]
		member := value.Field(f.index)
		if absent(f.plan, member) {
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(append(append(dst, '"'), f.name...), `":`...)
		if hide == nil {
			dst = appendValue(dst, f.plan, member, nil)
			continue
		}
		if hide.hides(f.name) {
			dst = append(dst, `"***"`...)
		} else {
			dst = appendValue(dst, f.plan, member, hide)
		}
		hide.names = hide.names[:len(hide.names)-1]
	}
	return append(dst, '}')
}

func absent(plan *typePlan, v reflect.Value) bool {
	switch {
	case plan.ptr || plan.kind == kList || plan.kind == kMap:
		return v.IsNil()
	case plan.kind == kEnum:
		return v.Len() == 0
	case plan.kind == kTime:
		return v.IsZero()
	}
	return false
}

func appendValue(dst []byte, plan *typePlan, v reflect.Value, hide *redaction) []byte {
	if plan.ptr {
		if v.IsNil() { // only in a list
			return append(dst, "null"...)
		}
		v = v.Elem()
	}
	switch plan.kind {
	case kString, kEnum:
		return appendString(dst, v.String())
	case kBool:
		return strconv.AppendBool(dst, v.Bool())
	case kInt:
		return strconv.AppendInt(dst, v.Int(), 10)
	case kFloat:
		return appendFloat(dst, v.Float())
	case kTime:
		return appendTime(dst, v)
	case kList:
		dst = append(dst, '[')
		for i := range v.Len() {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendValue(dst, plan.elem, v.Index(i), hide)
		}
		return append(dst, ']')
	case kMap:
		return appendMap(dst, v.Interface().(map[string]string))
	default:
		return appendFields(dst, plan, v, hide)
	}
}

func appendMap(dst []byte, m map[string]string) []byte {
	dst = append(dst, '{')
	for i, key := range slices.Sorted(maps.Keys(m)) {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendString(append(appendString(dst, key), ':'), m[key])
	}
	return append(dst, '}')
}

// appendFloat writes the three values that JSON lacks as AWS does, as strings.
func appendFloat(dst []byte, f float64) []byte {
	switch {
	case math.IsNaN(f):
		return append(dst, `"NaN"`...)
	case math.IsInf(f, 1):
		return append(dst, `"Infinity"`...)
	case math.IsInf(f, -1):
		return append(dst, `"-Infinity"`...)
	}
	format := byte('f')
	if a := math.Abs(f); a != 0 && (a < 1e-6 || a >= 1e21) {
		format = 'e'
	}
	return strconv.AppendFloat(dst, f, format, -1, 64)
}

func appendTime(dst []byte, v reflect.Value) []byte {
	var t time.Time
	if v.CanAddr() {
		t = *v.Addr().Interface().(*time.Time)
	} else {
		t = v.Interface().(time.Time)
	}
	ms := t.UnixMilli()
	if ms < 0 {
		dst, ms = append(dst, '-'), -ms
	}
	dst = strconv.AppendInt(dst, ms/1000, 10)
	if ms %= 1000; ms == 0 {
		return dst
	}
	dst = append(dst, '.', '0'+byte(ms/100), '0'+byte(ms/10%10), '0'+byte(ms%10))
	for dst[len(dst)-1] == '0' {
		dst = dst[:len(dst)-1]
	}
	return dst
}

const hexDigits = "0123456789abcdef"

// appendString writes s as a JSON string; bytes that are no UTF-8 become U+FFFD.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c >= ' ' && c != '"' && c != '\\' && c != 0x7f {
				i++
				continue
			}
			dst = append(dst, s[start:i]...)
			switch c {
			case '"', '\\':
				dst = append(dst, '\\', c)
			case '\n':
				dst = append(dst, '\\', 'n')
			case '\r':
				dst = append(dst, '\\', 'r')
			case '\t':
				dst = append(dst, '\\', 't')
			default:
				dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
			}
			i++
			start = i
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			dst = append(append(dst, s[start:i]...), "\uFFFD"...)
			start = i + 1
		}
		i += size
	}
	return append(append(dst, s[start:]...), '"')
}
