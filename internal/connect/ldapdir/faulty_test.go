package ldapdir

import (
	"encoding/hex"
	"strings"
	"testing"

	"postroom/internal/core/directory"

	"github.com/go-ldap/ldap/v3"
)

// TestFaulty: what cannot be shown says so, under a key by which it is found again.
func TestFaulty(t *testing.T) {
	c, err := parse(directory.Settings{Kind: directory.SimpleAD, Servers: []string{"dc1.corp.example.com"}, Account: "a", Secret: "b"})
	if err != nil {
		t.Fatal(err)
	}
	guid, _ := hex.DecodeString("66cf67dc25de734c8916649e6bf7c2c9")
	sid, _ := hex.DecodeString("010500000000000515000000c33143fec6bbdb721959fbf5d0040000")
	const dn, key = "CN=Eve,DC=corp", "dc67cf66-de25-4c73-8916-649e6bf7c2c9"
	for name, x := range map[string]struct {
		guid, sid, name string
		key, fault      string
	}{
		"whole":            {string(guid), string(sid), "eve", key, ""},
		"a broken GUID":    {"short", string(sid), "eve", "dn:cn=eve,dc=corp", "CN=Eve,DC=corp has no objectGUID that can be read"},
		"a broken SID":     {string(guid), "short", "eve", key, "CN=Eve,DC=corp has no objectSid that can be read."},
		"a name of blanks": {string(guid), string(sid), "  ", key, "CN=Eve,DC=corp has no name that can be shown"},
	} {
		e := ldap.NewEntry(dn, map[string][]string{"objectGUID": {x.guid}, "objectSid": {x.sid}, "sAMAccountName": {x.name}, "objectClass": {"user"}})
		i := c.faulty(e)
		if i.Key != x.key || !strings.HasPrefix(i.Fault, x.fault) || (x.fault == "") != (i.Fault == "") || c.seenKey(e) != x.key {
			t.Errorf("%s: %q %q", name, i.Key, i.Fault)
		}
		if _, ok := c.byKey(i.Key); !ok {
			t.Errorf("%s: it is not found again", name)
		}
	}
	if f, _ := c.byKey("dn:cn=eve)(x=*,dc=corp"); strings.Contains(f, ")(") {
		t.Error(f)
	}
}
