package main

import (
	"fmt"
	"strings"

	"postroom/internal/serve/awsapi/model"
)

// typescript writes the types of web/packages/api: each operation's input and
// output, and the target that names it.
func typescript(services []*service) ([]byte, error) {
	var b strings.Builder
	b.WriteString("// Made by internal/serve/awsapi/model/gen from the API models. Do not edit.\n\n")
	written := map[string]string{}
	for _, s := range services {
		shapes := map[string]bool{}
		for _, op := range s.Operations {
			s.reach(op.Input.Shape, shapes)
			s.reach(op.Output.Shape, shapes)
		}
		for _, name := range model.Sorted(shapes) {
			text := s.tsShape(name)
			switch had, ok := written[name]; {
			case ok && had != text:
				return nil, fmt.Errorf("the shape %s differs between the models", name)
			case !ok:
				written[name] = text
				b.WriteString(text)
			}
		}
	}
	b.WriteString("export interface Operations {\n")
	for _, s := range services {
		for _, name := range model.Sorted(s.Operations) {
			op := s.Operations[name]
			fmt.Fprintf(&b, "\t%s: { input: %s; output: %s };\n", name, op.Input.Shape, op.Output.Shape)
		}
	}
	b.WriteString("}\n\nexport const targets: { [Name in keyof Operations]: string } = {\n")
	for _, s := range services {
		for _, name := range model.Sorted(s.Operations) {
			fmt.Fprintf(&b, "\t%s: \"%s\",\n", name, s.Metadata.TargetPrefix)
		}
	}
	b.WriteString("};\n")
	return []byte(b.String()), nil
}

// tsShape is the declaration of a structure or an enumeration; other shapes are
// written where they are used.
func (s *service) tsShape(name string) string {
	shape := s.Shapes[name]
	switch {
	case shape.Type == "structure" && len(shape.Members) == 0:
		return fmt.Sprintf("export type %s = Record<string, never>;\n\n", name)
	case shape.Type == "structure":
		var b strings.Builder
		fmt.Fprintf(&b, "export interface %s {\n", name)
		for _, m := range shape.MemberNames() {
			optional := "?"
			if shape.IsRequired(m) {
				optional = ""
			}
			fmt.Fprintf(&b, "\t%s%s: %s;\n", m, optional, s.tsType(shape.Members[m].Shape))
		}
		return b.String() + "}\n\n"
	case len(shape.Enum) > 0:
		return fmt.Sprintf("export type %s = \"%s\";\n\n", name, strings.Join(shape.Enum, "\" | \""))
	}
	return ""
}

func (s *service) tsType(name string) string {
	shape := s.Shapes[name]
	switch shape.Type {
	case "structure":
		return name
	case "list":
		of := s.tsType(shape.Member.Shape)
		if strings.Contains(of, " ") {
			of = "(" + of + ")"
		}
		return of + "[]"
	case "map":
		return "Record<string, string>"
	case "boolean":
		return "boolean"
	case "integer", "long", "float", "double", "timestamp":
		return "number"
	}
	if len(shape.Enum) > 0 {
		return name
	}
	return "string"
}
