package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"

	"postroom/internal/serve/awsapi/api"
)

type apiCmd struct {
	apiFlags
	Operation string `arg:"" optional:"" help:"Such as DescribeUser or Postroom.WhoAmI; without one all are listed."`
	Input     string `help:"The input as JSON; - reads standard input, @FILE a file. Default: {}. OrganizationId is added where it is missing." default:"{}" placeholder:"JSON"`
}

const inputLimit = 1 << 20

func (c *apiCmd) Run(e *env) error {
	if c.Operation == "" {
		for _, o := range api.Operations() {
			e.printf("%s\n", o.Target())
		}
		return nil
	}
	op, err := findOperation(c.Operation)
	if err != nil {
		return err
	}
	body, err := c.input(e)
	if err != nil {
		return err
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(body, &members); err != nil {
		return fmt.Errorf("the input is no JSON object: %w", err)
	}
	takes := takesOrganization(op)
	s, err := e.open(takes && members["OrganizationId"] == nil)
	if err != nil {
		return err
	}
	if s.org != "" {
		members["OrganizationId"], _ = json.Marshal(s.org)
		if body, err = json.Marshal(members); err != nil {
			return err
		}
	}
	out, err := s.call(e.ctx, op.Target(), body)
	if err != nil {
		if a := (*apiError)(nil); errors.As(err, &a) {
			a.raw = true
		}
		return err
	}
	return e.printJSON(out)
}

// findOperation takes a name with or without its prefix.
func findOperation(name string) (*api.Operation, error) {
	if op := api.Find(name); op != nil {
		return op, nil
	}
	var near []string
	for _, o := range api.Operations() {
		if o.Name == name {
			return o, nil
		}
		if strings.Contains(strings.ToLower(o.Name), strings.ToLower(name)) {
			near = append(near, o.Name)
		}
	}
	if len(near) > 0 && len(near) <= 8 {
		return nil, fmt.Errorf("there is no operation %s; did you mean %s?", name, strings.Join(near, ", "))
	}
	return nil, fmt.Errorf("there is no operation %s. postroom api lists all", name)
}

// takesOrganization tells whether the input has an OrganizationId that it needs.
func takesOrganization(op *api.Operation) bool {
	in, _ := op.New()
	return op.Scope == api.ScopeRegion && slices.Contains(fields(in), "OrganizationId") && op.Name != "CreateOrganization"
}

func (c *apiCmd) input(e *env) ([]byte, error) {
	switch {
	case c.Input == "-":
		return io.ReadAll(io.LimitReader(e.in, inputLimit))
	case strings.HasPrefix(c.Input, "@"):
		return os.ReadFile(c.Input[1:])
	}
	return []byte(c.Input), nil
}

// fields are the members of an input.
func fields(in any) (names []string) {
	t := reflect.TypeOf(in).Elem()
	for i := range t.NumField() {
		names = append(names, t.Field(i).Name)
	}
	return names
}
