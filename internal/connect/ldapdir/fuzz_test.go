package ldapdir

import (
	"encoding/hex"
	"strings"
	"testing"
	"unicode/utf8"

	"postroom/internal/base/errs"
	"postroom/internal/core/directory"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
)

func TestIdentifiers(t *testing.T) {
	raw, _ := hex.DecodeString("66cf67dc25de734c8916649e6bf7c2c9")
	if got := guidText(raw); got != "dc67cf66-de25-4c73-8916-649e6bf7c2c9" || string(guidBytes(got)) != string(raw) {
		t.Error(got)
	}
	raw, _ = hex.DecodeString("010500000000000515000000c33143fec6bbdb721959fbf5d0040000")
	if got := sidText(raw); !strings.HasPrefix(got, "S-1-5-21-4265816515-") || !strings.HasSuffix(got, "-1232") {
		t.Error(got)
	}
	for _, bad := range []string{"", "\x01", "\x02\x01\x00\x00\x00\x00\x00\x05\x00\x00\x00\x00", "\x01\x02\x00\x00\x00\x00\x00\x05\x00\x00\x00\x00"} {
		if got := sidText([]byte(bad)); got != "" {
			t.Errorf("%q: %s", bad, got)
		}
	}
	guid, dn := splitExtended("<GUID=DC67CF66-DE25-4C73-8916-649E6BF7C2C9>;<SID=S-1-5-21-1>;CN=a>;b,DC=x")
	if guid != "dc67cf66-de25-4c73-8916-649e6bf7c2c9" || dn != "CN=a>;b,DC=x" {
		t.Error(guid, dn)
	}
	for text, want := range map[string]int{"member;range=0-1499": 1500, "member;Range=1500-*": 0, "member": 0, "member;range=5-3": 0, "member;binary;range=0-9": 10} {
		if _, next, _ := splitRange(text); next != want {
			t.Errorf("%s: %d", text, next)
		}
	}
}

func FuzzSID(f *testing.F) {
	f.Add([]byte("\x01\x01\x00\x00\x00\x00\x00\x05\x12\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if s := sidText(b); s != "" && !strings.HasPrefix(s, "S-1-") || len(s) > 200 {
			t.Fatal(s)
		}
	})
}

func FuzzGUID(f *testing.F) {
	f.Add([]byte("0123456789abcdef"), "dc67cf66-de25-4c73-8916-649e6bf7c2c9")
	f.Fuzz(func(t *testing.T, b []byte, text string) {
		if s := guidText(b); s != "" && string(guidBytes(s)) != string(b) {
			t.Fatal(s)
		}
		if b := guidBytes(text); b != nil && guidText(b) != strings.ToLower(text) {
			t.Fatal(text)
		}
	})
}

func FuzzExtendedDN(f *testing.F) {
	f.Add("<GUID=dc67cf66-de25-4c73-8916-649e6bf7c2c9>;<SID=S-1-5-32-544>;CN=a,DC=b")
	f.Fuzz(func(t *testing.T, text string) {
		guid, dn := splitExtended(text)
		if guid != "" && guidBytes(guid) == nil || len(dn) > len(text) || !strings.HasSuffix(text, dn) {
			t.Fatal(guid, dn)
		}
	})
}

func FuzzRange(f *testing.F) {
	f.Add("member;range=0-1499")
	f.Fuzz(func(t *testing.T, text string) {
		name, next, ok := splitRange(text)
		if !strings.HasPrefix(text, name) || next < 0 || next > 0 && !ok {
			t.Fatal(name, next, ok)
		}
	})
}

// What a server says beside a bind's result must not bring us down, nor let anybody in.
func FuzzPolicyControl(f *testing.F) {
	f.Add([]byte("\x30\x03\x81\x01\x02"), "80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data 52e, v1db1")
	f.Fuzz(func(t *testing.T, b []byte, text string) {
		p := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSequence, nil, "")
		p.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, ldap.ControlTypeBeheraPasswordPolicy, ""))
		p.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, string(b), ""))
		r := &ldap.SimpleBindResult{}
		if c, err := ldap.DecodeControl(ber.DecodePacket(p.Bytes())); err == nil {
			r.Controls = append(r.Controls, c)
		}
		for _, ad := range []bool{true, false} {
			says, _ := (&config{ad: ad}).answer(r, ldap.NewError(ldap.LDAPResultInvalidCredentials, errorText(text)))
			if says == directory.Right {
				t.Fatal("let in")
			}
		}
	})
}

type errorText string

func (e errorText) Error() string { return string(e) }

// A filter of ours is one equality match, whatever the value is, and gives the value back (reliability.md 87).
func FuzzEqual(f *testing.F) {
	for _, s := range []string{"*", ")(uid=*", "\x00", `\2a`, "ä", "\xff", "&|"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		p, err := ldap.CompileFilter("(&(objectClass=x)" + equal("uid", value) + ")")
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Children) != 2 || p.Children[1].Tag != ldap.FilterEqualityMatch || string(p.Children[1].Children[1].ByteValue) != value && p.Children[1].Children[1].Value != value {
			t.Fatalf("%q: %+v", value, p.Children[1])
		}
	})
}

func FuzzMark(f *testing.F) {
	f.Add("usn a 5 sweep")
	f.Fuzz(func(t *testing.T, text string) {
		if p := placeOf(directory.Mark(text)); p.kind != "" && placeOf(p.mark()).mark() != p.mark() {
			t.Fatal(text)
		}
	})
}

func FuzzClean(f *testing.F) {
	f.Add("a\x00b\xff")
	f.Fuzz(func(t *testing.T, text string) {
		if c := clean(text); !utf8.ValidString(c) || utf8.RuneCountInString(c) > 256 {
			t.Fatalf("%q", c)
		}
	})
}

func FuzzRDN(f *testing.F) {
	f.Add("a,b=c+d ")
	f.Fuzz(func(t *testing.T, name string) {
		dn, err := ldap.ParseDN(rdn("cn", name) + ",dc=x")
		if name == "" || err != nil && !utf8.ValidString(name) {
			return
		}
		if err != nil || len(dn.RDNs) != 2 || len(dn.RDNs[0].Attributes) != 1 || dn.RDNs[0].Attributes[0].Value != name {
			t.Fatalf("%q: %+v %v", name, dn, err)
		}
	})
}

func TestMoved(t *testing.T) {
	csn := func(time, sid string) string { return "202601010000" + time + ".000000Z#000000#" + sid + "#000000" }
	for _, c := range []struct {
		name     string
		old, now []string
		from     string
		known    bool
	}{
		{"nothing", []string{csn("01", "001")}, []string{csn("01", "001")}, "", true},
		{"one of two", []string{csn("01", "001"), csn("02", "002")}, []string{csn("01", "001"), csn("03", "002")}, csn("02", "002"), true},
		{"both", []string{csn("01", "001"), csn("02", "002")}, []string{csn("05", "001"), csn("03", "002")}, csn("01", "001"), true},
		{"a replica that is behind", []string{csn("05", "001")}, []string{csn("04", "001")}, "", true},
		{"another writer", []string{csn("01", "001")}, []string{csn("01", "001"), csn("03", "002")}, "", false},
		{"no CSN", []string{"x"}, []string{csn("01", "001")}, "", false},
	} {
		if from, _, known := moved(c.old, c.now); from != c.from || known != c.known {
			t.Errorf("%s: %q %v", c.name, from, known)
		}
	}
}

func TestExplained(t *testing.T) {
	seen := map[string]bool{"5": true, "6": true}
	if !explained(seen, 4, 6) || explained(seen, 4, 7) || explained(seen, 3, 6) || !explained(nil, 4, 4) {
		t.Error("USNs are explained by what was seen, each")
	}
}

func TestSettings(t *testing.T) {
	good := directory.Settings{Kind: directory.LDAP, Servers: []string{"ldap.example.test", "10.0.0.1:3636", "[::1]:636"}, Account: "cn=a", Secret: "s", BaseDN: "dc=x"}
	c, err := parse(good)
	if err != nil || c.servers[0].text != "ldap.example.test:636" || c.servers[2].host != "::1" {
		t.Fatal(err, c)
	}
	for name, change := range map[string]func(*directory.Settings){
		"no kind":       func(s *directory.Settings) { s.Kind = "" },
		"no server":     func(s *directory.Settings) { s.Servers = nil },
		"a URL":         func(s *directory.Settings) { s.Servers = []string{"ldap://x"} },
		"a bad port":    func(s *directory.Settings) { s.Servers = []string{"x:70000"} },
		"no account":    func(s *directory.Settings) { s.Account = "" },
		"no secret":     func(s *directory.Settings) { s.Secret = "" },
		"no base":       func(s *directory.Settings) { s.BaseDN = "" },
		"a bad base":    func(s *directory.Settings) { s.BaseDN = "nonsense" },
		"a bad filter":  func(s *directory.Settings) { s.UserFilter = "(uid=*" },
		"two filters":   func(s *directory.Settings) { s.GroupFilter = "(a=b)(c=d)" },
		"no CA":         func(s *directory.Settings) { s.CA = "nonsense" },
		"a strange map": func(s *directory.Settings) { s.Attributes = map[string]string{"password": "userPassword"} },
		"an injection":  func(s *directory.Settings) { s.Attributes = map[string]string{"name": "uid=*)(cn"} },
		"an option":     func(s *directory.Settings) { s.Attributes = map[string]string{"mail": "mail;binary"} },
		"no name":       func(s *directory.Settings) { s.Attributes = map[string]string{"name": ""} },
	} {
		s := good
		change(&s)
		if _, err := Open(s, Options{}); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	bad := good
	bad.Servers, bad.BaseDN, bad.UserFilter, bad.GroupFilter = []string{"foo bar"}, "hello", "(((", ")"
	_, err = Open(bad, Options{})
	if lines := strings.Split(errs.Public(err), "\n"); len(lines) != 4 || !strings.HasPrefix(lines[3], "The filter of groups") {
		t.Errorf("not all is said at once: %q", lines)
	}
	good.UserFilter, good.Attributes = "title=x", map[string]string{"name": "cn", "city": "", "members": "member,x-member"}
	c, err = parse(good)
	if err != nil || c.users != "(&(objectClass=inetOrgPerson)(title=x))" || c.names[attrName] != "cn" || len(c.names.members()) != 2 {
		t.Fatal(err, c)
	}
}
