package awsapi

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/auth"
	"postroom/internal/core/auth/authtest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/pquerna/otp/totp"
)

// browser calls as the console does: with a cookie and a region.
type browser struct {
	w      *world
	cookie *http.Cookie
	region string
}

func (b *browser) call(target, body string, change ...func(*http.Request)) reply {
	b.w.t.Helper()
	r := b.w.request(target, body)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if b.cookie != nil {
		r.AddCookie(b.cookie)
	}
	if b.region != "" {
		r.Header.Set(regionHeader, b.region)
	}
	for _, f := range change {
		f(r)
	}
	a := b.w.do(r)
	for _, c := range (&http.Response{Header: a.header}).Cookies() {
		if c.Name == cookieName {
			b.cookie = c
		}
	}
	return a
}

func (b *browser) signIn(name, password string) reply {
	b.w.t.Helper()
	return b.call("Postroom.SignIn", fmt.Sprintf(`{"Username":%q,"Password":%q}`, name, password))
}

func set(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

// TestConsoleSession (row 123): sign in, call, be refused from elsewhere, sign out.
func TestConsoleSession(t *testing.T) {
	w := newWorld(t)
	b := &browser{w: w}
	wrong, nobody := b.signIn("admin", "not the password"), b.signIn("nobody", "not the password")
	if wrong.code() != accessDenied || wrong.text != nobody.text || b.cookie != nil {
		t.Errorf("%s\n%s", wrong.text, nobody.text)
	}
	a := b.signIn("admin", w.first)
	if a.code() != "" || a.str("Name") != "admin" || a.str("Role") != "FULL" || b.cookie == nil {
		t.Fatal(a.text)
	}
	if c := b.cookie; !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Secure || c.Path != "/" || strings.Contains(a.text, c.Value) {
		t.Errorf("cookie %v in %s", c, a.text)
	}
	if a := b.call("Postroom.WhoAmI", `{}`); a.str("SignInMethod") != "SESSION" || a.json["ExpiresDate"] == nil || a.json["AllOrganizations"] != true {
		t.Error(a.text)
	}
	// A region operation needs the region; one of the deployment does not.
	if a := b.call("WorkMailService.ListOrganizations", `{}`); a.code() != validation || !strings.Contains(a.str("message"), regionHeader) {
		t.Error(a.text)
	}
	b.region = "us-west-2"
	if a := b.call("WorkMailService.ListOrganizations", `{}`); a.code() != validation {
		t.Error(a.text)
	}
	b.region = west
	if a := b.call("WorkMailService.CreateOrganization", `{"Alias":"viaconsole"}`); a.code() != "" {
		t.Error(a.text)
	}
	// Another site's page.
	for name, f := range map[string]func(*http.Request){
		"cross-site":  set("Sec-Fetch-Site", "cross-site"),
		"same-site":   set("Sec-Fetch-Site", "same-site"),
		"origin":      func(r *http.Request) { r.Header.Del("Sec-Fetch-Site"); r.Header.Set("Origin", "https://evil.example") },
		"null origin": func(r *http.Request) { r.Header.Del("Sec-Fetch-Site"); r.Header.Set("Origin", "null") },
	} {
		if a := b.call("WorkMailService.ListOrganizations", `{}`, f); a.code() != accessDenied {
			t.Errorf("%s: %s", name, a.text)
		}
	}
	if a := b.call("WorkMailService.ListOrganizations", `{}`, set("Content-Type", "text/plain")); a.code() != serialization {
		t.Error(a.text)
	}
	if a := (&browser{w: w}).call("Postroom.SignIn", fmt.Sprintf(`{"Username":"admin","Password":%q}`, w.first), set("Sec-Fetch-Site", "cross-site")); a.code() != accessDenied {
		t.Errorf("a sign-in from another site: %s", a.text)
	}
	// Another tab of the browser has signed in as somebody else.
	var me struct{ AdministratorId string }
	if err := json.Unmarshal([]byte(b.call("Postroom.WhoAmI", `{}`).text), &me); err != nil {
		t.Fatal(err)
	}
	if a := b.call("Postroom.ListRegions", `{}`, set(adminHeader, me.AdministratorId)); a.code() != "" {
		t.Errorf("the own page: %s", a.text)
	}
	if a := b.call("Postroom.ListRegions", `{}`, set(adminHeader, me.AdministratorId+"x")); a.code() != expiredToken {
		t.Errorf("another one's page: %s", a.text)
	}
	stolen := *b.cookie
	again := &browser{w: w}
	if again.signIn("admin", w.first); again.cookie.Value == stolen.Value {
		t.Error("two sign-ins have one token")
	}
	if a := b.call("Postroom.SignOut", `{}`); a.code() != "" || b.cookie.Value != "" || b.cookie.MaxAge >= 0 {
		t.Errorf("%s %v", a.text, b.cookie)
	}
	b.cookie = &stolen
	if a := b.call("Postroom.WhoAmI", `{}`); a.code() != expiredToken {
		t.Error(a.text)
	}
	for _, bad := range []string{"x", strings.Repeat("A", 43), strings.Repeat("A", 5000)} {
		b.cookie = &http.Cookie{Name: cookieName, Value: bad}
		if a := b.call("Postroom.WhoAmI", `{}`); a.code() != expiredToken {
			t.Errorf("%.20s: %s", bad, a.text)
		}
	}
	// Unused for an hour: what a page asks by itself is answered, and is no use.
	w.clock.Move(31 * time.Minute)
	if a := again.call("Postroom.WhoAmI", `{}`, set(polledHeader, "true")); a.code() != "" {
		t.Error(a.text)
	}
	w.clock.Move(30 * time.Minute)
	if a := again.call("Postroom.WhoAmI", `{}`); a.code() != expiredToken {
		t.Error(a.text)
	}
	if a := w.signed(w.root, east, "Postroom.SignOut", `{}`); a.code() != "" {
		t.Error(a.text)
	}
}

// TestSecureCookie: over TLS the cookie never travels without it.
func TestSecureCookie(t *testing.T) {
	w := newWorld(t)
	s := httptest.NewTLSServer(w.handler)
	defer s.Close()
	r := w.request("Postroom.SignIn", fmt.Sprintf(`{"Username":"admin","Password":%q}`, w.first))
	r.URL.Scheme, r.URL.Host = "https", strings.TrimPrefix(s.URL, "https://")
	a, err := s.Client().Do(r)
	must(t, err)
	a.Body.Close()
	if got := a.Header.Get("Set-Cookie"); !strings.Contains(got, "; Secure") {
		t.Error(got)
	}
}

// TestAdministrators: create, change, keys, and what each may do about others.
func TestAdministrators(t *testing.T) {
	w := newWorld(t)
	org := *w.organization(w.sdk(w.root, east), "acme")
	root := func(target, body string, f ...func(*http.Request)) reply {
		t.Helper()
		return w.signed(w.root, east, "Postroom."+target, body, f...)
	}
	a := root("CreateAdministrator", fmt.Sprintf(`{"Name":"eve","Password":%q,"Role":"READ_ONLY","Organizations":[%q]}`, goodPassword, org))
	eve := a.str("AdministratorId")
	if eve == "" {
		t.Fatal(a.text)
	}
	for body, code := range map[string]string{
		fmt.Sprintf(`{"Name":"EVE","Password":%q,"Role":"FULL","AllOrganizations":true}`, goodPassword): "NameAvailabilityException",
		`{"Name":"weak","Password":"short","Role":"FULL","AllOrganizations":true}`:                      "InvalidPasswordException",
		`{"Name":"none","Role":"FULL"}`:                      invalidParameter,
		`{"Name":"x","Role":"KING","AllOrganizations":true}`: invalidParameter,
	} {
		if a := root("CreateAdministrator", body); a.code() != code {
			t.Errorf("%s: %s, want %s", body, a.text, code)
		}
	}
	b := &browser{w: w, region: east}
	if a := b.signIn("eve", goodPassword); a.code() != "" {
		t.Fatal(a.text)
	}
	for target, code := range map[string]string{
		"Postroom.ListAdministrators": accessDenied, "Postroom.CreateAdministrator": accessDenied, "WorkMailService.CreateUser": accessDenied,
		"WorkMailService.CreateOrganization": accessDenied, "Postroom.ListAccessKeys": "", "WorkMailService.ListOrganizations": "", "Postroom.ListRegions": "",
	} {
		if a := b.call(target, `{}`); a.code() != code {
			t.Errorf("%s by eve: %s, want %q", target, a.text, code)
		}
	}
	for _, other := range []string{string(w.root.admin), "admin", "nobody", "01234567-89ab-cdef-0123-456789abcdef"} {
		if a := b.call("Postroom.ListAccessKeys", fmt.Sprintf(`{"AdministratorId":%q}`, other)); a.code() != accessDenied {
			t.Errorf("keys of %s by eve: %s", other, a.text)
		}
	}
	// Her own keys; the secret is shown once.
	made := b.call("Postroom.CreateAccessKey", `{}`)
	id, secret := made.str("AccessKeyId"), made.str("SecretAccessKey")
	if id == "" || len(secret) != 40 || made.str("Status") != "ACTIVE" || made.str("AdministratorId") != eve {
		t.Fatal(made.text)
	}
	hers := key{ids.Admin(eve), id, secret}
	if a := w.signed(hers, east, "Postroom.WhoAmI", `{}`); a.str("Name") != "eve" || a.str("SignInMethod") != "ACCESS_KEY" {
		t.Error(a.text)
	}
	if a := b.call("Postroom.ListAccessKeys", `{}`); strings.Contains(a.text, secret) || !strings.Contains(a.text, id) {
		t.Error(a.text)
	}
	if strings.Contains(w.log.String(), secret) {
		t.Error("the secret is in the log")
	}
	if a := b.call("Postroom.UpdateAccessKey", fmt.Sprintf(`{"AccessKeyId":%q,"Status":"INACTIVE"}`, w.root.id)); a.code() != resourceNotFound {
		t.Errorf("another's key: %s", a.text)
	}
	if a := root("UpdateAccessKey", fmt.Sprintf(`{"AccessKeyId":%q,"Status":"INACTIVE"}`, id)); a.code() != "" {
		t.Error(a.text)
	}
	if a := w.signed(hers, east, "Postroom.WhoAmI", `{}`); a.code() != unrecognizedClient {
		t.Error(a.text)
	}
	for range 9 {
		if a := root("CreateAccessKey", `{"AdministratorId":"eve"}`); a.code() != "" {
			t.Error(a.text)
		}
	}
	if a := root("CreateAccessKey", `{"AdministratorId":"eve"}`); a.code() != "LimitExceededException" {
		t.Error(a.text)
	}
	n, token := 0, ""
	for {
		a := root("ListAccessKeys", fmt.Sprintf(`{"AdministratorId":%q,"MaxResults":4%s}`, eve, token))
		list, _ := a.json["AccessKeys"].([]any)
		n += len(list)
		if a.str("NextToken") == "" {
			break
		}
		token = fmt.Sprintf(`,"NextToken":%q`, a.str("NextToken"))
	}
	if n != 10 {
		t.Errorf("%d keys listed", n)
	}
	if a := root("DeleteAccessKey", fmt.Sprintf(`{"AccessKeyId":%q}`, id)); a.code() != "" {
		t.Error(a.text)
	}
	if a := root("DeleteAccessKey", fmt.Sprintf(`{"AccessKeyId":%q}`, id)); a.code() != resourceNotFound {
		t.Error(a.text)
	}

	// A change of rights is felt at once, and ends the session.
	d := root("DescribeAdministrator", `{"AdministratorId":"eve"}`)
	if d.str("Role") != "READ_ONLY" || !strings.Contains(d.text, org) || d.json["Enabled"] != true {
		t.Error(d.text)
	}
	if a := root("UpdateAdministrator", `{"AdministratorId":"eve","Role":"FULL"}`, ifMatch(d.header.Get("ETag"))); a.code() != "" {
		t.Error(a.text)
	}
	if a := root("UpdateAdministrator", `{"AdministratorId":"eve","Role":"READ_ONLY"}`, ifMatch(d.header.Get("ETag"))); a.code() != conflict {
		t.Error(a.text)
	}
	if a := b.call("Postroom.WhoAmI", `{}`); a.code() != expiredToken {
		t.Error(a.text)
	}
	d = root("DescribeAdministrator", fmt.Sprintf(`{"AdministratorId":%q}`, eve))
	if d.str("Role") != "FULL" || !strings.Contains(d.text, org) {
		t.Errorf("what was not given did not stay: %s", d.text)
	}
	if a := root("UpdateAdministrator", `{"AdministratorId":"eve","AllOrganizations":true}`); a.code() != "" {
		t.Error(a.text)
	}
	if d = root("DescribeAdministrator", `{"AdministratorId":"eve"}`); d.json["AllOrganizations"] != true || strings.Contains(d.text, org) {
		t.Error(d.text)
	}
	if a := root("UpdateAdministrator", `{"AdministratorId":"eve","Enabled":false}`); a.code() != "" {
		t.Error(a.text)
	}
	if a := b.signIn("eve", goodPassword); a.code() != accessDenied {
		t.Error(a.text)
	}
	if a := root("UpdateAdministrator", `{"AdministratorId":"admin","Role":"READ_ONLY"}`); a.code() != invalidParameter {
		t.Errorf("the last one who manages: %s", a.text)
	}
	// The caller itself, as the last one, is refused as well.
	for target, body := range map[string]string{
		"UpdateAdministrator": `{"AdministratorId":"admin","Enabled":false}`, "DeleteAdministrator": fmt.Sprintf(`{"AdministratorId":%q}`, w.root.admin),
	} {
		if a := root(target, body); a.code() != invalidParameter || !strings.Contains(a.text, "the last enabled administrator") {
			t.Errorf("%s of the last one by itself: %s", target, a.text)
		}
	}
	list := root("ListAdministrators", `{"MaxResults":1}`)
	if !strings.Contains(list.text, `"admin"`) || list.str("NextToken") == "" {
		t.Error(list.text)
	}
	if list = root("ListAdministrators", fmt.Sprintf(`{"NextToken":%q}`, list.str("NextToken"))); !strings.Contains(list.text, `"eve"`) || strings.Contains(list.text, `"admin"`) {
		t.Error(list.text)
	}
	if a := root("DeleteAdministrator", `{"AdministratorId":"eve"}`); a.code() != "" {
		t.Error(a.text)
	}
	if a := root("DescribeAdministrator", fmt.Sprintf(`{"AdministratorId":%q}`, eve)); a.code() != resourceNotFound {
		t.Error(a.text)
	}
}

// TestChangeOwnPassword (row 120): the old password is asked for.
func TestChangeOwnPassword(t *testing.T) {
	w := newWorld(t)
	b := &browser{w: w}
	b.signIn("admin", w.first)
	change := func(old, fresh string) reply {
		return b.call("Postroom.ChangeOwnPassword", fmt.Sprintf(`{"OldPassword":%q,"NewPassword":%q}`, old, fresh))
	}
	if a := change("wrong password!", goodPassword); a.code() != "InvalidPasswordException" {
		t.Error(a.text)
	}
	if a := change(w.first, "short"); a.code() != "InvalidPasswordException" {
		t.Error(a.text)
	}
	if a := change(w.first, goodPassword); a.code() != "" {
		t.Error(a.text)
	}
	if a := b.call("Postroom.WhoAmI", `{}`); a.code() != "" {
		t.Errorf("the session that asked ended: %s", a.text)
	}
	if a := (&browser{w: w}).signIn("admin", w.first); a.code() != accessDenied {
		t.Error(a.text)
	}
}

// TestChangePassword: mail users change theirs without a signature.
func TestChangePassword(t *testing.T) {
	w := newWorld(t)
	c := w.sdk(w.root, east)
	org := w.organization(c, "acme")
	w.user(c, org, "alice", "alice@acme.postroom.test")
	change := func(name, old, fresh string) reply {
		return w.do(w.request("Postroom.ChangePassword", fmt.Sprintf(`{"Username":%q,"OldPassword":%q,"NewPassword":%q}`, name, old, fresh)))
	}
	wrong, nobody := change("alice@acme.postroom.test", "Wrong horse 9", "New horse 10"), change("bob@acme.postroom.test", "Wrong horse 9", "New horse 10")
	if wrong.code() != accessDenied || wrong.text != nobody.text {
		t.Errorf("%s\n%s", wrong.text, nobody.text)
	}
	if a := change(`acme\alice`, goodPassword, "weak"); a.code() != "InvalidPasswordException" {
		t.Error(a.text)
	}
	if a := change(`acme\alice`, goodPassword, "New horse 10"); a.code() != "" {
		t.Error(a.text)
	}
	attempt := auth.Attempt{Name: "alice@acme.postroom.test", Password: "New horse 10", Head: "test", Remote: netip.MustParseAddr("192.0.2.9")}
	if _, err := w.auth.SignIn(t.Context(), attempt); err != nil {
		t.Error(err)
	}
}

// TestThrottle (row 112): guessing is slowed down, and told so.
func TestThrottle(t *testing.T) {
	w := newWorld(t)
	b := &browser{w: w}
	for i := range 200 {
		a := b.signIn("admin", fmt.Sprintf("guess number %d", i))
		if a.code() == throttling {
			return
		}
		if a.code() != accessDenied {
			t.Fatal(a.text)
		}
	}
	t.Error("200 guesses, never throttled")
}

// TestAudit: changes, reads and refusals, by whom and from where; filters, pages.
func TestAudit(t *testing.T) {
	w := newWorld(t)
	c, ctx := w.sdk(w.root, east), t.Context()
	org := w.organization(c, "acme")
	alice := w.user(c, org, "alice", "alice@acme.postroom.test")
	_, err := c.DescribeUser(ctx, &workmail.DescribeUserInput{OrganizationId: org, UserId: alice})
	must(t, err)
	_, err = c.CreateUser(ctx, &workmail.CreateUserInput{OrganizationId: org, Name: aws.String("alice"), DisplayName: aws.String("x"), Password: aws.String("Planted secret 1")})
	want(t, err, "NameAvailabilityException")
	reader := w.administrator("reader", auth.Rights{Role: auth.ReadOnly, Organizations: []ids.Org{ids.Org(*org)}})
	_, err = w.sdk(reader, east).DeleteUser(ctx, &workmail.DeleteUserInput{OrganizationId: org, UserId: alice})
	want(t, err, accessDenied)
	w.flush()
	list := func(k key, body string) reply {
		t.Helper()
		return w.signed(k, east, "Postroom.ListAuditRecords", body)
	}
	all := list(w.root, fmt.Sprintf(`{"OrganizationId":%q}`, *org))
	for _, word := range []string{"WorkMailService.CreateOrganization", "WorkMailService.CreateUser", "WorkMailService.RegisterToWorkMail", "WorkMailService.DescribeUser",
		`"Outcome":"SUCCESS"`, `"Outcome":"REFUSED"`, `"ErrorCode":"NameAvailabilityException"`, `"SourceAddress":"127.0.0.1"`, `"Region":"us-east-1"`, `"Actor":"admin"`, `"RequestId":"`} {
		if !strings.Contains(all.text, word) {
			t.Errorf("no %s in %s", word, all.text)
		}
	}
	if strings.Contains(all.text, "Planted secret") || strings.Contains(all.text, goodPassword) || strings.Contains(w.log.String(), "Planted secret") {
		t.Error("a secret is in the audit log or the log")
	}
	count := func(a reply) int {
		records, _ := a.json["Records"].([]any)
		return len(records)
	}
	if a := list(w.root, fmt.Sprintf(`{"OrganizationId":%q,"Operation":"CreateUser"}`, *org)); count(a) != 2 {
		t.Error(a.text)
	}
	if a := list(w.root, fmt.Sprintf(`{"OrganizationId":%q,"Target":%q,"Operation":"DescribeUser"}`, *org, *alice)); count(a) != 1 {
		t.Error(a.text)
	}
	future := w.clock.Now().Add(time.Hour).Unix()
	if a := list(w.root, fmt.Sprintf(`{"OrganizationId":%q,"StartTime":%d}`, *org, future)); count(a) != 0 || a.json["Records"] == nil {
		t.Error(a.text)
	}
	changes := list(w.root, fmt.Sprintf(`{"OrganizationId":%q,"ChangesOnly":true}`, *org))
	for word, want := range map[string]bool{"WorkMailService.CreateUser": true, `"Outcome":"SUCCESS"`: true, "DescribeUser": false, `"Outcome":"REFUSED"`: true, "ListAuditRecords": false} {
		if strings.Contains(changes.text, word) != want {
			t.Errorf("changes only: %s is there: %v: %s", word, !want, changes.text)
		}
	}
	n, token := 0, ""
	for {
		a := list(w.root, fmt.Sprintf(`{"OrganizationId":%q,"ChangesOnly":true,"MaxResults":1%s}`, *org, token))
		n += count(a)
		if a.str("NextToken") == "" {
			break
		}
		token = fmt.Sprintf(`,"NextToken":%q`, a.str("NextToken"))
	}
	if n != count(changes) {
		t.Errorf("%d changes by pages, %d at once", n, count(changes))
	}
	n, token = 0, ""
	for {
		a := list(w.root, fmt.Sprintf(`{"OrganizationId":%q,"MaxResults":2,"Actor":"admin","EndTime":%d%s}`, *org, future, token))
		if a.code() != "" {
			t.Fatal(a.text)
		}
		n += count(a)
		if a.str("NextToken") == "" {
			break
		}
		token = fmt.Sprintf(`,"NextToken":%q`, a.str("NextToken"))
	}
	if n < 5 {
		t.Errorf("%d records by pages", n)
	}
	// The deployment's own, for those who have all organizations.
	deployment := list(w.root, `{}`)
	for _, word := range []string{"reader", "DeleteUser", accessDenied} {
		if !strings.Contains(deployment.text, word) {
			t.Errorf("no %s in %s", word, deployment.text)
		}
	}
	if a := list(reader, `{}`); a.code() != accessDenied {
		t.Error(a.text)
	}
	if a := list(reader, fmt.Sprintf(`{"OrganizationId":%q}`, *org)); a.code() != "" {
		t.Error(a.text)
	}
	for _, lists := range []interface {
		Verify(context.Context, ids.Org) (int64, error)
	}{w.handler.Lists, w.places[east].region.Lists} {
		for _, o := range []ids.Org{"", ids.Org(*org)} {
			if _, err := lists.Verify(ctx, o); err != nil {
				t.Errorf("chain of %q: %v", o, err)
			}
		}
	}
}

// TestSessions: the own ones, with what the browser calls itself; others' by
// those who manage; ended at once.
func TestSessions(t *testing.T) {
	w := newWorld(t)
	b, other := &browser{w: w}, &browser{w: w}
	b.signIn("admin", w.first)
	if a := other.call("Postroom.SignIn", fmt.Sprintf(`{"Username":"admin","Password":%q}`, w.first), set("User-Agent", "<b>Agent</b> "+strings.Repeat("x", 500))); a.code() != "" {
		t.Fatal(a.text)
	}
	a := b.call("Postroom.ListSessions", `{}`)
	list, _ := a.json["Sessions"].([]any)
	if len(list) != 2 || !strings.Contains(a.text, "Agent") || strings.Contains(a.text, strings.Repeat("x", 260)) || !strings.Contains(a.text, `"SourceAddress":"127.0.0.1"`) {
		t.Fatal(a.text)
	}
	for _, s := range list {
		s := s.(map[string]any)
		if s["Current"] == true {
			continue
		}
		if a := b.call("Postroom.RevokeSession", fmt.Sprintf(`{"SessionId":%q}`, s["SessionId"])); a.code() != "" {
			t.Error(a.text)
		}
		if a := b.call("Postroom.RevokeSession", fmt.Sprintf(`{"SessionId":%q}`, s["SessionId"])); a.code() != resourceNotFound {
			t.Error(a.text)
		}
	}
	if a := other.call("Postroom.WhoAmI", `{}`); a.code() != expiredToken {
		t.Error(a.text)
	}
	reader := w.administrator("reader", auth.Rights{Role: auth.ReadOnly, All: true})
	if a := w.signed(reader, east, "Postroom.ListSessions", `{"AdministratorId":"admin"}`); a.code() != "" || strings.Contains(a.text, `"Current":true`) {
		t.Error(a.text)
	}
	session := b.call("Postroom.ListSessions", `{}`).json["Sessions"].([]any)[0].(map[string]any)["SessionId"]
	if a := w.signed(reader, east, "Postroom.RevokeSession", fmt.Sprintf(`{"AdministratorId":"admin","SessionId":%q}`, session)); a.code() != accessDenied {
		t.Error(a.text)
	}
	if a := w.signed(w.root, east, "Postroom.ListSessions", `{"AdministratorId":"00000000-0000-0000-0000-000000000000"}`); a.code() != resourceNotFound {
		t.Error(a.text)
	}
}

// TestSecondFactor (rows 117, 118, 123): over HTTP. Without the factor no
// cookie; with it a new one; wrong codes are answered as wrong passwords are.
func TestSecondFactor(t *testing.T) {
	w := newWorld(t)
	b := &browser{w: w}
	b.signIn("admin", w.first)
	before := *b.cookie
	call := func(operation, body string) reply {
		t.Helper()
		return b.call("Postroom."+operation, body)
	}
	set := call("SetUpTotp", `{}`)
	code := func(after time.Duration) string {
		c, err := totp.GenerateCode(set.str("Secret"), w.clock.Now().Add(after))
		must(t, err)
		return c
	}
	if a := call("ConfirmTotp", `{"Code":"12345"}`); a.code() != invalidParameter {
		t.Error(a.text)
	}
	if a := call("ConfirmTotp", fmt.Sprintf(`{"Code":%q}`, code(time.Hour))); a.code() != invalidParameter {
		t.Error(a.text)
	}
	confirmed := call("ConfirmTotp", fmt.Sprintf(`{"Code":%q}`, code(0)))
	codes, _ := confirmed.json["RecoveryCodes"].([]any)
	if len(codes) != 10 {
		t.Fatal(confirmed.text)
	}
	k := authtest.NewAuthenticator(t, "http://localhost:8000")
	options := call("BeginPasskey", `{}`)
	made := call("FinishPasskey", fmt.Sprintf(`{"Name":"<script>","Response":%q}`, k.Create(options.str("Options"))))
	if made.code() != "" || made.str("PasskeyId") == "" {
		t.Fatal(made.text)
	}
	for operation, body := range map[string]string{"ListAdministrators": `{}`, "DescribeAdministrator": `{"AdministratorId":"admin"}`} {
		if a := call(operation, body); !strings.Contains(a.text, `"SecondFactor":["TOTP","PASSKEY"]`) {
			t.Error(operation, a.text)
		}
	}
	if a := call("DescribeSecondFactors", `{}`); a.json["RecoveryCodesLeft"] != 10.0 || !strings.Contains(a.text, `"SecondFactor":["TOTP","PASSKEY"]`) || strings.Contains(a.text, set.str("Secret")) {
		t.Error(a.text)
	}

	fresh := &browser{w: w}
	asked := fresh.signIn("admin", w.first)
	if asked.code() != "" || asked.header.Get("Set-Cookie") != "" || asked.str("AdministratorId") != "" || asked.str("Challenge") == "" {
		t.Fatal(asked.text)
	}
	finish := func(proof string) reply {
		t.Helper()
		return fresh.call("Postroom.FinishSignIn", fmt.Sprintf(`{"Challenge":%q,%s}`, asked.str("Challenge"), proof))
	}
	wrong := finish(`"Code":"000000"`)
	if wrong.code() != accessDenied || wrong.header.Get("Set-Cookie") != "" {
		t.Error(wrong.text)
	}
	if a := fresh.call("Postroom.FinishSignIn", fmt.Sprintf(`{"Challenge":%q,"Code":"000000"}`, strings.Repeat("A", 43))); a.code() != expiredToken {
		t.Error(a.text)
	}
	if a := (&browser{w: w}).call("Postroom.FinishSignIn", `{"Challenge":"`+strings.Repeat("A", 43)+`","Code":"000000"}`, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }); a.code() != accessDenied {
		t.Error(a.text)
	}
	if a := finish(fmt.Sprintf(`"Passkey":%q`, k.Get(asked.str("PasskeyOptions")))); a.code() != "" || a.str("Name") != "admin" {
		t.Fatal(a.text)
	}
	if fresh.cookie == nil || fresh.cookie.Value == before.Value || !fresh.cookie.HttpOnly {
		t.Fatal("no new session", fresh.cookie)
	}
	if a := fresh.call("Postroom.WhoAmI", `{}`); a.str("SignInMethod") != "SESSION" || a.json["IdleSeconds"] != 3600.0 {
		t.Error(a.text)
	}
	// The session and the keys of before go on.
	if a := call("WhoAmI", `{}`); a.code() != "" {
		t.Error(a.text)
	}
	if a := w.signed(w.root, east, "Postroom.WhoAmI", `{}`); a.code() != "" {
		t.Error(a.text)
	}
	asked = fresh.signIn("admin", w.first)
	if a := finish(fmt.Sprintf(`"Code":%q`, code(30*time.Second))); a.code() != "" {
		t.Error(a.text)
	}
	if a := call("RemoveTotp", `{"Password":"wrong password"}`); a.code() != "InvalidPasswordException" {
		t.Error(a.text)
	}
	for _, body := range []string{fmt.Sprintf(`{"PasskeyId":%q,"Password":%q}`, made.str("PasskeyId"), w.first)} {
		if a := call("DeletePasskey", body); a.code() != "" {
			t.Error(a.text)
		}
		if a := call("DeletePasskey", body); a.code() != resourceNotFound {
			t.Error(a.text)
		}
	}
	asked = fresh.signIn("admin", w.first)
	if a := finish(fmt.Sprintf(`"RecoveryCode":%q`, codes[0])); a.code() != "" || a.json["RecoveryCodesLeft"] != 9.0 {
		t.Error(a.text)
	}
	if a := call("RemoveTotp", fmt.Sprintf(`{"Password":%q}`, w.first)); a.code() != "" {
		t.Error(a.text)
	}
	if a := call("ListPasskeys", `{}`); !strings.Contains(a.text, `"Passkeys":[]`) {
		t.Error(a.text)
	}
	if a := (&browser{w: w}).signIn("admin", w.first); a.header.Get("Set-Cookie") == "" {
		t.Error(a.text)
	}
	w.flush()
	records := w.signed(w.root, east, "Postroom.ListAuditRecords", `{}`)
	for _, word := range []string{"Postroom.SetUpTotp", "Postroom.ConfirmTotp", "Postroom.FinishPasskey", "Postroom.FinishSignIn", "wrong code", "by passkey", "by recovery code", "Postroom.RemoveTotp"} {
		if !strings.Contains(records.text, word) {
			t.Errorf("no record has %q", word)
		}
	}
	for _, secret := range []string{set.str("Secret"), codes[0].(string), asked.str("Challenge")} {
		if strings.Contains(records.text, secret) || strings.Contains(w.log.String(), secret) {
			t.Error("a secret is in the audit log or the log")
		}
	}
}

// TestResetSecondFactor: of another administrator, by who manages.
func TestResetSecondFactor(t *testing.T) {
	w := newWorld(t)
	must(t, func() error {
		_, err := w.operator().CreateAdministrator(t.Context(), auth.NewAdmin{Name: "eve", Password: goodPassword, Rights: auth.Rights{Role: auth.ReadOnly, All: true}})
		return err
	}())
	b := &browser{w: w}
	b.signIn("eve", goodPassword)
	set := b.call("Postroom.SetUpTotp", `{}`)
	code, err := totp.GenerateCode(set.str("Secret"), w.clock.Now())
	must(t, err)
	if a := b.call("Postroom.ConfirmTotp", fmt.Sprintf(`{"Code":%q}`, code)); a.code() != "" {
		t.Fatal(a.text)
	}
	reset := func(who string) reply {
		return w.signed(w.root, east, "Postroom.ResetSecondFactor", fmt.Sprintf(`{"AdministratorId":%q}`, who))
	}
	if a := b.call("Postroom.ResetSecondFactor", `{"AdministratorId":"admin"}`); a.code() != accessDenied {
		t.Error(a.text)
	}
	if a := reset("admin"); a.code() != invalidParameter {
		t.Errorf("the own ones: %s", a.text)
	}
	if a := reset("nobody"); a.code() != resourceNotFound {
		t.Error(a.text)
	}
	if a := reset("eve"); a.code() != "" || a.text != "{}" {
		t.Fatal(a.text)
	}
	if a := b.call("Postroom.WhoAmI", `{}`); a.code() != expiredToken {
		t.Errorf("the session goes on: %s", a.text)
	}
	if a := b.signIn("eve", goodPassword); a.code() != "" || a.header.Get("Set-Cookie") == "" {
		t.Errorf("a factor is still asked for: %s", a.text)
	}
	w.flush()
	if a := w.signed(w.root, east, "Postroom.ListAuditRecords", `{"Operation":"ResetSecondFactor","ChangesOnly":true}`); !strings.Contains(a.text, `"TargetName":"eve"`) {
		t.Error(a.text)
	}
}

// TestSignIns: what an administrator sees of a mail user's sign-ins, with
// reasons that the user is not told; and the figures that they end up in.
func TestSignIns(t *testing.T) {
	w := newWorld(t)
	c, ctx := w.sdk(w.root, east), t.Context()
	org := w.organization(c, "acme")
	alice := w.user(c, org, "alice", "alice@acme.postroom.test")
	w.user(c, org, "bob", "bob@acme.postroom.test")
	try := func(name, password, head, from string) {
		w.auth.SignIn(ctx, auth.Attempt{Name: name, Password: password, Head: head, Remote: netip.MustParseAddr(from)})
	}
	for range 3 {
		try("alice@acme.postroom.test", goodPassword, "imap", "::ffff:192.0.2.1")
	}
	w.clock.Move(time.Minute)
	try(`acme\alice`, goodPassword, "smtp", "192.0.2.1")
	w.clock.Move(time.Minute)
	try("alice@acme.postroom.test", "Wrong horse 1", "imap", "2001:db8::9")
	try("nobody@acme.postroom.test", "Wrong horse 1", "imap", "192.0.2.9")
	list := func(entity, more string) reply {
		t.Helper()
		return w.signed(w.root, east, "Postroom.ListSignIns", fmt.Sprintf(`{"OrganizationId":%q,"EntityId":%q%s}`, *org, entity, more))
	}
	a := list(*alice, "")
	rows, _ := a.json["SignIns"].([]any)
	if len(rows) != 3 {
		t.Fatal(a.text)
	}
	for i, want := range []string{`"Reason":"WRONG_PASSWORD"`, `"Protocol":"smtp"`, `"Count":3`} {
		b, _ := json.Marshal(rows[i])
		if !strings.Contains(string(b), want) {
			t.Errorf("entry %d is %s, want %s", i, b, want)
		}
	}
	if !strings.Contains(a.text, `"SourceAddress":"192.0.2.1"`) || !strings.Contains(a.text, `"Succeeded":true`) || !strings.Contains(a.text, `"Succeeded":false`) {
		t.Error(a.text)
	}
	_, err := c.DeregisterFromWorkMail(ctx, &workmail.DeregisterFromWorkMailInput{OrganizationId: org, EntityId: alice})
	must(t, err)
	w.clock.Move(time.Minute)
	try(`acme\alice`, goodPassword, "imap", "192.0.2.1")
	page, seen := list("alice", `,"MaxResults":1`), 0
	if !strings.Contains(page.text, `"NOT_ENABLED"`) {
		t.Error(page.text)
	}
	for ; ; seen++ {
		if page.str("NextToken") == "" {
			break
		}
		page = list("alice", fmt.Sprintf(`,"MaxResults":1,"NextToken":%q`, page.str("NextToken")))
	}
	if seen != 3 {
		t.Errorf("%d pages more", seen)
	}
	if a := list("bob", ""); !strings.Contains(a.text, `"SignIns":[]`) {
		t.Error(a.text)
	}
	reader := w.administrator("reader", auth.Rights{Role: auth.ReadOnly, Organizations: []ids.Org{ids.Org(*org)}})
	elsewhere := w.organization(c, "other")
	for _, x := range []struct {
		body string
		code string
		ins  float64
	}{
		{fmt.Sprintf(`{"Period":"DAY","OrganizationId":%q}`, *org), "", 4},
		{`{"Period":"WEEK"}`, "", 4},
		{fmt.Sprintf(`{"Period":"MONTH","OrganizationId":%q}`, *elsewhere), "OrganizationNotFoundException", 0},
		{`{"Period":"YEAR"}`, invalidParameter, 0},
		{`{}`, invalidParameter, 0},
	} {
		a := w.signed(reader, east, "Postroom.GetStatistics", x.body)
		if a.code() != x.code || x.code == "" && (seriesOf(a, "SIGN_INS") != x.ins || seriesOf(a, "SIGN_INS_REFUSED") != 2) {
			t.Errorf("%s: %s", x.body, a.text)
		}
		if usage, _ := a.json["Usage"].(map[string]any); x.code == "" && (usage["UsersEnabled"] != 1.0 || usage["Organizations"] != 1.0) {
			t.Errorf("%s: %s", x.body, a.text)
		}
	}
	if a := w.signed(reader, west, "Postroom.GetStatistics", `{"Period":"DAY"}`); seriesOf(a, "SIGN_INS") != 0 {
		t.Error(a.text)
	}
	if a := w.signed(w.root, east, "Postroom.GetStatistics", `{"Period":"DAY"}`); a.json["Usage"].(map[string]any)["Organizations"] != 2.0 {
		t.Error(a.text)
	}
}

// seriesOf adds up a series of GetStatistics.
func seriesOf(a reply, name string) (sum float64) {
	list, _ := a.json["Series"].([]any)
	for _, s := range list {
		if s := s.(map[string]any); s["Name"] == name {
			for _, p := range s["Points"].([]any) {
				sum += p.(map[string]any)["Value"].(float64)
			}
		}
	}
	return sum
}
