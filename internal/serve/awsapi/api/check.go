package api

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Violation is one member that breaks the model. Path is as AWS writes it:
// domains.1.member.domainName. Rule follows "Member must"; Value is cut, and
// empty for sensitive members.
type Violation struct {
	Path   string
	Rule   string
	Value  string
	Shown  bool // whether Value may be shown
	Absent bool
}

func (v Violation) String() string {
	value := "Value"
	switch {
	case v.Absent:
		value = "Value null"
	case v.Shown:
		value = "Value '" + v.Value + "'"
	}
	return value + " at '" + v.Path + "' failed to satisfy constraint: Member must " + v.Rule
}

// Invalid is input that breaks the model. The head answers it with
// InvalidParameterException where that is declared, else ValidationException.
type Invalid struct{ Violations []Violation }

func (e *Invalid) Error() string {
	texts := make([]string, len(e.Violations))
	for i, v := range e.Violations {
		texts[i] = v.String()
	}
	noun := "errors"
	if len(texts) == 1 {
		noun = "error"
	}
	return fmt.Sprintf("%d validation %s detected: %s", len(texts), noun, strings.Join(texts, "; "))
}

const (
	maxViolations = 10  // in one answer
	maxShown      = 128 // bytes of a value
)

// text is a string shape: lengths in characters, max 0 means none.
type text struct {
	min, max  int
	pattern   *pattern
	enum      []string
	sensitive bool
}

type number struct{ min, max int64 }

type list struct{ min, max int }

// checker collects what the generated checks find, and knows where they are.
type checker struct {
	found []Violation
	at    []place
}

type place struct {
	name  string
	index int // of an element, from 1; 0 for a member
}

func (c *checker) done() {
	c.found, c.at = nil, c.at[:0]
	checkers.Put(c)
}

func (c *checker) in(name string) { c.at = append(c.at, place{name: name}) }
func (c *checker) element(i int)  { c.at = append(c.at, place{index: i + 1}) }
func (c *checker) out()           { c.at = c.at[:len(c.at)-1] }

func (c *checker) add(name string, v Violation) {
	if len(c.found) >= maxViolations {
		return
	}
	var b []byte
	for _, p := range append(slices.Clip(c.at), place{name: name}) {
		switch {
		case p.index > 0:
			b = append(strconv.AppendInt(append(b, '.'), int64(p.index), 10), ".member"...)
		case p.name != "":
			if len(b) > 0 {
				b = append(b, '.')
			}
			b = append(append(b, p.name[0]|0x20), p.name[1:]...)
		}
	}
	v.Path = string(b)
	c.found = append(c.found, v)
}

func (c *checker) need(name string, there bool) {
	if !there {
		c.add(name, Violation{Rule: "not be null", Absent: true})
	}
}

func (c *checker) str(name string, s *string, rule *text) {
	if s != nil {
		c.value(name, *s, rule)
	}
}

// enum checks a named string, whose empty value is absent.
func (c *checker) enum(name, s string, rule *text) {
	if s != "" {
		c.value(name, s, rule)
	}
}

func (c *checker) value(name, s string, rule *text) {
	if broken := rule.broken(s); broken != "" {
		v := Violation{Rule: broken, Shown: !rule.sensitive}
		if v.Shown {
			v.Value = shown(s)
		}
		c.add(name, v)
	}
}

func (t *text) broken(s string) string {
	switch n := utf8.RuneCountInString(s); {
	case n < t.min:
		return "have length greater than or equal to " + strconv.Itoa(t.min)
	case t.max > 0 && n > t.max:
		return "have length less than or equal to " + strconv.Itoa(t.max)
	}
	if t.enum != nil && !slices.Contains(t.enum, s) {
		return "satisfy enum value set: [" + strings.Join(t.enum, ", ") + "]"
	}
	if t.pattern != nil && !t.pattern.matches(s) {
		return "satisfy regular expression pattern: " + t.pattern.source
	}
	if strings.IndexByte(s, 0) >= 0 {
		return "not have a NUL character"
	}
	return ""
}

func shown(s string) string {
	if len(s) <= maxShown {
		return s
	}
	cut := maxShown
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

func (c *checker) number(name string, n int64, rule *number) {
	broken := ""
	switch {
	case n < rule.min:
		broken = "have value greater than or equal to " + strconv.FormatInt(rule.min, 10)
	case n > rule.max:
		broken = "have value less than or equal to " + strconv.FormatInt(rule.max, 10)
	default:
		return
	}
	c.add(name, Violation{Rule: broken, Value: strconv.FormatInt(n, 10), Shown: true})
}

func (c *checker) list(name string, n int, rule *list) {
	switch {
	case n < rule.min:
		c.add(name, Violation{Rule: "have length greater than or equal to " + strconv.Itoa(rule.min)})
	case rule.max > 0 && n > rule.max:
		c.add(name, Violation{Rule: "have length less than or equal to " + strconv.Itoa(rule.max)})
	}
}

// many checks the elements of a list of strings; the caller has checked its
// length, so that a list too long costs no more.
func many[S ~string](c *checker, name string, values []S, rule *text) {
	if len(c.found) >= maxViolations {
		return
	}
	c.in(name)
	for i, s := range values {
		c.element(i)
		c.value("", string(s), rule)
		c.out()
	}
	c.out()
}

// entries checks the keys and values of a map of strings, as many would.
func (c *checker) entries(name string, m map[string]string, keys, values *text) {
	if len(c.found) >= maxViolations {
		return
	}
	c.in(name)
	for _, key := range slices.Sorted(maps.Keys(m)) {
		c.value("key", key, keys)
		c.value("value", m[key], values)
	}
	c.out()
}
