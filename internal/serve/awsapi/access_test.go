package awsapi

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"postroom/internal/base/ids"
	"postroom/internal/core/auth"
	"postroom/internal/serve/awsapi/api"
	"postroom/internal/wire/awsjson"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

var update = flag.Bool("update", false, "write testdata anew")

// TestRoles (reliability row 131): who may call what, over HTTP, for every
// operation of the models. The table is testdata/roles.txt; a change of it is a
// change of rights and is reviewed as one.
func TestRoles(t *testing.T) {
	w := newWorld(t)
	own := w.organization(w.sdk(w.root, east), "own")
	named := []ids.Org{ids.Org(*own)}
	callers := []struct {
		name string
		key  *key
	}{
		{"nobody", nil},
		{"read named", ptr(w.administrator("read-named", auth.Rights{Role: auth.ReadOnly, Organizations: named}))},
		{"read all", ptr(w.administrator("read-all", auth.Rights{Role: auth.ReadOnly, All: true}))},
		{"full named", ptr(w.administrator("full-named", auth.Rights{Role: auth.Full, Organizations: named}))},
		{"full all", ptr(w.administrator("full-all", auth.Rights{Role: auth.Full, All: true}))},
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%-55s", "operation")
	for _, c := range callers {
		fmt.Fprintf(&b, " %-10s", c.name)
	}
	b.WriteString("\n")
	for _, op := range api.Operations() {
		fmt.Fprintf(&b, "%-55s", op.Target())
		for _, c := range callers {
			var a reply
			// A body that no operation takes: nothing is done where the role lets the call pass.
			if c.key == nil {
				a = w.do(w.request(op.Target(), `[]`))
			} else {
				a = w.signed(*c.key, east, op.Target(), `[]`)
			}
			word := "may"
			switch a.code() {
			case accessDenied, "MissingAuthenticationTokenException":
				word = "-"
			case unsupported:
				word = "(may)" // not built yet
			case serialization:
			default:
				t.Errorf("%s by %s: %s", op.Target(), c.name, a.text)
			}
			fmt.Fprintf(&b, " %-10s", word)
		}
		b.WriteString("\n")
	}
	got := strings.ReplaceAll(b.String(), " \n", "\n")
	for strings.Contains(got, " \n") {
		got = strings.ReplaceAll(got, " \n", "\n")
	}
	if *update {
		must(t, os.MkdirAll("testdata", 0o755))
		must(t, os.WriteFile("testdata/roles.txt", []byte(got), 0o644))
	}
	have, err := os.ReadFile("testdata/roles.txt")
	must(t, err)
	if string(have) != got {
		t.Errorf("the matrix of roles changed; look at the difference, then run with -update:\n%s", got)
	}
}

func ptr[T any](v T) *T { return &v }

// TestRoleUnknown: what the table does not know, nobody may.
func TestRoleUnknown(t *testing.T) {
	w := newWorld(t)
	_, actor, err := w.auth.AccessKey(t.Context(), w.root.id)
	must(t, err)
	op := *api.CreateUser.Operation
	op.Role = 99
	if allowed(&op, actor) {
		t.Error("a role that does not exist is allowed")
	}
	op.Role = api.RoleRead
	if allowed(&op, auth.Actor{}) || allowed(&op, w.auth.System(east, "test")) {
		t.Error("somebody who is no administrator is allowed")
	}
}

// TestAnothersOrganization (rows 128, 129): every operation on an organization
// of another administrator answers byte for byte what an unknown id answers,
// never a word of what is there.
func TestAnothersOrganization(t *testing.T) {
	const canary = "zzcanaryzz"
	w := newWorld(t)
	c := w.sdk(w.root, east)
	mine := w.organization(c, "mine")
	other := w.organization(c, canary)
	user := w.user(c, other, canary, canary+"@"+canary+".postroom.test")
	a := w.administrator("mine", auth.Rights{Role: auth.Full, Organizations: []ids.Org{ids.Org(*mine)}})
	const unknown = "m-00000000000000000000000000000000"
	tried := 0
	for _, op := range api.Operations() {
		target := byTarget[op.Target()]
		in, _ := op.New()
		if !fill(in, *user, canary) || target.run == nil || !allowed(op, actorOf(w, a)) {
			continue
		}
		tried++
		theirs := string(awsjson.Append(nil, in))
		theirs = strings.ReplaceAll(theirs, "ORGANIZATION", *other)
		nobodys := strings.ReplaceAll(theirs, *other, unknown)
		got, same := w.signed(a, east, op.Target(), theirs), w.signed(a, east, op.Target(), nobodys)
		if got.code() != "OrganizationNotFoundException" && got.code() != "ResourceNotFoundException" {
			t.Errorf("%s: %d %s for %s", op.Name, got.status, got.text, theirs)
		}
		if strings.ReplaceAll(got.text, *other, unknown) != same.text || got.status != same.status {
			t.Errorf("%s: another's organization answers\n%s\nan unknown one\n%s", op.Name, got.text, same.text)
		}
		if strings.Contains(strings.ReplaceAll(got.text, *other, ""), canary) {
			t.Errorf("%s tells of the other organization: %s", op.Name, got.text)
		}
		if got.header.Get("ETag") != "" {
			t.Errorf("%s has an ETag", op.Name)
		}
	}
	if tried < 45 {
		t.Errorf("only %d operations were tried", tried)
	}
	list, err := w.sdk(a, east).ListOrganizations(t.Context(), &workmail.ListOrganizationsInput{})
	must(t, err)
	if len(list.OrganizationSummaries) != 1 || *list.OrganizationSummaries[0].OrganizationId != *mine {
		t.Errorf("listed: %+v", list.OrganizationSummaries)
	}
	if found := w.signed(a, east, "Postroom.FindOrganizations", `{}`).text; !strings.Contains(found, *mine) || strings.Count(found, "OrganizationId") != 1 {
		t.Errorf("found: %s", found)
	}
	// Nothing of this reached the other organization's records.
	w.flush()
	records := w.signed(w.root, east, "Postroom.ListAuditRecords", fmt.Sprintf(`{"OrganizationId":%q,"Actor":"mine"}`, *other))
	if strings.Contains(records.text, `"RecordId"`) {
		t.Errorf("the other's audit log has %s", records.text)
	}
}

func actorOf(w *world, k key) auth.Actor {
	_, a, err := w.auth.AccessKey(w.t.Context(), k.id)
	must(w.t, err)
	return a
}

// fill makes an input that passes the checks, on ORGANIZATION; false where the
// operation is not about one.
func fill(in any, id, word string) bool {
	v := reflect.ValueOf(in).Elem()
	about := false
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !f.IsExported() || f.Type != reflect.TypeFor[*string]() {
			continue
		}
		value := ""
		switch f.Name {
		case "OrganizationId":
			value, about = "ORGANIZATION", true
		case "ResourceARN":
			value, about = "arn:aws:workmail:us-east-1:000000000000:organization/ORGANIZATION", true
		case "UserId", "EntityId", "GroupId", "ResourceId", "MemberId", "GranteeId":
			value = id
		case "Email", "Alias":
			value = word + "@" + word + ".postroom.test"
		case "DomainName":
			value = word + ".postroom.test"
		case "Name", "DisplayName":
			value = word
		case "Password":
			value = goodPassword
		}
		if value != "" {
			v.Field(i).Set(reflect.ValueOf(&value))
		}
	}
	switch in := in.(type) {
	case *workmail.CreateResourceInput:
		in.Type = "ROOM"
	case *workmail.PutMailboxPermissionsInput:
		in.PermissionValues = []types.PermissionType{"SEND_AS"}
	case *workmail.UpdateMailboxQuotaInput:
		in.MailboxQuota = aws.Int32(100)
	case *api.GetStatisticsInput:
		in.Period = api.StatisticsPeriodDay
	case *workmail.TagResourceInput:
		in.Tags = []types.Tag{{Key: &word, Value: &word}}
	case *workmail.UntagResourceInput:
		in.TagKeys = []string{word}
	case *api.FindUsersInput:
		in.Query = &word
	case *api.FindAnythingInput:
		in.Query = &word
	case *api.ImportUsersInput:
		in.ImportId, in.Rows = aws.String("import-"+word), []api.ImportUser{{Name: &word}}
	case *api.ConfirmDirectoryChangesInput:
		in.Number = aws.Int64(1)
	case *api.ProposeEmailAddressesInput:
		in.EntityIds = []string{strings.Repeat(word, 12)}
	}
	return about
}

// TestSignature (rows 116, 127): what is refused, and with which exception.
func TestSignature(t *testing.T) {
	w := newWorld(t)
	body := `{}`
	target := "WorkMailService.ListOrganizations"
	off := w.administrator("off", auth.Rights{Role: auth.Full, All: true})
	must(t, w.operator().UpdateAccessKey(t.Context(), off.admin, off.id, false))
	disabled := w.administrator("disabled", auth.Rights{Role: auth.Full, All: true})
	no := false
	_, err := w.operator().UpdateAdministrator(t.Context(), disabled.admin, auth.AdminChange{Enabled: &no})
	must(t, err)
	unknown := key{"", "PRAAAAAAAAAAAAAAAAAA", w.root.secret}
	for _, c := range []struct {
		name, want string
		do         func() reply
	}{
		{"good", "", func() reply { return w.signed(w.root, east, target, body) }},
		{"good, repeated", "", func() reply { return w.signed(w.root, east, target, body) }},
		{"none", "MissingAuthenticationTokenException", func() reply { return w.do(w.request(target, body)) }},
		{"unknown key", "UnrecognizedClientException", func() reply { return w.signed(unknown, east, target, body) }},
		{"no key at all", "UnrecognizedClientException", func() reply { return w.signed(key{"", "x", "y"}, east, target, body) }},
		{"key is off", "UnrecognizedClientException", func() reply { return w.signed(off, east, target, body) }},
		{"administrator disabled", "UnrecognizedClientException", func() reply { return w.signed(disabled, east, target, body) }},
		{"wrong secret", "InvalidSignatureException", func() reply { return w.signed(key{"", w.root.id, "wrong"}, east, target, body) }},
		{"region not here", "InvalidSignatureException", func() reply { return w.signed(w.root, "us-west-2", target, body) }},
		{"other region", "", func() reply { return w.signed(w.root, west, target, body) }},
		{"other body", "InvalidSignatureException", func() reply {
			return w.tampered(target, body, func(r *http.Request) { r.Body, r.ContentLength = http.NoBody, 0 })
		}},
		{"other target", "InvalidSignatureException", func() reply {
			return w.tampered(target, body, func(r *http.Request) { r.Header.Set("X-Amz-Target", "WorkMailService.DescribeOrganization") })
		}},
		{"two authorizations", "IncompleteSignatureException", func() reply {
			return w.tampered(target, body, func(r *http.Request) { r.Header.Add("Authorization", "x") })
		}},
		{"stale", "InvalidSignatureException", func() reply { return w.signedAt(target, body, -301) }},
		{"early", "InvalidSignatureException", func() reply { return w.signedAt(target, body, 301) }},
		{"nearly stale", "", func() reply { return w.signedAt(target, body, -299) }},
		{"security token", "UnrecognizedClientException", func() reply {
			return w.signed(w.root, east, target, body, func(r *http.Request) { r.Header.Set("X-Amz-Security-Token", "x") })
		}},
		{"unsigned payload", "InvalidSignatureException", func() reply {
			return w.signed(w.root, east, target, body, func(r *http.Request) { r.Header.Set("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD") })
		}},
		{"cookie does not help a bad signature", "InvalidSignatureException", func() reply {
			return w.tampered(target, body, func(r *http.Request) {
				r.Header.Set("X-Amz-Target", "WorkMailService.ListUsers")
				r.AddCookie(&http.Cookie{Name: cookieName, Value: "x"})
			})
		}},
	} {
		if a := c.do(); a.code() != c.want || (a.status == 200) != (c.want == "") {
			t.Errorf("%s: %d %s, want %q", c.name, a.status, a.text, c.want)
		} else if a.header.Get("x-amzn-RequestId") == "" {
			t.Errorf("%s: no request id", c.name)
		}
	}
	if a := w.signed(w.root, "us-west-2", target, body); !strings.Contains(a.str("message"), "Credential should be scoped to a valid region") {
		t.Error(a.text)
	}
	// Deletion of the key is felt at once.
	extra := w.keyOf(w.root.admin)
	if a := w.signed(extra, east, target, body); a.code() != "" {
		t.Error(a.text)
	}
	must(t, w.operator().DeleteAccessKey(t.Context(), extra.admin, extra.id))
	if a := w.signed(extra, east, target, body); a.code() != "UnrecognizedClientException" {
		t.Error(a.text)
	}
}

// TestRegions: an organization is where it was made and nowhere else.
func TestRegions(t *testing.T) {
	w := newWorld(t)
	here, there := w.sdk(w.root, east), w.sdk(w.root, west)
	org := w.organization(here, "acme")
	_, err := there.DescribeOrganization(t.Context(), &workmail.DescribeOrganizationInput{OrganizationId: org})
	want(t, err, "OrganizationNotFoundException")
	_, err = there.CreateUser(t.Context(), &workmail.CreateUserInput{OrganizationId: org, Name: aws.String("x"), DisplayName: aws.String("x")})
	want(t, err, "OrganizationNotFoundException")
	list, err := there.ListOrganizations(t.Context(), &workmail.ListOrganizationsInput{})
	must(t, err)
	if len(list.OrganizationSummaries) > 0 {
		t.Errorf("%+v", list.OrganizationSummaries)
	}
	a := w.signed(w.root, east, "Postroom.ListRegions", `{}`)
	if strings.Index(a.text, west) < strings.Index(a.text, east) { // by name it would be the other way round
		t.Error(a.text)
	}
	if !strings.Contains(a.text, `"ConsoleUrl":"http://localhost/console/us-east-1/"`) || !strings.Contains(a.text, west) {
		t.Error(a.text)
	}
}

// TestNotBuilt: what this version does not have says so, whatever the model declares.
func TestNotBuilt(t *testing.T) {
	w := newWorld(t)
	missing := 0
	for name, op := range byTarget {
		if op.run != nil {
			continue
		}
		missing++
		a := w.signed(w.root, east, name, `{}`)
		if a.code() != unsupported || a.status != 400 || !strings.Contains(a.str("Message"), op.Name+" is not available in this version") {
			t.Errorf("%s: %s", name, a.text)
		}
	}
	who := w.signed(w.root, east, "Postroom.WhoAmI", `{}`)
	list, _ := who.json["Capabilities"].([]any)
	if len(list) != len(byTarget)-missing {
		t.Errorf("%d capabilities, want %d", len(list), len(byTarget)-missing)
	}
	if !slices.Contains(list, any("WorkMailService.CreateUser")) || slices.Contains(list, any("WorkMailService.AssumeImpersonationRole")) {
		t.Errorf("%v", list)
	}
}
