// Package api is what the two API models say, as Go: each operation with its
// facts and errors, the structs of the Postroom operations (WorkMail's are the
// SDK's), and the checks of every input. Its *_gen.go are written by
// ../model/gen; it holds no behaviour of any operation and reads no request.
package api

import (
	"slices"
	"sync"

	"postroom/internal/wire/awsjson"
)

// Role says who may call an operation.
type Role uint8

const (
	RoleFull Role = iota // administrators with full access
	RoleRead             // every administrator
	RoleSelf             // every administrator, about himself; core/auth decides about others
	RoleNone             // anyone, without a signature
)

// Scope says where an operation happens.
type Scope uint8

const (
	ScopeRegion     Scope = iota // in one region, which the call names
	ScopeDeployment              // in the deployment store
)

// Audit says what the audit log keeps of a call.
type Audit uint8

const (
	AuditWrite Audit = iota // a record in the change's own transaction
	AuditRead               // a record in the log of reads
	AuditNone
)

// Operation is what the model says of one operation.
type Operation struct {
	Name             string // CreateUser
	Prefix           string // WorkMailService or Postroom
	Role             Role
	Scope            Scope
	Audit            Audit
	AllOrganizations bool     // only administrators of all organizations may call it
	Idempotent       bool     // as modelled
	Token            string   // the input member that is the idempotency token, or empty
	Errors           []string // the declared exceptions, sorted
	SensitiveIn      []string // paths of input members that no log may have, for awsjson.AppendRedacted
	SensitiveOut     []string // the same of the output

	New func() (in, out any) // pointers to an empty input and output
}

// Target returns the value of X-Amz-Target.
func (o *Operation) Target() string { return o.Prefix + "." + o.Name }

// Declares tells whether the model lists this exception for the operation.
func (o *Operation) Declares(exception string) bool {
	_, ok := slices.BinarySearch(o.Errors, exception)
	return ok
}

// Op is an operation with the types of its input and output.
type Op[In, Out any] struct {
	*Operation
	check   func(*checker, *In)
	present func(*checker, []byte) // where In hides that a required member is absent
}

// Read decodes and checks a request body. The error is an *awsjson.Error for a
// body that cannot be read, or an *Invalid for input that breaks the model.
func (o Op[In, Out]) Read(body []byte) (*In, error) {
	in := new(In)
	if err := awsjson.Decode(body, in); err != nil {
		return nil, err
	}
	return in, o.checked(in, body, true)
}

// Check tells what is wrong with an input, as an *Invalid, or nil.
func (o Op[In, Out]) Check(in *In) error { return o.checked(in, nil, false) }

func (o Op[In, Out]) checked(in *In, body []byte, read bool) error {
	c := checkers.Get().(*checker)
	defer c.done()
	o.check(c, in)
	if read && o.present != nil {
		o.present(c, body)
	}
	if c.found == nil {
		return nil
	}
	return &Invalid{Violations: c.found}
}

var checkers = sync.Pool{New: func() any { return new(checker) }}

var byTarget = sync.OnceValue(func() map[string]*Operation {
	all := Operations()
	m := make(map[string]*Operation, len(all))
	for _, op := range all {
		m[op.Target()] = op
	}
	return m
})

// Find returns the operation of an X-Amz-Target, or nil.
func Find(target string) *Operation { return byTarget()[target] }
