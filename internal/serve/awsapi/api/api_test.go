package api

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"postroom/internal/serve/awsapi/model"
	"postroom/internal/wire/awsjson"
	"postroom/internal/wire/sigv4"
)

const org = "m-0123456789abcdef0123456789abcdef"

func complaint(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	var invalid *Invalid
	if !errors.As(err, &invalid) {
		t.Fatalf("%T: %v", err, err)
	}
	return invalid.Error()
}

func TestOperations(t *testing.T) {
	all := Operations()
	ours, err := model.Postroom()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 92+len(ours.Operations) {
		t.Errorf("%d operations", len(all))
	}
	for _, op := range all {
		if Find(op.Target()) != op {
			t.Errorf("%s is not found", op.Target())
		}
		if !slices.IsSorted(op.Errors) {
			t.Errorf("%s: errors are not sorted", op.Name)
		}
		in, out := op.New() // every struct has a form on the wire
		if err := awsjson.Decode([]byte(`{}`), in); err != nil {
			t.Errorf("%s: %v", op.Name, err)
		}
		awsjson.Append(nil, out)
		if op.Role == RoleNone && op.Name != "SignIn" && op.Name != "FinishSignIn" && op.Name != "ChangePassword" {
			t.Errorf("%s needs no signature", op.Name)
		}
	}
	if Find("WorkMailService.createUser") != nil || Find("") != nil {
		t.Error("found what does not exist")
	}
	if !slices.Equal(CreateUser.SensitiveIn, []string{"DisplayName", "FirstName", "LastName", "Password"}) {
		t.Errorf("sensitive: %v", CreateUser.SensitiveIn)
	}
	if !slices.Equal(CreateAccessKey.SensitiveOut, []string{"SecretAccessKey"}) {
		t.Errorf("sensitive: %v", CreateAccessKey.SensitiveOut)
	}
	if CreateOrganization.Token != "ClientToken" || !CreateOrganization.AllOrganizations {
		t.Error("facts of CreateOrganization")
	}
	if !CreateUser.Declares("InvalidPasswordException") || CreateUser.Declares("ValidationException") {
		t.Error("declared errors")
	}
}

func TestChecks(t *testing.T) {
	long := strings.Repeat("x", 257)
	check := func(name string, err error, want ...string) {
		t.Helper()
		got := complaint(t, err)
		if len(want) == 0 && got != "" {
			t.Errorf("%s: refused: %s", name, got)
		}
		if len(want) > 0 && got == "" {
			t.Errorf("%s: accepted", name)
		}
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: %q is not in %q", name, w, got)
			}
		}
	}
	user := func(body string) error { _, err := CreateUser.Read([]byte(body)); return err }
	const head = `{"OrganizationId":"` + org + `","DisplayName":"A"`
	check("good", user(head+`,"Name":"alice","Role":"USER"}`))
	check("with a domain", user(head+`,"Name":"alice@example.test"}`))
	check("empty", user(``), "3 validation errors detected: ", "Value null at 'displayName' failed to satisfy constraint: Member must not be null")
	check("organization", user(`{"OrganizationId":"m-1","DisplayName":"A","Name":"a"}`),
		"1 validation error detected: Value 'm-1' at 'organizationId' failed to satisfy constraint: Member must have length greater than or equal to 34")
	check("upper case", user(strings.Replace(head, "abcdef", "ABCDEF", 1)+`,"Name":"a"}`), "pattern: ^m-[0-9a-f]{32}$")
	check("role", user(head+`,"Name":"a","Role":"ROOT"}`), "enum value set: [USER, RESOURCE, SYSTEM_USER, REMOTE_USER]")
	check("long name", user(head+`,"Name":"`+strings.Repeat("a", 65)+`"}`), "less than or equal to 64")
	check("secret", user(head+`,"Name":"a","Password":"`+"\u4e2d"+`"}`), "Value at 'password'")
	check("empty password", user(head+`,"Name":"a","Password":""}`), "Value at 'password'")
	check("NUL", user(`{"OrganizationId":"`+org+`","DisplayName":"A\u0000","Name":"a"}`), "NUL")
	check("characters, not bytes", user(head+`,"Name":"a","FirstName":"`+strings.Repeat("é", 256)+`"}`))
	check("too long", user(head+`,"Name":"a","FirstName":"`+long+`"}`), "256")
	if text := complaint(t, user(head+`,"Name":"a","Password":"`+"\u4e2dgeheim"+`"}`)); strings.Contains(text, "geheim") {
		t.Errorf("shows a password: %s", text)
	}

	_, err := UpdateUser.Read([]byte(`{"OrganizationId":"` + org + `","UserId":"alice","FirstName":"","IdentityProviderUserId":""}`))
	check("an empty string clears", err)
	_, err = ListUsers.Read([]byte(`{"OrganizationId":"` + org + `","MaxResults":0}`))
	check("range", err, "Value '0' at 'maxResults'", "greater than or equal to 1")
	_, err = ListUsers.Read([]byte(`{"OrganizationId":"` + org + `","MaxResults":101,"NextToken":""}`))
	check("range", err, "2 validation errors", "less than or equal to 100", "nextToken")
	_, err = ListUsers.Read([]byte(`{"OrganizationId":"` + org + `","Filters":{"State":"GONE"}}`))
	check("nested", err, "at 'filters.state'")
	_, err = CreateOrganization.Read([]byte(`{"Alias":"d-example"}`))
	check("lookahead", err, "at 'alias'")
	_, err = CreateOrganization.Read([]byte(`{"Alias":"dd-example","Domains":[{"DomainName":"example.test"},{}]}`))
	check("element", err, "Value null at 'domains.2.member.domainName'")
	_, err = CreateOrganization.Read([]byte(`{"Alias":"a","Domains":[` + strings.Repeat(`{"DomainName":"a.b"},`, 5) + `{"DomainName":"a.b"}]}`))
	check("list", err, "Value at 'domains'", "less than or equal to 5")
	_, err = CreateOrganization.Read([]byte(`{"Alias":"a\n"}`))
	check("whole value", err, "at 'alias'")
	_, err = DeleteOrganization.Read([]byte(`{"OrganizationId":"` + org + `"}`))
	check("a required bool", err, "Value null at 'deleteDirectory'")
	_, err = DeleteOrganization.Read([]byte(`{"OrganizationId":"` + org + `","DeleteDirectory":false}`))
	check("a required bool", err)
	_, err = TagResource.Read([]byte(`{"ResourceARN":"arn:aws:workmail:eu-west-1:000000000000:organization/` + org + `","Tags":[{"Key":"a","Value":""}]}`))
	check("ARN", err)
	_, err = PutAccessControlRule.Read([]byte(`{"OrganizationId":"` + org + `","Name":"r","Effect":"ALLOW","Description":"d","IpRanges":["10.0.0.0/8","x"]}`))
	check("list of strings", err, "Value 'x' at 'ipRanges.2.member'")
	_, err = CreateAccessKey.Read(nil)
	check("nothing required", err)

	_, err = CreateUser.Read([]byte(`{"Role":""}`))
	var bad *awsjson.Error
	if !errors.As(err, &bad) || bad.Kind != awsjson.BadValue {
		t.Errorf("an empty enum: %v", err)
	}
}

// The chains, matched by hand, say what the regular expressions say.
func FuzzChains(f *testing.F) {
	rules := map[string]*text{
		`m-[0-9a-f]{32}`:                &ruleOrganizationId,
		`[a-zA-Z0-9._%+@-]+`:            &ruleEntityIdentifier,
		`[\x{0020}-\x{00FF}]+`:          &rulePassword,
		`[^\x00-\x1F\x7F\x3C\x3E\x5C]+`: &ruleImpersonationRoleName,
		`arn:aws:workmail:[a-z0-9-]*:[a-z0-9-]+:[A-Za-z0-9][A-Za-z0-9:_/+=,@.-]*`: &ruleAmazonResourceName,
	}
	for _, s := range []string{org, "alice", "a b", "é", "\x00", "arn:aws:workmail::1:a", "arn:aws:workmail:a:1:", "arn:aws:workmail:a:1:b/c", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 1000 {
			return
		}
		for expr, rule := range rules {
			if rule.pattern.chain == nil {
				t.Fatalf("%s is no chain", expr)
			}
			want := regexp.MustCompile(`\A(?:` + expr + `)\z`).MatchString(s)
			if got := rule.pattern.matches(s); got != want {
				t.Errorf("%s on %q: %v", expr, s, got)
			}
		}
	})
}

// What every call costs before its operation: the signature, the body, the checks.
func BenchmarkDescribeUser(b *testing.B) {
	body := []byte(`{"OrganizationId":"` + org + `","UserId":"alice@example.test"}`)
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:8000/", nil)
	r.Header.Set("Content-Type", awsjson.ContentType)
	r.Header.Set("X-Amz-Target", DescribeUser.Target())
	now := time.Now()
	sigv4.Sign(r, body, "AKIDEXAMPLEEXAMPLE", "secret", "us-east-1", "workmail", now)
	var verifier sigv4.Verifier
	b.ReportAllocs()
	for b.Loop() {
		p, err := sigv4.Parse(r)
		if err == nil {
			err = p.Scope("workmail", "us-east-1")
		}
		if err == nil {
			err = verifier.Verify(p, "secret", body, now)
		}
		if err == nil {
			_, err = DescribeUser.Read(body)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}
