package awsapi

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"postroom/internal/connect/dirtest"
	"postroom/internal/core/directory"
	"postroom/internal/serve/awsapi/api"
)

const (
	unavailable = "DirectoryUnavailableException"
	refusedUs   = "DirectoryServiceAuthenticationFailedException"
)

// writes are the operations that change users, groups and resources, by what they
// need: the directory itself, or one that is not read-only, or our store alone.
// ORG, USER (enabled), OFF and LAST (disabled), GROUP, IDLE (a disabled group), HALL
// and SPARE are ids; NEW is another word in each run.
var writes = []struct{ needs, target, body string }{
	{"directory", "CreateUser", `"Name":"NEW","DisplayName":"n","Password":"Sesame-Open-1"`},
	{"directory", "CreateUserWithMailbox", `"Name":"wNEW","DisplayName":"n","Password":"Sesame-Open-1","Email":"wNEW@corp.postroom.test"`},
	{"directory", "CreateGroup", `"Name":"gNEW"`},
	{"directory", "UpdateUser", `"UserId":"USER","City":"NEW"`},
	{"directory", "ResetPassword", `"UserId":"USER","Password":"Sesame-Open-2"`},
	{"directory", "AssociateMemberToGroup", `"GroupId":"GROUP","MemberId":"OFF"`},
	{"directory", "DisassociateMemberFromGroup", `"GroupId":"GROUP","MemberId":"USER"`},
	{"directory", "DeleteGroup", `"GroupId":"IDLE"`},
	{"directory", "DeleteUser", `"UserId":"LAST"`},
	{"directory", "ImportUsers", `"ImportId":"import-NEW","Rows":[{"Name":"iNEW"}]`},
	{"writable", "UpdateGroup", `"GroupId":"GROUP","HiddenFromGlobalAddressList":true`},
	{"store", "UpdatePrimaryEmailAddress", `"EntityId":"USER","Email":"pNEW@corp.postroom.test"`},
	{"store", "CreateAlias", `"EntityId":"USER","Alias":"aNEW@corp.postroom.test"`},
	{"store", "DeleteAlias", `"EntityId":"USER","Alias":"aNEW@corp.postroom.test"`},
	{"store", "UpdateMailboxQuota", `"UserId":"USER","MailboxQuota":100`},
	{"store", "PutMailboxPermissions", `"EntityId":"USER","GranteeId":"GROUP","PermissionValues":["SEND_AS"]`},
	{"store", "DeleteMailboxPermissions", `"EntityId":"USER","GranteeId":"GROUP"`},
	{"store", "RegisterToWorkMail", `"EntityId":"OFF","Email":"oNEW@corp.postroom.test"`},
	{"store", "DeregisterFromWorkMail", `"EntityId":"OFF"`},
	{"store", "CreateResource", `"Name":"rNEW","Type":"ROOM"`},
	{"store", "UpdateResource", `"ResourceId":"HALL","Description":"NEW"`},
	{"store", "AssociateDelegateToResource", `"ResourceId":"HALL","EntityId":"USER"`},
	{"store", "DisassociateDelegateFromResource", `"ResourceId":"HALL","EntityId":"USER"`},
	{"store", "DeleteResource", `"ResourceId":"SPARE"`},
}

// corp is an organization of a foreign directory with somebody of each kind.
type corp struct {
	*world
	f    *dirtest.Foreign
	org  string
	ids  map[string]string
	runs int
}

func newCorp(t *testing.T, kind string) *corp {
	w := newWorld(t)
	c := &corp{world: w, f: w.foreign.at("dc=corp"), ids: map[string]string{}}
	add := func(word, name string, k directory.Kind, members ...string) string {
		r := c.f.Add(directory.Identity{Ref: directory.Ref{Kind: k, Name: name}, DisplayName: name, Mirrored: directory.Mirrored{Members: members}}, "Sesame-Open-1")
		c.ids[word] = string(r.Entry)
		return r.Key
	}
	user := add("USER", "user", directory.KindUser)
	add("OFF", "off", directory.KindUser)
	add("LAST", "last", directory.KindUser)
	add("GROUP", "group", directory.KindGroup, user)
	add("IDLE", "idle", directory.KindGroup)
	c.org, _ = w.mirrored("corp", kind, "dc=corp")
	c.ids["ORG"] = c.org
	for word, name := range map[string]string{"HALL": "hall", "SPARE": "spare"} {
		a := c.do("CreateResource", fmt.Sprintf(`"Name":%q,"Type":"ROOM"`, name))
		c.ids[word] = a.str("ResourceId")
	}
	for _, word := range []string{"USER", "GROUP", "HALL"} {
		if a := c.do("RegisterToWorkMail", fmt.Sprintf(`"EntityId":"%s","Email":"%s@corp.postroom.test"`, word, strings.ToLower(word))); a.code() != "" {
			t.Fatal(word, a.text)
		}
	}
	return c
}

func (c *corp) do(name, members string) reply {
	c.t.Helper()
	pairs := []string{"NEW", fmt.Sprintf("n%d", c.runs)}
	for word, id := range c.ids {
		pairs = append(pairs, `"`+word+`"`, `"`+id+`"`)
	}
	target := "WorkMailService." + name
	if api.Find(target) == nil {
		target = "Postroom." + name
	}
	return c.signed(c.root, east, target, `{"OrganizationId":"`+c.org+`",`+strings.NewReplacer(pairs...).Replace(members)+`}`)
}

// state is what is told of the users and groups.
func (c *corp) state() string {
	c.t.Helper()
	var b strings.Builder
	for _, q := range [][2]string{{"ListUsers", `"MaxResults":100`}, {"DescribeUser", `"UserId":"USER"`}, {"DescribeUser", `"UserId":"OFF"`}, {"ListGroups", `"MaxResults":100`},
		{"DescribeGroup", `"GroupId":"GROUP"`}, {"ListGroupMembers", `"GroupId":"GROUP"`}, {"ListGroupsForEntity", `"EntityId":"USER"`}, {"FindUsers", `"Query":"u"`}} {
		a := c.do(q[0], q[1])
		if a.code() != "" {
			c.t.Errorf("%s: %s", q[0], a.text)
		}
		b.WriteString(a.text)
	}
	return b.String()
}

// walk makes every call; want says what is answered by what the call needs.
func (c *corp) walk(want map[string]string) {
	c.t.Helper()
	c.runs++
	before := c.state()
	for i, op := range writes {
		if op.needs == "store" && writes[i-1].needs != "store" && want["directory"] != "" && want["writable"] != "" && c.state() != before {
			c.t.Error("what was refused changed something")
		}
		a := c.do(op.target, op.body)
		if a.code() != want[op.needs] {
			c.t.Errorf("%s: %d %s, want %q", op.target, a.status, a.text, want[op.needs])
		}
	}
}

// TestDirectoryWrites: all operations that write, against a directory that is
// read-only, one that does not answer, one that refuses our account, and one that
// is well. What is read goes on from the mirror.
func TestDirectoryWrites(t *testing.T) {
	var walked []string
	for _, w := range writes {
		walked = append(walked, w.target)
	}
	for _, op := range api.Operations() {
		if byTarget[op.Target()].run == nil || op.Role != api.RoleFull || slices.Contains(walked, op.Name) || op.AllOrganizations {
			continue
		}
		if op.Declares(unavailable) || op.Declares(refusedUs) || op.Declares(unsupported) && !strings.Contains(op.Name, "Directory") {
			t.Errorf("%s is not walked", op.Name)
		}
	}
	t.Run("read-only", func(t *testing.T) {
		newCorp(t, "AD_CONNECTOR").walk(map[string]string{"directory": unsupported, "writable": unsupported})
	})
	t.Run("down", func(t *testing.T) {
		c := newCorp(t, "MICROSOFT_AD")
		c.f.Set(func() { c.f.Down = true })
		c.walk(map[string]string{"directory": unavailable})
	})
	t.Run("refusing", func(t *testing.T) {
		c := newCorp(t, "MICROSOFT_AD")
		c.f.Set(func() { c.f.Refusing = true })
		c.walk(map[string]string{"directory": refusedUs})
		c.f.Set(func() { c.f.Refusing = false })
		c.ids["SPARE"] = c.do("CreateResource", `"Name":"again","Type":"ROOM"`).str("ResourceId")
		c.walk(nil) // it is well again, and nothing of before is in the way
	})
}
