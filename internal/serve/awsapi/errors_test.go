package awsapi

import (
	"errors"
	"slices"
	"testing"

	"postroom/internal/base/errs"
	"postroom/internal/serve/awsapi/api"
)

// TestNoHole: every kind and subject has an exception that AWS knows, for every
// operation, and only faults of ours are 5xx.
func TestNoHole(t *testing.T) {
	known := map[string]bool{}
	for name := range common {
		known[name] = true
	}
	for _, op := range api.Operations() {
		for _, name := range op.Errors {
			known[name] = true
		}
	}
	ours := []errs.Kind{errs.Internal, errs.Unavailable}
	for _, op := range append(api.Operations(), nil) {
		for _, kind := range errs.AllKinds() {
			for _, subject := range errs.AllSubjects() {
				f := failed(op, errs.Say("test", kind, subject, "text"))
				if !known[f.exception] {
					t.Errorf("%v %v: %q", kind, subject, f.exception)
				}
				if f.status() >= 500 && !slices.Contains(ours, kind) {
					t.Errorf("%v %v: status %d", kind, subject, f.status())
				}
				if kind == errs.Internal && f.text == "text" {
					t.Errorf("the text of an internal error is shown: %v", subject)
				}
				if op != nil && !op.Declares(f.exception) && !common[f.exception] && slices.ContainsFunc(exceptions[kind][subject], op.Declares) {
					t.Errorf("%s: %s is answered although a declared one fits", op.Name, f.exception)
				}
			}
		}
	}
	if f := failed(nil, errors.New("secret cause")); f.exception != internalFailure || f.text == "secret cause" {
		t.Errorf("a foreign error: %+v", f)
	}
}

func TestFallbacks(t *testing.T) {
	for _, c := range []struct {
		op      *api.Operation
		kind    errs.Kind
		subject errs.Subject
		want    string
	}{
		{api.CreateUser.Operation, errs.Invalid, errs.Entry, "InvalidParameterException"},
		{api.ListTagsForResource.Operation, errs.Invalid, errs.Request, "ValidationException"},
		{api.ListTagsForResource.Operation, errs.NotFound, errs.Organization, "ResourceNotFoundException"},
		{api.DescribeUser.Operation, errs.NotFound, errs.Organization, "OrganizationNotFoundException"},
		{api.TagResource.Operation, errs.Limit, errs.Tags, "TooManyTagsException"},
		{api.DescribeUser.Operation, errs.Conflict, errs.Entry, "ConflictException"},
		{api.CreateUser.Operation, errs.Unavailable, errs.Directory, "DirectoryUnavailableException"},
		{api.CreateAlias.Operation, errs.Unavailable, errs.Storage, "ServiceUnavailable"},
		{api.CreateAlias.Operation, errs.Exists, errs.Address, "EmailAddressInUseException"},
	} {
		if got := exceptionOf(c.op, c.kind, c.subject); got != c.want {
			t.Errorf("%s %v %v: %s, want %s", c.op.Name, c.kind, c.subject, got, c.want)
		}
	}
}
