package main

import (
	"bytes"
	"fmt"
	"math"
	"strings"

	"postroom/internal/serve/awsapi/model"
)

// checks writes checks_gen.go: one function for each structure of an input, and
// the rules that they refer to, each once.
type checks struct {
	functions bytes.Buffer
	done      map[string]bool // Go types that have their function, or need none
	empty     map[string]bool
	rules     map[string]string // literal → variable
	names     map[string]bool
	order     []string // declarations
	usesTypes bool
	blind     map[string][][2]string // input shape → required members (name, type) whose absence the struct hides
}

func newChecks() *checks {
	return &checks{done: map[string]bool{}, empty: map[string]bool{}, rules: map[string]string{}, names: map[string]bool{},
		blind: map[string][][2]string{}}
}

func (c *checks) text() string {
	imports := "import (\n\"" + sdkModule + "\"\n"
	if c.usesTypes {
		imports += "\"" + sdkModule + "/types\"\n"
	}
	if len(c.blind) > 0 {
		imports += "\n\"postroom/internal/wire/awsjson\"\n"
	}
	return imports + ")\n\nvar (\n" + strings.Join(c.order, "\n") + "\n)\n\n" + c.functions.String()
}

func (c *checks) operation(s *service, op *model.Operation) error {
	if err := s.agree(op.Output.Shape, map[string]bool{}); err != nil {
		return err
	}
	if _, err := c.structure(s, op.Input.Shape, op.Name+"Input", true); err != nil {
		return err
	}
	blind := c.blind[op.Input.Shape]
	if blind == nil {
		return nil
	}
	fmt.Fprintf(&c.functions, "// present%s looks at the body for what the SDK's struct cannot tell from absent.\n", op.Name)
	fmt.Fprintf(&c.functions, "func present%s(c *checker, body []byte) {\nvar in struct {\n", op.Name)
	for _, b := range blind {
		fmt.Fprintf(&c.functions, "%s *%s\n", b[0], b[1])
	}
	c.functions.WriteString("}\nif awsjson.Decode(body, &in) == nil {\n")
	for _, b := range blind {
		fmt.Fprintf(&c.functions, "c.need(%q, in.%s != nil)\n", b[0], b[0])
	}
	c.functions.WriteString("}\n}\n\n")
	return nil
}

// agree fails where the SDK's struct and the model have other members.
func (s *service) agree(shape string, seen map[string]bool) error {
	if s.ours || seen[shape] {
		return nil
	}
	seen[shape] = true
	def := s.Shapes[shape]
	if def.Type == "list" {
		return s.agree(def.Member.Shape, seen)
	}
	if def.Type != "structure" {
		return nil
	}
	have := s.structs[strings.TrimPrefix(s.goStruct(shape), "workmail.")]
	if len(have) != len(def.Members) {
		return fmt.Errorf("%s has %d members in the SDK, %d in the model", shape, len(have), len(def.Members))
	}
	for member, ref := range def.Members {
		if have[member] == "" {
			return fmt.Errorf("%s.%s is not in the SDK", shape, member)
		}
		if err := s.agree(ref.Shape, seen); err != nil {
			return err
		}
	}
	return nil
}

// structure writes the function of a structure and tells whether it checks
// anything. An input has one in any case.
func (c *checks) structure(s *service, shape, name string, input bool) (bool, error) {
	goType := s.goStruct(shape)
	if c.done[goType] {
		return !c.empty[goType], nil
	}
	c.done[goType] = true
	if err := s.agree(shape, map[string]bool{}); err != nil {
		return false, err
	}
	def := s.Shapes[shape]
	var body bytes.Buffer
	for _, member := range def.MemberNames() {
		if err := c.member(&body, s, shape, member, def.IsRequired(member)); err != nil {
			return false, fmt.Errorf("%s.%s: %w", shape, member, err)
		}
	}
	c.empty[goType] = body.Len() == 0
	if body.Len() == 0 && !input {
		return false, nil
	}
	if strings.HasPrefix(goType, "types.") {
		c.usesTypes = true
	}
	if body.Len() == 0 {
		fmt.Fprintf(&c.functions, "func check%s(*checker, *%s) {}\n\n", name, goType)
		return false, nil
	}
	fmt.Fprintf(&c.functions, "func check%s(c *checker, in *%s) {\n%s}\n\n", name, goType, body.String())
	return true, nil
}

// fieldType returns the Go type of a member.
func (s *service) fieldType(shape, member string) string {
	if s.ours {
		return s.goType(s.Shapes[shape].Members[member].Shape, true)
	}
	return s.structs[strings.TrimPrefix(s.goStruct(shape), "workmail.")][member]
}

func (c *checks) member(b *bytes.Buffer, s *service, shape, member string, required bool) error {
	ref := s.Shapes[shape].Members[member]
	def, goType := s.Shapes[ref.Shape], s.fieldType(shape, member)
	nilable := strings.HasPrefix(goType, "*") || strings.HasPrefix(goType, "[]") || def.Type == "map"
	if required {
		switch {
		case nilable:
			fmt.Fprintf(b, "c.need(%q, in.%s != nil)\n", member, member)
		case def.Enum != nil:
			fmt.Fprintf(b, "c.need(%q, in.%s != \"\")\n", member, member)
		case strings.HasSuffix(shape, "Request"):
			c.blind[shape] = append(c.blind[shape], [2]string{member, goType})
		default:
			return fmt.Errorf("a required %s cannot be told from an absent one", goType)
		}
	}
	switch def.Type {
	case "string":
		rule, err := c.textRule(ref.Shape, def)
		if err != nil {
			return err
		}
		if def.Enum != nil {
			fmt.Fprintf(b, "c.enum(%q, string(in.%s), &%s)\n", member, member, rule)
		} else {
			fmt.Fprintf(b, "c.str(%q, in.%s, &%s)\n", member, member, rule)
		}
	case "integer", "long":
		if def.Min == nil && def.Max == nil {
			return nil
		}
		if !nilable {
			return fmt.Errorf("a bounded %s cannot be told from an absent one", goType)
		}
		rule := c.rule(ref.Shape, "number"+bounds(def, math.MinInt64, math.MaxInt64))
		fmt.Fprintf(b, "if in.%s != nil {\nc.number(%q, int64(*in.%s), &%s)\n}\n", member, member, member, rule)
	case "list":
		return c.listMember(b, s, ref.Shape, member)
	case "map":
		return c.mapMember(b, s, ref.Shape, member)
	case "structure":
		checked, err := c.structure(s, ref.Shape, "Part"+ref.Shape, false)
		if checked && err == nil {
			fmt.Fprintf(b, "if in.%s != nil {\nc.in(%q)\ncheckPart%s(c, in.%s)\nc.out()\n}\n", member, member, ref.Shape, member)
		}
		return err
	case "boolean", "timestamp":
	default:
		return fmt.Errorf("no check for type %s", def.Type)
	}
	return nil
}

func (c *checks) listMember(b *bytes.Buffer, s *service, shape, member string) error {
	def := s.Shapes[shape]
	if def.Min != nil && *def.Min > 0 || def.Max != nil {
		rule := c.rule(shape, "list"+bounds(def, 0, 0))
		fmt.Fprintf(b, "if in.%s != nil {\nc.list(%q, len(in.%s), &%s)\n}\n", member, member, member, rule)
	}
	element := s.Shapes[def.Member.Shape]
	switch element.Type {
	case "string":
		rule, err := c.textRule(def.Member.Shape, element)
		if err == nil {
			fmt.Fprintf(b, "many(c, %q, in.%s, &%s)\n", member, member, rule)
		}
		return err
	case "structure":
		checked, err := c.structure(s, def.Member.Shape, "Part"+def.Member.Shape, false)
		if checked && err == nil {
			fmt.Fprintf(b, "c.in(%q)\nfor i := range in.%s {\nc.element(i)\ncheckPart%s(c, &in.%s[i])\nc.out()\n}\nc.out()\n",
				member, member, def.Member.Shape, member)
		}
		return err
	}
	return fmt.Errorf("no check for lists of %s", element.Type)
}

// mapMember checks a map of strings: there are no others.
func (c *checks) mapMember(b *bytes.Buffer, s *service, shape, member string) error {
	def := s.Shapes[shape]
	key, value := s.Shapes[def.Key.Shape], s.Shapes[def.Value.Shape]
	if key.Type != "string" || value.Type != "string" || key.Enum != nil || value.Enum != nil {
		return fmt.Errorf("no check for maps of %s to %s", key.Type, value.Type)
	}
	if def.Max == nil {
		return fmt.Errorf("the map has no limit")
	}
	keys, err := c.textRule(def.Key.Shape, key)
	if err != nil {
		return err
	}
	values, err := c.textRule(def.Value.Shape, value)
	if err != nil {
		return err
	}
	size := c.rule(shape, "list"+bounds(def, 0, 0))
	fmt.Fprintf(b, "if in.%s != nil {\nc.list(%q, len(in.%s), &%s)\nc.entries(%q, in.%s, &%s, &%s)\n}\n", member, member, member, size, member, member, keys, values)
	return nil
}

func bounds(def *model.Shape, low, high int64) string {
	if def.Min != nil {
		low = int64(*def.Min)
	}
	if def.Max != nil {
		high = int64(*def.Max)
	}
	return fmt.Sprintf("{min: %d, max: %d}", low, high)
}

// textRule returns the variable of a string shape's rule.
func (c *checks) textRule(name string, def *model.Shape) (string, error) {
	var b strings.Builder
	b.WriteString("text{")
	if def.Min != nil && *def.Min > 0 {
		fmt.Fprintf(&b, "min: %d, ", *def.Min)
	}
	if def.Max != nil {
		fmt.Fprintf(&b, "max: %d, ", *def.Max)
	}
	if def.Enum != nil {
		fmt.Fprintf(&b, "enum: %#v, ", def.Enum)
	}
	if def.Sensitive {
		b.WriteString("sensitive: true, ")
	}
	if def.Pattern != "" {
		literal, err := c.pattern(name, def.Pattern)
		if err != nil {
			return "", err
		}
		b.WriteString("pattern: " + literal)
	}
	return c.rule(name, strings.TrimSuffix(b.String(), ", ")+"}"), nil
}

func (c *checks) pattern(name, source string) (string, error) {
	p, err := translate(source)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "&pattern{source: %q", p.source)
	if p.notPrefix != "" {
		fmt.Fprintf(&b, ", notPrefix: %q", p.notPrefix)
	}
	switch {
	case p.any:
		b.WriteString(", any: true")
	case p.chain != nil:
		b.WriteString(", chain: []link{")
		for i, l := range p.chain {
			if i > 0 {
				b.WriteString(", ")
			}
			fmt.Fprintf(&b, "{&%s, %d, %d}", c.rule("Class", goClass(l.class)), l.min, l.max)
		}
		b.WriteString("}")
	default:
		fmt.Fprintf(&b, ", expr: %q", p.expr)
	}
	b.WriteString("}")
	return b.String(), nil
}

// rule returns the variable with this literal, declared once.
func (c *checks) rule(name, literal string) string {
	if v, ok := c.rules[literal]; ok {
		return v
	}
	v := "rule" + name
	for i := 2; c.names[v]; i++ {
		v = fmt.Sprintf("rule%s%d", name, i)
	}
	c.rules[literal], c.names[v] = v, true
	c.order = append(c.order, v+" = "+literal)
	return v
}
