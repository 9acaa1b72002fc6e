package awsjson

import (
	"math"
	"reflect"
	"strconv"
	"time"
	"unicode/utf8"
	"unsafe"
)

// Decode reads body into the struct that v points to, under DefaultLimits. An
// empty body is an empty object. Unknown members and null are ignored, of equal
// names the last wins, names are compared with their case. The error is an
// *Error; v may then be half filled.
func Decode(body []byte, v any) error { return DecodeLimited(body, v, DefaultLimits) }

// DecodeLimited is Decode under limits of the caller's.
func DecodeLimited(body []byte, v any, limits Limits) error {
	target := reflect.ValueOf(v)
	if target.Kind() != reflect.Pointer || target.Elem().Kind() != reflect.Struct {
		panic("awsjson: Decode needs a pointer to a struct")
	}
	if len(body) > limits.Bytes {
		return &Error{Kind: TooLarge, Text: "The request body is longer than " + strconv.Itoa(limits.Bytes) + " bytes"}
	}
	d := decoder{in: body, limits: limits}
	d.space()
	if d.pos == len(d.in) {
		return nil
	}
	if d.in[d.pos] != '{' {
		return d.fail(Syntax, "The request body is not a JSON object")
	}
	if err := d.object(planOf(target.Type().Elem()), target.Elem()); err != nil {
		return err
	}
	d.space()
	if d.pos != len(d.in) {
		return d.fail(Syntax, "There are bytes behind the JSON object")
	}
	return nil
}

type decoder struct {
	in       []byte
	pos      int
	depth    int
	elements int
	limits   Limits
	path     path
}

func (d *decoder) fail(kind Kind, text string) error {
	return &Error{Kind: kind, Member: d.path.String(), Text: text, Offset: d.pos}
}

func (d *decoder) syntax() error {
	if d.pos >= len(d.in) {
		return d.fail(Syntax, "The JSON document ends too early")
	}
	return d.fail(Syntax, "Unexpected character in the JSON document")
}

func (d *decoder) space() {
	for d.pos < len(d.in) {
		switch d.in[d.pos] {
		case ' ', '\t', '\r', '\n':
			d.pos++
		default:
			return
		}
	}
}

// take skips white space and the byte c.
func (d *decoder) take(c byte) bool {
	d.space()
	if d.pos < len(d.in) && d.in[d.pos] == c {
		d.pos++
		return true
	}
	return false
}

func (d *decoder) enter() error {
	if d.depth++; d.depth > d.limits.Depth {
		return d.fail(Syntax, "The JSON document is nested deeper than "+strconv.Itoa(d.limits.Depth))
	}
	return nil
}

// object reads an object into target, or over it when plan is nil. The next byte
// is its brace.
func (d *decoder) object(plan *typePlan, target reflect.Value) error {
	if err := d.enter(); err != nil {
		return err
	}
	defer func() { d.depth-- }()
	d.pos++
	if d.take('}') {
		return nil
	}
	for {
		if d.space(); d.pos >= len(d.in) || d.in[d.pos] != '"' {
			return d.syntax()
		}
		name, err := d.text()
		if err != nil {
			return err
		}
		if !d.take(':') {
			return d.syntax()
		}
		index, known := -1, false
		if plan != nil {
			index, known = plan.byName[viewString(name)]
		}
		if known {
			f := &plan.fields[index]
			d.path.push(f.name, 0)
			if err := d.value(f.plan, target.Field(f.index)); err != nil {
				return err
			}
			d.path.pop()
		} else if err := d.skip(); err != nil {
			return err
		}
		switch {
		case d.take(','):
		case d.take('}'):
			return nil
		default:
			return d.syntax()
		}
	}
}

// skip reads over a value that nobody wants, with the same care.
func (d *decoder) skip() error {
	if d.space(); d.pos >= len(d.in) {
		return d.syntax()
	}
	switch c := d.in[d.pos]; c {
	case '{':
		return d.object(nil, reflect.Value{})
	case '[':
		return d.list(nil, reflect.Value{})
	case '"':
		_, err := d.text()
		return err
	case 't', 'f', 'n':
		return d.word()
	default:
		_, err := d.number()
		return err
	}
}

// word reads true, false or null.
func (d *decoder) word() error {
	for _, w := range [...]string{"true", "false", "null"} {
		if len(d.in)-d.pos >= len(w) && string(d.in[d.pos:d.pos+len(w)]) == w {
			d.pos += len(w)
			return nil
		}
	}
	return d.syntax()
}

func (d *decoder) value(plan *typePlan, target reflect.Value) error {
	if d.space(); d.pos >= len(d.in) {
		return d.syntax()
	}
	switch c := d.in[d.pos]; {
	case c == 'n':
		if err := d.word(); err != nil {
			return err
		}
		target.SetZero()
		return nil
	case c == '{' && plan.kind == kStruct:
		if plan.ptr {
			target.Set(reflect.New(plan.typ))
			target = target.Elem()
		} else {
			target.SetZero()
		}
		return d.object(plan, target)
	case c == '{' && plan.kind == kMap:
		return d.strings(target)
	case c == '[' && plan.kind == kList:
		return d.list(plan, target)
	case c == '"' && (plan.kind == kString || plan.kind == kEnum):
		return d.setString(plan, target)
	case (c == 't' || c == 'f') && plan.kind == kBool:
		if err := d.word(); err != nil {
			return err
		}
		if plan.ptr {
			set := c == 't'
			target.Set(reflect.ValueOf(&set).Convert(target.Type()))
		} else {
			target.SetBool(c == 't')
		}
		return nil
	case (c == '-' || c >= '0' && c <= '9') && (plan.kind == kInt || plan.kind == kFloat || plan.kind == kTime):
		return d.setNumber(plan, target)
	}
	return d.wrongType(plan)
}

// wrongType says what came and what was wanted, after a look at whether the value
// is JSON at all.
func (d *decoder) wrongType(plan *typePlan) error {
	at, c := d.pos, d.in[d.pos]
	if err := d.skip(); err != nil {
		return err
	}
	d.pos = at
	came := "NUMBER_VALUE"
	switch c {
	case '{':
		came = "START_OBJECT"
	case '[':
		came = "START_LIST"
	case '"':
		came = "STRING_VALUE"
	case 't':
		came = "TRUE_VALUE"
	case 'f':
		came = "FALSE_VALUE"
	case 'n':
		came = "NULL_VALUE"
	}
	want := [...]string{"String", "String", "Boolean", "Integer", "Double", "Timestamp", "List", "Map", "Structure"}[plan.kind]
	return d.fail(Type, came+" can not be converted to "+want)
}

func (d *decoder) setString(plan *typePlan, target reflect.Value) error {
	text, err := d.text()
	if err != nil {
		return err
	}
	if plan.kind == kEnum && len(text) == 0 {
		// The struct cannot tell an empty enum from an absent one.
		return d.fail(BadValue, "Member must satisfy enum value set, not be empty")
	}
	s := string(text)
	switch p := target.Addr().Interface().(type) {
	case **string:
		*p = &s
	case *string:
		*p = s
	default:
		if plan.ptr {
			target.Set(reflect.New(plan.typ))
			target = target.Elem()
		}
		target.SetString(s)
	}
	return nil
}

func (d *decoder) setNumber(plan *typePlan, target reflect.Value) error {
	at := d.pos
	raw, err := d.number()
	if err != nil {
		return err
	}
	end := d.pos
	d.pos = at // where an error points
	text := viewString(raw)
	if plan.ptr {
		target.Set(reflect.New(plan.typ))
		target = target.Elem()
	}
	switch plan.kind {
	case kInt:
		n, ok := integer(text)
		if !ok || target.OverflowInt(n) {
			return d.fail(Type, "NUMBER_VALUE can not be converted to Integer")
		}
		target.SetInt(n)
	case kFloat:
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return d.fail(Type, "NUMBER_VALUE can not be converted to Double")
		}
		target.SetFloat(f)
	case kTime:
		t, ok := epoch(text)
		if !ok {
			return d.fail(Type, "NUMBER_VALUE can not be converted to Timestamp")
		}
		target.Set(reflect.ValueOf(t))
	}
	d.pos = end
	return nil
}

// integer takes 5, and also 5.0 and 5e0, which some clients write.
func integer(text string) (int64, bool) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n, true
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return 0, false
	}
	return int64(f), true
}

// epoch takes seconds since 1970 with a fraction, kept to the millisecond, in the
// years 0 to 9999.
func epoch(text string) (time.Time, bool) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f < -62167219200 || f > 253402300799.999 {
		return time.Time{}, false
	}
	return time.UnixMilli(int64(math.Round(f * 1000))).UTC(), true
}

// list reads a list into target, or over it when plan is nil.
func (d *decoder) list(plan *typePlan, target reflect.Value) error {
	if err := d.enter(); err != nil {
		return err
	}
	defer func() { d.depth-- }()
	d.pos++
	if plan != nil {
		target.Set(reflect.MakeSlice(plan.typ, 0, 0))
	}
	if d.take(']') {
		return nil
	}
	for i := 0; ; i++ {
		if plan == nil {
			if err := d.skip(); err != nil {
				return err
			}
		} else if err := d.element(plan, target, i); err != nil {
			return err
		}
		switch {
		case d.take(','):
		case d.take(']'):
			return nil
		default:
			return d.syntax()
		}
	}
}

func (d *decoder) element(plan *typePlan, target reflect.Value, i int) error {
	d.path.push("", i)
	if d.elements++; d.elements > d.limits.Elements {
		return d.fail(Syntax, "The lists of the request have more than "+strconv.Itoa(d.limits.Elements)+" elements")
	}
	if d.space(); d.pos < len(d.in) && d.in[d.pos] == 'n' {
		return d.wrongType(plan.elem)
	}
	if i == target.Cap() {
		target.Grow(max(4, i))
	}
	target.SetLen(i + 1)
	target.Index(i).SetZero()
	if err := d.value(plan.elem, target.Index(i)); err != nil {
		return err
	}
	d.path.pop()
	return nil
}

// strings reads a map of strings into target. The next byte is its brace.
func (d *decoder) strings(target reflect.Value) error {
	if err := d.enter(); err != nil {
		return err
	}
	defer func() { d.depth-- }()
	d.pos++
	m := map[string]string{}
	target.Set(reflect.ValueOf(m))
	if d.take('}') {
		return nil
	}
	value := planOf(reflect.TypeFor[string]())
	for {
		if d.space(); d.peek() != '"' {
			return d.syntax()
		}
		raw, err := d.text()
		if err != nil {
			return err
		}
		key := string(raw)
		if !d.take(':') {
			return d.syntax()
		}
		if d.elements++; d.elements > d.limits.Elements {
			return d.fail(Syntax, "The lists of the request have more than "+strconv.Itoa(d.limits.Elements)+" elements")
		}
		if d.space(); d.peek() != '"' {
			if d.pos == len(d.in) {
				return d.syntax()
			}
			return d.wrongType(value)
		}
		text, err := d.text()
		if err != nil {
			return err
		}
		m[key] = string(text)
		switch {
		case d.take(','):
		case d.take('}'):
			return nil
		default:
			return d.syntax()
		}
	}
}

// number reads a number by the grammar of RFC 8259 §6 and returns its bytes.
func (d *decoder) number() ([]byte, error) {
	start := d.pos
	if d.peek() == '-' {
		d.pos++
	}
	switch {
	case d.peek() == '0':
		d.pos++
	case !d.digits():
		return nil, d.syntax()
	}
	if d.peek() == '.' {
		d.pos++
		if !d.digits() {
			return nil, d.syntax()
		}
	}
	if c := d.peek(); c == 'e' || c == 'E' {
		d.pos++
		if c := d.peek(); c == '+' || c == '-' {
			d.pos++
		}
		if !d.digits() {
			return nil, d.syntax()
		}
	}
	return d.in[start:d.pos], nil
}

func (d *decoder) peek() byte {
	if d.pos < len(d.in) {
		return d.in[d.pos]
	}
	return 0
}

func (d *decoder) digits() bool {
	start := d.pos
	for c := d.peek(); c >= '0' && c <= '9'; c = d.peek() {
		d.pos++
	}
	return d.pos > start
}

// text reads a string and returns its bytes: a part of the input where nothing
// was escaped. The next byte is the quote.
func (d *decoder) text() ([]byte, error) {
	d.pos++
	start, ascii := d.pos, true
	for d.pos < len(d.in) {
		switch c := d.in[d.pos]; {
		case c == '"':
			text := d.in[start:d.pos]
			if !ascii && !utf8.Valid(text) {
				return nil, d.fail(Syntax, "A string is not valid UTF-8")
			}
			d.pos++
			return text, nil
		case c == '\\':
			return d.escaped(start)
		case c < ' ':
			return nil, d.fail(Syntax, "A string has a control character that is not escaped")
		case c >= utf8.RuneSelf:
			ascii = false
		}
		d.pos++
	}
	return nil, d.syntax()
}

// escaped goes on with text at its first backslash.
func (d *decoder) escaped(start int) ([]byte, error) {
	out := append(make([]byte, 0, d.pos-start+32), d.in[start:d.pos]...)
	for d.pos < len(d.in) {
		switch c := d.in[d.pos]; {
		case c == '"':
			if !utf8.Valid(out) {
				return nil, d.fail(Syntax, "A string is not valid UTF-8")
			}
			d.pos++
			return out, nil
		case c == '\\':
			r, err := d.escape()
			if err != nil {
				return nil, err
			}
			out = utf8.AppendRune(out, r)
			continue
		case c < ' ':
			return nil, d.fail(Syntax, "A string has a control character that is not escaped")
		default:
			out = append(out, c)
		}
		d.pos++
	}
	return nil, d.syntax()
}

var escapes = [256]rune{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escape reads one escaped character, two \u for one beyond the first plane.
func (d *decoder) escape() (rune, error) {
	d.pos++
	c := d.peek()
	if c != 'u' {
		if escapes[c] == 0 {
			return 0, d.syntax()
		}
		d.pos++
		return escapes[c], nil
	}
	high, ok := d.hex()
	if !ok {
		return 0, d.syntax()
	}
	if high < 0xD800 || high > 0xDFFF {
		return high, nil
	}
	if high < 0xDC00 && d.peek() == '\\' {
		d.pos++
		if d.peek() == 'u' {
			if low, ok := d.hex(); ok && low >= 0xDC00 && low <= 0xDFFF {
				return (high-0xD800)<<10 + (low - 0xDC00) + 0x10000, nil
			}
		}
	}
	return 0, d.fail(Syntax, "A string has half of a surrogate pair")
}

// hex reads the u and its four digits.
func (d *decoder) hex() (rune, bool) {
	if len(d.in)-d.pos < 5 {
		d.pos = len(d.in)
		return 0, false
	}
	var r rune
	for _, c := range d.in[d.pos+1 : d.pos+5] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	d.pos += 5
	return r, true
}

// viewString looks at b as a string for as long as b is not changed.
func viewString(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// path is where in the document the decoder or encoder is.
type path struct{ steps []step }

type step struct {
	name  string // empty: an element of a list
	index int
}

func (p *path) push(name string, index int) { p.steps = append(p.steps, step{name, index}) }
func (p *path) pop()                        { p.steps = p.steps[:len(p.steps)-1] }

func (p *path) String() string {
	var b []byte
	for i, s := range p.steps {
		if i > 0 {
			b = append(b, '.')
		}
		if s.name != "" {
			b = append(b, s.name...)
		} else {
			b = strconv.AppendInt(b, int64(s.index), 10)
		}
	}
	return string(b)
}
