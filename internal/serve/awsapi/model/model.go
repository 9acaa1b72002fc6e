// Package model reads the two API models in botocore's service-2 form:
// WorkMail's own and Postroom's. Generators and tests read them; a server works
// from what the generators wrote, and only hands our file on. It refuses a model
// that refers to a shape it does not have.
package model

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"sort"
)

//go:generate go run ./gen

//go:embed workmail.json
var workmail []byte

//go:embed postroom.json
var postroom []byte

// Model is one service.
type Model struct {
	Metadata struct {
		APIVersion   string `json:"apiVersion"`
		JSONVersion  string `json:"jsonVersion"`
		ServiceID    string `json:"serviceId"`
		SigningName  string `json:"signingName"`
		TargetPrefix string `json:"targetPrefix"`
	} `json:"metadata"`
	Operations map[string]*Operation `json:"operations"`
	Shapes     map[string]*Shape     `json:"shapes"`
}

// Operation is one call. Facts is nil in WorkMail's model.
type Operation struct {
	Name string `json:"name"`
	HTTP struct {
		Method     string `json:"method"`
		RequestURI string `json:"requestUri"`
	} `json:"http"`
	Input         Ref    `json:"input"`
	Output        Ref    `json:"output"`
	Errors        []Ref  `json:"errors"`
	Idempotent    bool   `json:"idempotent"`
	Documentation string `json:"documentation"`
	Facts         *Facts `json:"postroom"`
}

// Facts is what Postroom must know of an operation beside its shapes; README.md
// says what the values mean.
type Facts struct {
	Role          string `json:"role"`
	Scope         string `json:"scope"`
	Audit         string `json:"audit"`
	Organizations string `json:"organizations"`
}

// Ref points to a shape.
type Ref struct {
	Shape            string `json:"shape"`
	Documentation    string `json:"documentation"`
	IdempotencyToken bool   `json:"idempotencyToken"`
}

// Shape is a type with its rules. Min and Max are lengths of strings (in
// characters), lists and maps, and values of numbers.
type Shape struct {
	Type          string         `json:"type"`
	Members       map[string]Ref `json:"members"`
	Required      []string       `json:"required"`
	Member        Ref            `json:"member"`
	Key           Ref            `json:"key"`   // of a map
	Value         Ref            `json:"value"` // of a map
	Enum          []string       `json:"enum"`
	Min           *int           `json:"min"`
	Max           *int           `json:"max"`
	Pattern       string         `json:"pattern"`
	Sensitive     bool           `json:"sensitive"`
	Exception     bool           `json:"exception"`
	Documentation string         `json:"documentation"`
}

// MemberNames returns the names of a structure's members, sorted.
func (s *Shape) MemberNames() []string { return Sorted(s.Members) }

// IsRequired tells whether a structure needs this member.
func (s *Shape) IsRequired(member string) bool {
	for _, name := range s.Required {
		if name == member {
			return true
		}
	}
	return false
}

// Sorted returns the keys of m in order.
func Sorted[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// WorkMail returns WorkMail's model.
func WorkMail() (*Model, error) { return parse(workmail) }

// Postroom returns the model of our own operations.
func Postroom() (*Model, error) { return parse(postroom) }

// File is the model of our own operations as it is written, for the tools that
// read such models.
func File() []byte { return postroom }

func parse(text []byte) (*Model, error) {
	m := new(Model)
	if err := json.Unmarshal(text, m); err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	check := func(where, shape string) error {
		if m.Shapes[shape] == nil {
			return fmt.Errorf("model %s: %s refers to the unknown shape %q", m.Metadata.ServiceID, where, shape)
		}
		return nil
	}
	for name, op := range m.Operations {
		for _, ref := range append([]Ref{op.Input, op.Output}, op.Errors...) {
			if err := check(name, ref.Shape); err != nil {
				return nil, err
			}
		}
	}
	for name, shape := range m.Shapes {
		for member, ref := range shape.Members {
			if err := check(name+"."+member, ref.Shape); err != nil {
				return nil, err
			}
		}
		if shape.Type == "list" {
			if err := check(name, shape.Member.Shape); err != nil {
				return nil, err
			}
		}
		if shape.Type == "map" {
			for _, ref := range []Ref{shape.Key, shape.Value} {
				if err := check(name, ref.Shape); err != nil {
					return nil, err
				}
			}
		}
	}
	return m, nil
}
