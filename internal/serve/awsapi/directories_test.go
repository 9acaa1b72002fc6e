package awsapi

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/auth"
	"postroom/internal/core/directory"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

// TestDirectories: register, describe, list, update, have an organization, end.
func TestDirectories(t *testing.T) {
	w := newWorld(t)
	call := func(target, format string, args ...any) reply {
		t.Helper()
		return w.signed(w.root, east, "Postroom."+target, fmt.Sprintf(format, args...))
	}
	a := call("RegisterDirectory", `{"Alias":"corp",%s,"Secret":%q,"UserFilter":"(mail=*)","Attributes":{"City":"town","Office":""}}`, settings("MICROSOFT_AD", "dc=corp"), plantedSecret)
	id := a.str("DirectoryId")
	if a.code() != "" || len(id) != 12 {
		t.Fatal(a.text)
	}
	if got := w.foreign.last(); got.Secret != plantedSecret || got.Attributes["City"] != "town" {
		t.Errorf("%+v", got.Attributes)
	}
	if a := call("RegisterDirectory", `{"Alias":"CORP",%s,"Secret":"x"}`, settings("LDAP", "dc=b")); a.code() != "NameAvailabilityException" {
		t.Error(a.text)
	}
	d := call("DescribeDirectory", `{"DirectoryId":%q}`, id)
	for _, part := range []string{`"Alias":"corp"`, `"DirectoryType":"MicrosoftAD"`, `"Kind":"MICROSOFT_AD"`, `"Attributes":{"City":"town","Office":""}`, `"UserFilter":"(mail=*)"`,
		`"Servers":["dc1.`, `"StartTls":false`, `"CreatedDate":`} {
		if !strings.Contains(d.text, part) {
			t.Errorf("no %s in %s", part, d.text)
		}
	}
	if d.header.Get("ETag") != `"1"` || strings.Contains(d.text, "OrganizationId") || strings.Contains(d.text, "Secret") {
		t.Error(d.header, d.text)
	}

	// A change is in place of all before but the secret, and only to what was seen.
	body := fmt.Sprintf(`{"DirectoryId":%q,%s,"GroupFilter":"(cn=a*)"}`, id, settings("MICROSOFT_AD", "dc=corp"))
	if a := w.signed(w.root, east, "Postroom.UpdateDirectory", body, ifMatch(`"7"`)); a.code() != "ConflictException" {
		t.Error(a.text)
	}
	if a := w.signed(w.root, east, "Postroom.UpdateDirectory", body, ifMatch(`"1"`)); a.code() != "" {
		t.Error(a.text)
	}
	if w.foreign.last().Secret != plantedSecret {
		t.Error("the secret did not stay")
	}
	d = call("DescribeDirectory", `{"DirectoryId":%q}`, id)
	if d.header.Get("ETag") != `"2"` || strings.Contains(d.text, "UserFilter") || strings.Contains(d.text, "Attributes") || !strings.Contains(d.text, `"GroupFilter":"(cn=a*)"`) {
		t.Error(d.header, d.text)
	}
	for name, bad := range map[string]string{
		"kind":       strings.Replace(body, "MICROSOFT_AD", "LDAP", 1),
		"new server": strings.Replace(body, "dc1.", "dc2.", 1),
		"filter":     strings.Replace(body, `"GroupFilter":"(cn`, `"UserFilter":"cn`, 1),
	} {
		if a := w.signed(w.root, east, "Postroom.UpdateDirectory", bad); a.code() != "InvalidParameterException" {
			t.Errorf("%s: %s", name, a.text)
		}
	}

	// An organization takes it: with its alias only, and only one.
	c := w.sdk(w.root, east)
	create := func(alias string) error {
		_, err := c.CreateOrganization(t.Context(), &workmail.CreateOrganizationInput{Alias: &alias, DirectoryId: &id})
		return err
	}
	w.foreign.at("dc=corp").Set(func() { w.foreign.all["dc=corp"].Down = true })
	want(t, create("corp"), "DirectoryUnavailableException")
	w.foreign.at("dc=corp").Set(func() { w.foreign.all["dc=corp"].Down, w.foreign.all["dc=corp"].Refusing = false, true })
	want(t, create("corp"), "DirectoryUnavailableException") // CreateOrganization declares none for a refused account
	w.foreign.at("dc=corp").Set(func() { w.foreign.all["dc=corp"].Refusing = false })
	want(t, create("other"), "InvalidParameterException")
	must(t, create("corp"))
	want(t, create("corp2"), "DirectoryInUseException")
	list := call("ListDirectories", `{}`)
	if !strings.Contains(list.text, `"OrganizationAlias":"corp"`) || !strings.Contains(list.text, `"SyncPhase":"READING"`) {
		t.Error(list.text)
	}
	if a := call("DeregisterDirectory", `{"DirectoryId":%q}`, id); a.code() != "DirectoryInUseException" || !strings.Contains(a.text, "Delete that organization first") {
		t.Error(a.text)
	}
	orgs, err := c.ListOrganizations(t.Context(), &workmail.ListOrganizationsInput{})
	must(t, err)
	o, err := c.DescribeOrganization(t.Context(), &workmail.DescribeOrganizationInput{OrganizationId: orgs.OrganizationSummaries[0].OrganizationId})
	must(t, err)
	if *o.DirectoryId != id || *o.DirectoryType != "MicrosoftAD" {
		t.Errorf("%+v", o)
	}
	_, err = c.DeleteOrganization(t.Context(), &workmail.DeleteOrganizationInput{OrganizationId: o.OrganizationId, DeleteDirectory: true})
	must(t, err)
	if a := w.signed(w.root, east, "Postroom.DeregisterDirectory", fmt.Sprintf(`{"DirectoryId":%q}`, id), ifMatch(`"77"`)); a.code() != "ConflictException" {
		t.Error(a.text)
	}
	if a := call("DeregisterDirectory", `{"DirectoryId":%q}`, id); a.code() != "" {
		t.Error(a.text)
	}
	for _, target := range []string{"DeregisterDirectory", "DescribeDirectory", "TestDirectory"} {
		if a := call(target, `{"DirectoryId":%q}`, id); a.code() != "ResourceNotFoundException" {
			t.Errorf("%s: %s", target, a.text)
		}
	}
}

// TestDirectorySecret (planted word): the service account's password is in no
// answer, log line or audit record, whatever is done with it.
func TestDirectorySecret(t *testing.T) {
	w := newWorld(t)
	org, id := w.mirrored("corp", "MICROSOFT_AD", "dc=corp")
	set := settings("MICROSOFT_AD", "dc=corp")
	var said strings.Builder
	for _, c := range [][2]string{
		{"DescribeDirectory", `{"DirectoryId":"ID"}`}, {"ListDirectories", `{}`}, {"TestDirectory", `{"DirectoryId":"ID"}`},
		{"TestDirectory", `{` + set + `,"Secret":"WORD"}`}, {"TestDirectory", `{` + set + `,"Secret":"WORDWORD","UserFilter":"x"}`},
		{"UpdateDirectory", `{"DirectoryId":"ID",` + set + `,"Secret":"WORD"}`},
		{"UpdateDirectory", `{"DirectoryId":"ID",` + set + `,"Secret":"WORD","UserFilter":"x"}`},
		{"UpdateDirectory", `{"DirectoryId":"ID",` + set + `,"Secret":"` + strings.Repeat(plantedSecret, 100) + `"}`},
		{"RegisterDirectory", `{"Alias":"corp",` + set + `,"Secret":"WORD"}`},
		{"RegisterDirectory", `{"Alias":"corp",` + set + `,"Secret":{"WORD":1}}`},
		{"RegisterDirectory", `{"Alias":"corp",` + set + `,"Secret":"WORD\u0000"}`},
		{"RegisterDirectory", `{"Alias":"d-1",` + set + `,"Secret":"WORD"}`},
		{"DeregisterDirectory", `{"DirectoryId":"ID"}`}, {"DescribeDirectorySync", `{"OrganizationId":"ORG"}`},
		{"ListAuditRecords", `{}`}, {"ListAuditRecords", `{"OrganizationId":"ORG"}`},
	} {
		w.flush()
		said.WriteString(w.signed(w.root, east, "Postroom."+c[0], strings.NewReplacer("ID\"}", id+`"}`, `"ID"`, `"`+id+`"`, "WORD", plantedSecret, "ORG", org).Replace(c[1])).text)
	}
	if strings.Contains(said.String(), plantedSecret) {
		t.Error("an answer has the secret:", said.String())
	}
	if !strings.Contains(said.String(), "RegisterDirectory") || !strings.Contains(said.String(), "UpdateDirectory") {
		t.Error("no audit record of the changes:", said.String())
	}
	if strings.Contains(w.log.String(), plantedSecret) {
		t.Error("the log has the secret")
	}
}

// TestAnothersDirectory: who has an organization sees its directory and no other;
// to change one takes all organizations.
func TestAnothersDirectory(t *testing.T) {
	w := newWorld(t)
	mine, own := w.mirrored("mine", "MICROSOFT_AD", "dc=mine")
	_, other := w.mirrored("zzother", "MICROSOFT_AD", "dc=zzother")
	free := w.directory("zzfree", "LDAP", "dc=zzfree")
	const unknown = "d-0000000000"
	named := w.administrator("named", auth.Rights{Role: auth.Full, Organizations: []ids.Org{ids.Org(mine)}})
	reads := w.administrator("reads", auth.Rights{Role: auth.ReadOnly, All: true})
	if a := w.signed(named, east, "Postroom.ListDirectories", `{}`); strings.Contains(a.text, "zz") || strings.Count(a.text, `"Alias"`) != 1 {
		t.Error(a.text)
	}
	if a := w.signed(reads, east, "Postroom.ListDirectories", `{}`); strings.Count(a.text, `"Alias"`) != 3 {
		t.Error(a.text)
	}
	for _, seen := range []struct {
		k     key
		query string
		n     int
	}{{reads, "zz", 2}, {named, "zz", 0}, {named, "mine", 1}, {named, own, 1}, {named, free, 0}} {
		a := w.signed(seen.k, east, "Postroom.FindAnything", fmt.Sprintf(`{"Query":%q}`, seen.query))
		if strings.Count(a.text, `"Kind":"DIRECTORY"`) != seen.n {
			t.Errorf("%s: %s", seen.query, a.text)
		}
	}
	if a := w.signed(named, east, "Postroom.FindAnything", `{"Query":"MINE."}`); !strings.Contains(a.text, `"Kind":"MAIL_DOMAIN","Name":"mine.postroom.test","OrganizationAlias":"mine"`) {
		t.Error(a.text)
	}
	if a := w.signed(named, east, "Postroom.DescribeDirectory", fmt.Sprintf(`{"DirectoryId":%q}`, own)); a.code() != "" || a.str("OrganizationAlias") != "mine" {
		t.Error(a.text)
	}
	for _, id := range []string{other, free} {
		got := w.signed(named, east, "Postroom.DescribeDirectory", fmt.Sprintf(`{"DirectoryId":%q}`, id))
		same := w.signed(named, east, "Postroom.DescribeDirectory", fmt.Sprintf(`{"DirectoryId":%q}`, unknown))
		if got.code() != "ResourceNotFoundException" || strings.ReplaceAll(got.text, id, unknown) != same.text || got.header.Get("ETag") != "" {
			t.Errorf("%s, an unknown one %s", got.text, same.text)
		}
		if a := w.signed(w.root, west, "Postroom.DescribeDirectory", fmt.Sprintf(`{"DirectoryId":%q}`, id)); a.code() != "ResourceNotFoundException" {
			t.Errorf("in another region: %s", a.text)
		}
	}
	for _, k := range []key{named, reads} {
		for _, target := range []string{"RegisterDirectory", "UpdateDirectory", "DeregisterDirectory", "TestDirectory"} {
			body := fmt.Sprintf(`{"DirectoryId":%q,"Alias":"new",%s,"Secret":"x"}`, own, settings("LDAP", "dc=mine"))
			if a := w.signed(k, east, "Postroom."+target, body); a.code() != accessDenied {
				t.Errorf("%s: %s", target, a.text)
			}
		}
	}
}

// TestDirectoryLimits: every field of a directory has one.
func TestDirectoryLimits(t *testing.T) {
	w := newWorld(t)
	long := func(n int) string { return `"` + strings.Repeat("x", n) + `"` }
	good := map[string]string{"Alias": `"corp"`, "Kind": `"LDAP"`, "Servers": `["a.test"]`, "Account": `"cn=a"`, "Secret": `"x"`, "BaseDn": `"dc=a"`}
	servers, attributes := `["s0"`, `{"a0":"b"`
	for i := 1; i < 9; i++ {
		servers += fmt.Sprintf(`,"s%d"`, i)
	}
	for i := 1; i < 65; i++ {
		attributes += fmt.Sprintf(`,"a%d":"b"`, i)
	}
	for _, bad := range [][2]string{
		{"Alias", long(63)}, {"Alias", `""`}, {"Alias", `"a_b"`}, {"Kind", `"OTHER"`}, {"Servers", `[]`}, {"Servers", servers + "]"}, {"Servers", `["a/b"]`},
		{"Servers", `["a.test","a.test"]`}, {"Servers", "[" + long(301) + "]"}, {"Account", `""`}, {"Account", long(1025)}, {"Account", `"a\nb"`}, {"Secret", `""`}, {"Secret", long(1025)},
		{"BaseDn", `""`}, {"BaseDn", long(1025)}, {"UserFilter", long(4097)}, {"GroupFilter", long(4097)},
		{"CertificateAuthority", long(65537)}, {"CertificateAuthority", `"no certificate"`}, {"CertificateAuthority", `"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"`},
		{"Attributes", attributes + "}"}, {"Attributes", `{"a b":"c"}`}, {"Attributes", `{"a":"b c"}`}, {"Attributes", `{"a":` + long(129) + `}`}, {"Attributes", `{` + long(129) + `:"a"}`},
		{"Kind", ""}, {"Servers", ""}, {"Account", ""}, {"Secret", ""}, {"BaseDn", ""}, {"Alias", ""},
	} {
		var parts []string
		for name, value := range good {
			if name != bad[0] {
				parts = append(parts, fmt.Sprintf("%q:%s", name, value))
			}
		}
		if bad[1] != "" {
			parts = append(parts, fmt.Sprintf("%q:%s", bad[0], bad[1]))
		}
		slices.Sort(parts)
		a := w.signed(w.root, east, "Postroom.RegisterDirectory", "{"+strings.Join(parts, ",")+"}")
		if a.code() != "InvalidParameterException" && a.code() != serialization {
			t.Errorf("%s %.40s: %s", bad[0], bad[1], a.text)
		}
	}
}

// TestTestDirectory: what a test reports, and with whose secret.
func TestTestDirectory(t *testing.T) {
	w := newWorld(t)
	id := w.directory("corp", "MICROSOFT_AD", "dc=corp")
	set := settings("MICROSOFT_AD", "dc=corp")
	if a := w.signed(w.root, east, "Postroom.TestDirectory", fmt.Sprintf(`{"DirectoryId":%q}`, id)); !strings.Contains(a.text, `"Steps":[{"Name":"CONNECT","Outcome":"OK","Text":"It answers."}`) {
		t.Error(a.text)
	}
	if a := w.signed(w.root, east, "Postroom.TestDirectory", fmt.Sprintf(`{"DirectoryId":%q,%s}`, id, set)); a.code() != "" || w.foreign.last().Secret != plantedSecret {
		t.Error(a.text)
	}
	f := w.foreign.at("dc=corp")
	f.Set(func() { f.Down = true })
	if a := w.signed(w.root, east, "Postroom.TestDirectory", fmt.Sprintf(`{%s,"Secret":"y"}`, set)); !strings.Contains(a.text, `"Outcome":"FAILED"`) || !strings.Contains(a.text, `"Advice":"Start the directory."`) {
		t.Error(a.text)
	}
	for name, body := range map[string]string{
		"nothing":                 `{}`,
		"no secret":               `{` + set + `}`,
		"secret for a new server": fmt.Sprintf(`{"DirectoryId":%q,%s}`, id, strings.Replace(set, "dc1", "evil", 1)),
	} {
		if a := w.signed(w.root, east, "Postroom.TestDirectory", body); a.code() != "InvalidParameterException" {
			t.Errorf("%s: %s", name, a.text)
		}
	}
}

// TestDirectorySync: the copy as it is told, faults and many that are missing.
func TestDirectorySync(t *testing.T) {
	w := newWorld(t)
	builtin := *w.organization(w.sdk(w.root, east), "acme")
	for _, target := range []string{"DescribeDirectorySync", "SyncDirectory", "ConfirmDirectoryChanges"} {
		body := fmt.Sprintf(`{"OrganizationId":%q,"Number":1}`, builtin)
		if a := w.signed(w.root, east, "Postroom."+target, body); a.code() != unsupported {
			t.Errorf("%s: %s", target, a.text)
		}
	}
	f := w.foreign.at("dc=corp")
	users := f.Fill(100)
	org, id := w.mirrored("corp", "AD_CONNECTOR", "dc=corp")
	sync := func() reply {
		t.Helper()
		return w.signed(w.root, east, "Postroom.DescribeDirectorySync", fmt.Sprintf(`{"OrganizationId":%q}`, org))
	}
	a := sync()
	for _, part := range []string{`"Phase":"FOLLOWING"`, `"Writable":false`, `"DirectoryId":"` + id + `"`, `"DirectoryKind":"AD_CONNECTOR"`, `"Users":100`, `"Total":100`, `"HeldCount":0`, `"HeldNames":[]`, `"Faults":[]`, `"LastSyncDate":`} {
		if !strings.Contains(a.text, part) {
			t.Errorf("no %s in %s", part, a.text)
		}
	}
	for _, u := range users[:20] {
		f.Remove(u.Key)
	}
	must(t, w.turn(org, id, "dc=corp"))
	a = sync()
	if !strings.Contains(a.text, `"Phase":"PAUSED"`) || !strings.Contains(a.text, `"HeldCount":20`) || !strings.Contains(a.text, `"user00000"`) {
		t.Error(a.text)
	}
	if a := w.signed(w.root, east, "Postroom.ListDirectories", `{}`); !strings.Contains(a.text, `"SyncPhase":"PAUSED"`) {
		t.Error(a.text)
	}
	confirm := func(n int) reply {
		return w.signed(w.root, east, "Postroom.ConfirmDirectoryChanges", fmt.Sprintf(`{"OrganizationId":%q,"Number":%d}`, org, n))
	}
	if a := confirm(19); a.code() != "ConflictException" || !strings.Contains(a.text, "20 users") {
		t.Error(a.text)
	}
	if a := confirm(20); a.code() != "" {
		t.Error(a.text)
	}
	must(t, w.turn(org, id, "dc=corp"))
	if a := sync(); !strings.Contains(a.text, `"Phase":"FOLLOWING"`) || !strings.Contains(a.text, `"Users":80`) {
		t.Error(a.text)
	}
	if a := confirm(20); a.code() != "InvalidParameterException" {
		t.Error(a.text)
	}
	reads := func() (n int) { f.Set(func() { n = f.Calls["foreign.Read"] }); return n }
	before := reads()
	must(t, w.turn(org, id, "dc=corp"))
	if reads() != before {
		t.Error("everything is read at each turn")
	}
	if a := w.signed(w.root, east, "Postroom.SyncDirectory", fmt.Sprintf(`{"OrganizationId":%q}`, org)); a.code() != "" {
		t.Error(a.text)
	}
	must(t, w.turn(org, id, "dc=corp"))
	if reads() == before {
		t.Error("SyncDirectory compares nothing")
	}
	f.Set(func() { f.Refusing = true })
	if w.turn(org, id, "dc=corp") == nil {
		t.Error("a refusing directory is read")
	}
	if a := sync(); !strings.Contains(a.text, `"Phase":"FAILING"`) || !strings.Contains(a.str("Error"), "refuses") || !strings.Contains(a.text, `"FailingSince"`) {
		t.Error(a.text)
	}
	if a := w.signed(w.root, east, "Postroom.ListDirectories", `{}`); !strings.Contains(a.text, `"SyncPhase":"FAILING"`) || !strings.Contains(a.text, `"SyncError":"`) {
		t.Error(a.text)
	}
}

// TestPasswordPolicy: the built-in directory's own, a foreign one's for five minutes.
func TestPasswordPolicy(t *testing.T) {
	w := newWorld(t)
	acme := *w.organization(w.sdk(w.root, east), "acme")
	policy := func(org, more string) reply {
		t.Helper()
		return w.signed(w.root, east, "Postroom.GetPasswordPolicy", fmt.Sprintf(`{"OrganizationId":%q%s}`, org, more))
	}
	if a := policy(acme, ""); !strings.Contains(a.text, `"Known":true,"LockAfter":0,"MaxAgeSeconds":0,"MaxLength":63,"MinAgeSeconds":0,"MinLength":8,"NoPassword":false,"Writable":true`) || !strings.Contains(a.text, `"Complexity":true`) {
		t.Error(a.text)
	}
	bare := w.signed(w.root, east, "WorkMailService.CreateUser", fmt.Sprintf(`{"OrganizationId":%q,"Name":"bare","DisplayName":"Bare"}`, acme)).str("UserId")
	for _, want := range []string{`"NoPassword":true`, `"NoPassword":false`} {
		if a := policy(acme, fmt.Sprintf(`,"UserId":%q`, bare)); !strings.Contains(a.text, want) {
			t.Errorf("%s, want %s", a.text, want)
		}
		w.signed(w.root, east, "WorkMailService.ResetPassword", fmt.Sprintf(`{"OrganizationId":%q,"UserId":%q,"Password":"Good-password-1"}`, acme, bare))
	}
	f := w.foreign.at("dc=corp")
	user := f.Fill(1)[0]
	org, _ := w.mirrored("corp", "AD_CONNECTOR", "dc=corp")
	f.Set(func() {
		f.Rules = directory.PasswordPolicy{Known: true, MinLength: 14, History: 5, LockAfter: 3, MinAge: 24 * time.Hour}
	})
	for _, more := range []string{"", fmt.Sprintf(`,"UserId":%q`, user.Entry)} {
		if a := policy(org, more); !strings.Contains(a.text, `"MinLength":14`) || !strings.Contains(a.text, `"MinAgeSeconds":86400`) || !strings.Contains(a.text, `"Writable":false`) {
			t.Error(a.text)
		}
	}
	f.Set(func() { f.Down = true })
	if a := policy(org, ""); a.code() != "" {
		t.Error("it is not remembered:", a.text)
	}
	w.clock.Move(24 * time.Hour)
	if a := policy(org, ""); a.code() != "DirectoryUnavailableException" {
		t.Error(a.text)
	}
	f.Set(func() { f.Down, f.Refusing = false, true })
	if a := policy(org, ""); a.code() != "DirectoryServiceAuthenticationFailedException" {
		t.Error(a.text)
	}
	if a := policy(org, `,"UserId":"nobody-has-this"`); a.code() != "EntityNotFoundException" {
		t.Error(a.text)
	}
}

// TestProposeFrom: addresses made of what a directory has.
func TestProposeFrom(t *testing.T) {
	w := newWorld(t)
	f := w.foreign.at("dc=corp")
	add := func(name, upn, mail string) string {
		return string(f.Add(directory.Identity{Ref: directory.Ref{Name: name}, DisplayName: name, Mirrored: directory.Mirrored{UPN: upn, Mail: mail}}, "").Entry)
	}
	all := []string{add("amy", "amy.jones@corp.example.test", "Amy@mail.example"), add("bob", "", ""), add("cid", "cid@corp.postroom.test", "x@corp.postroom.test")}
	org, _ := w.mirrored("corp", "MICROSOFT_AD", "dc=corp")
	for _, target := range []string{"WorkMailService.RegisterMailDomain", "Postroom.ForceVerifyMailDomain"} {
		if a := w.signed(w.root, east, target, fmt.Sprintf(`{"OrganizationId":%q,"DomainName":"mail.example"}`, org)); a.code() != "" {
			t.Fatal(a.text)
		}
	}
	for from, want := range map[string][]string{
		``:                                       {"amy@corp.postroom.test", "bob@corp.postroom.test", "cid@corp.postroom.test"},
		`,"From":"NAME"`:                         {"amy@corp.postroom.test", "bob@corp.postroom.test", "cid@corp.postroom.test"},
		`,"From":"UPN"`:                          {"amy.jones@corp.postroom.test", "bob@corp.postroom.test", "cid@corp.postroom.test"},
		`,"From":"MAIL"`:                         {"amy@mail.example", "bob@corp.postroom.test", "x@corp.postroom.test"},
		`,"From":"MAIL","Domain":"mail.example"`: {"amy@mail.example", "bob@mail.example", "x@mail.example"},
		`,"From":"UPN","Domain":"mail.example"`:  {"amy.jones@mail.example", "bob@mail.example", "cid@mail.example"},
	} {
		a := w.signed(w.root, east, "Postroom.ProposeEmailAddresses", fmt.Sprintf(`{"OrganizationId":%q,"EntityIds":["%s"]%s}`, org, strings.Join(all, `","`), from))
		list, _ := a.json["Proposals"].([]any)
		if len(list) != 3 {
			t.Fatal(a.text)
		}
		for i := range list {
			if p := list[i].(map[string]any); p["Email"] != want[i] || p["Problem"] != nil {
				t.Errorf("%s: %v, want %s", from, p, want[i])
			}
		}
	}
}
