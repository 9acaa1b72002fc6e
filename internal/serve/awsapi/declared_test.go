package awsapi

import (
	"strings"
	"testing"

	"postroom/internal/serve/awsapi/api"
	"postroom/internal/wire/awsjson"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

// bodyOf is an input of op that passes the checks, about an organization; ""
// where the operation is not built or not about one.
func bodyOf(op *api.Operation, org, entry, word string) string {
	in, _ := op.New()
	if !fill(in, entry, word) || byTarget[op.Target()].run == nil {
		return ""
	}
	return strings.ReplaceAll(string(awsjson.Append(nil, in)), "ORGANIZATION", org)
}

// TestOrganizationState: every operation on an organization that is being
// deleted, but those that tell of it.
func TestOrganizationState(t *testing.T) {
	w := newWorld(t)
	c := w.sdk(w.root, east)
	org := w.organization(c, "acme")
	user := w.user(c, org, "alice", "alice@acme.postroom.test")
	_, err := c.DeleteOrganization(t.Context(), &workmail.DeleteOrganizationInput{OrganizationId: org, ForceDelete: true})
	must(t, err)
	for _, op := range api.Operations() {
		body := bodyOf(op, *org, *user, "acme")
		if body == "" {
			continue
		}
		want := "OrganizationStateException"
		switch {
		case op.Name == "DescribeOrganization", op.Name == "DescribeOrganizationContents", op.Name == "DeleteOrganization", op.Name == "ListAuditRecords":
			want = ""
		case !op.Declares(want):
			want = "ResourceNotFoundException"
		}
		if a := w.signed(w.root, east, op.Target(), body); a.code() != want {
			t.Errorf("%s: %s, want %s", op.Name, a.text, want)
		}
	}
}

// TestUnknownEntity: an id that nobody has, in every operation that takes one.
func TestUnknownEntity(t *testing.T) {
	w := newWorld(t)
	org := w.organization(w.sdk(w.root, east), "acme")
	for _, op := range api.Operations() {
		body := bodyOf(op, *org, "nobody-has-this-id", "acme")
		if body == "" || !strings.Contains(body, "nobody-has-this-id") {
			continue
		}
		want := "EntityNotFoundException"
		if strings.HasPrefix(op.Name, "Delete") && !op.Declares(want) {
			want = "" // deleting what is not there succeeds
		}
		if a := w.signed(w.root, east, op.Target(), body); a.code() != want {
			t.Errorf("%s: %s, want %q", op.Name, a.text, want)
		}
	}
}

// TestInvalidInput: what breaks the model is InvalidParameterException where
// that is declared, else ValidationException; a long page is no page.
func TestInvalidInput(t *testing.T) {
	w := newWorld(t)
	org := w.organization(w.sdk(w.root, east), "acme")
	pages := 0
	for _, op := range api.Operations() {
		want := "ValidationException"
		if op.Declares(invalidParameter) {
			want = invalidParameter
		}
		body := bodyOf(op, *org, "nobody-has-this-id", "acme")
		if body == "" {
			continue
		}
		bad := strings.ReplaceAll(body, *org, "m-1")
		if strings.Contains(body, "arn:") { // the pattern of ARNs takes any id
			bad = strings.ReplaceAll(body, "arn:aws:workmail", "arn:aws:other")
		}
		if a := w.signed(w.root, east, op.Target(), bad); a.code() != want || !strings.Contains(a.str("Message"), "failed to satisfy constraint") {
			t.Errorf("%s: %s, want %s", op.Name, a.text, want)
		}
		if in, _ := op.New(); hasMember(in, "MaxResults") {
			pages++
			for _, n := range []string{"0", "101", "-1"} {
				long := strings.TrimSuffix(body, "}") + `,"MaxResults":` + n + `}`
				if a := w.signed(w.root, east, op.Target(), long); a.code() != want {
					t.Errorf("%s of %s: %s", op.Name, n, a.text)
				}
			}
			if !hasMember(in, "NextToken") {
				continue
			}
			for _, bad := range []string{"nonsense", "!", strings.Repeat("A", 1024)} {
				wrong := strings.TrimSuffix(body, "}") + `,"NextToken":"` + bad + `"}`
				a := w.signed(w.root, east, op.Target(), wrong)
				if a.code() != want && a.code() != "EntityNotFoundException" { // nobody-has-this-id may be looked for first
					t.Errorf("%s from %s: %s", op.Name, bad, a.text)
				}
			}
		}
	}
	if pages < 10 {
		t.Errorf("%d operations have pages", pages)
	}
}

func hasMember(in any, name string) bool {
	return awsjson.Decode([]byte(`{"`+name+`":{}}`), in) != nil // a member that is there has another type
}
