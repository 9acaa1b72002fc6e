package awsapi

import (
	"fmt"
	"strings"
	"testing"
)

// TestConsoleOperations: what the console needs of the directory, over HTTP.
func TestConsoleOperations(t *testing.T) {
	w := newWorld(t)
	org := *w.organization(w.sdk(w.root, east), "acme")
	ask := func(operation, body string, want ...string) reply {
		t.Helper()
		a := w.signed(w.root, east, "Postroom."+operation, strings.TrimSuffix(body, "}")+strings.Repeat(",", min(len(body)-2, 1))+fmt.Sprintf(`"OrganizationId":%q}`, org))
		for _, x := range want {
			if !strings.Contains(a.text, x) {
				t.Errorf("%s %s: %s, want %s", operation, body, a.text, x)
			}
		}
		return a
	}
	made := ask("CreateUserWithMailbox", `{"Name":"anna","DisplayName":"Anna","FirstName":"A","LastName":"B","Password":"Sesame-Open-1","Email":"anna@acme.postroom.test","HiddenFromGlobalAddressList":true}`, `"UserId"`)
	for body, want := range map[string]string{
		`{"Name":"anna","DisplayName":"A","Email":"new@acme.postroom.test"}`:                            "NameAvailabilityException",
		`{"Name":"new","DisplayName":"A","Email":"anna@acme.postroom.test"}`:                            "EmailAddressInUseException",
		`{"Name":"new","DisplayName":"A","Email":"new@elsewhere.example"}`:                              "MailDomainNotFoundException",
		`{"Name":"new","DisplayName":"A","Email":"new@acme.postroom.test","Password":"short"}`:          "InvalidPasswordException",
		`{"Name":"krbtgt","DisplayName":"A","Email":"new@acme.postroom.test"}`:                          "ReservedNameException",
		`{"Name":"new","DisplayName":"A"}`:                                                              invalidParameter,
		`{"Name":"new","DisplayName":"A","Email":"new"}`:                                                invalidParameter,
		`{"Name":"new","DisplayName":"A","Email":"new@acme.postroom.test","Role":"SYSTEM_USER"}`:        invalidParameter,
		`{"Name":"new","DisplayName":"A","Role":"REMOTE_USER","Password":"Sesame-Open-1"}`:              "InvalidPasswordException",
		`{"Name":"` + strings.Repeat("n", 65) + `","DisplayName":"A","Email":"new@acme.postroom.test"}`: invalidParameter,
	} {
		if a := ask("CreateUserWithMailbox", body); a.code() != want {
			t.Errorf("%s: %s, want %s", body, a.text, want)
		}
	}
	ask("CreateUserWithMailbox", `{"Name":"far","DisplayName":"Far","Role":"REMOTE_USER"}`, `"UserId"`)
	ask("FindUsers", `{}`, `"Total":2`, `"Name":"anna"`, `"UserRole":"REMOTE_USER"`, `"EnabledDate":`)
	ask("FindUsers", `{"Query":"ANNA@","States":["ENABLED"],"Roles":["USER"],"SortBy":"ENABLED_DATE","Descending":true,"Offset":0,"MaxResults":1}`, `"FirstName":"A"`, `"LastName":"B"`, `"HiddenFromGlobalAddressList":true`, `"Total":1`, `"Unfiltered":2`, `"More":false`)
	row := ask("FindUsers", `{"Query":"far"}`, `"Revision":`)
	rows, _ := row.json["Users"].([]any)
	far, _ := rows[0].(map[string]any)
	match := ifMatch(fmt.Sprintf(`"%v"`, far["Revision"]))
	for _, want := range []string{"", conflict} { // the row's revision is If-Match of one change
		a := w.signed(w.root, east, "WorkMailService.UpdateUser", fmt.Sprintf(`{"OrganizationId":%q,"UserId":%q,"City":"Ulm%s"}`, org, far["Id"], want), match)
		if a.code() != want {
			t.Errorf("%s, want %q", a.text, want)
		}
	}
	ask("ListAuditRecords", `{"Target":"far","Operation":"UpdateUser"}`, `"Detail":"city \"Ulm\""`)
	ask("FindUsers", `{"Query":"nobody"}`, `"Total":0`, `"Unfiltered":2`)
	ask("FindUsers", `{"Roles":["SYSTEM_USER"]}`, `"Total":0`, `"Unfiltered":2`)
	ask("FindUsers", `{"Offset":2}`, `"Total":2`, `"Users":[]`)
	ask("FindGroups", `{"SortBy":"EMAIL"}`, `"Total":0`, `"Groups":[]`)
	ask("FindResources", `{"Query":"x"}`, `"Resources":[]`)
	for _, bad := range []string{`{"SortBy":"AGE"}`, `{"Offset":-1}`, `{"States":["GONE"]}`, `{"Query":"` + strings.Repeat("x", 257) + `"}`, `{"Roles":["BOSS"]}`} {
		if a := ask("FindUsers", bad); a.code() != invalidParameter {
			t.Errorf("%s: %s", bad, a.text)
		}
	}
	ask("ProposeEmailAddresses", fmt.Sprintf(`{"EntityIds":[%q,"nobody-at-all"]}`, made.str("UserId")), `"Email":"anna@acme.postroom.test"`, "is enabled already", "There is no such")
	ask("ProposeEmailAddresses", `{"EntityIds":["nobody-at-all"],"Domain":"elsewhere.example"}`, "MailDomainNotFoundException")
	ask("CheckEmailAddress", `{"Email":"anna@acme.postroom.test"}`, `"Problem":"The address`, made.str("UserId"))
	if a := ask("CheckEmailAddress", `{"Email":"new@acme.postroom.test"}`); a.text != "{}" {
		t.Error(a.text)
	}
	ask("FindAnything", `{"Query":"ann"}`, `"Kind":"USER"`, `"OrganizationAlias":"acme"`, `"State":"ENABLED"`)
	if a := w.signed(w.root, east, "Postroom.FindAnything", `{"Query":"ac"}`); !strings.Contains(a.text, `"Kind":"ORGANIZATION"`) {
		t.Error(a.text)
	}
	ask("ImportUsers", `{"ImportId":"import-1","Rows":[{"Line":2,"Name":"ida","Email":"ida@acme.postroom.test"},{"Line":3,"Name":"anna"}],"DryRun":true}`,
		`"Status":"READY"`, `"Line":3`, `"ErrorCode":"NameAvailabilityException"`)
	ask("ImportUsers", `{"ImportId":"import-1","Rows":[{"Line":2,"Name":"ida","Password":"Sesame-Open-1"}]}`, `"Status":"CREATED"`, `"UserId"`)
	ask("ImportUsers", `{"ImportId":"import-1","Rows":[{"Line":2,"Name":"ida"}]}`, `"Status":"EXISTS_SAME"`)
	for _, bad := range []string{`{"ImportId":"short","Rows":[{}]}`, `{"ImportId":"import-1","Rows":[]}`, `{"ImportId":"import-1","Rows":[` + strings.Repeat(`{},`, 100) + `{}]}`} {
		if a := ask("ImportUsers", bad); a.code() != invalidParameter {
			t.Errorf("%s: %s", bad, a.text)
		}
	}
	if a := ask("ImportUsers", `{"ImportId":"import-1","Rows":[{"Name":"x","Password":"`+strings.Repeat("secret", 400)+`"}]}`); a.code() != invalidParameter || strings.Contains(a.text, "secretsecret") {
		t.Error(a.text)
	}
}
