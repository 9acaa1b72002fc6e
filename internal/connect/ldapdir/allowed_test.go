package ldapdir

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"postroom/internal/base/errs"
	"postroom/internal/core/directory"

	"github.com/go-ldap/ldap/v3"
)

// TestAttributeMap: no detail goes into what a directory decides by, however it is written.
func TestAttributeMap(t *testing.T) {
	refused := strings.Fields(`unicodePwd userPassword USERPASSWORD userAccountControl servicePrincipalName member memberOf objectSid objectClass
		nTSecurityDescriptor sAMAccountName uid pwdLastSet msDS-AllowedToActOnBehalfOfOtherIdentity msDS-KeyCredentialLink adminCount accountExpires
		primaryGroupID sIDHistory ms-Mcs-AdmPwd msLAPS-Password krbPrincipalKey pwdAccountLockedTime nsAccountLock altSecurityIdentities
		authzTo loginShell uidNumber scriptPath 2.5.4.35 1.2.840.113556.1.4.90 userPassword;x`)
	for _, ad := range []bool{true, false} {
		for _, ours := range append(slices.Clone(details), attrDisplayName, attrMail, attrAddresses, attrHidden) {
			for _, theirs := range refused {
				if _, err := merge(preset(ad), map[string]string{ours: theirs}); err == nil || !strings.HasPrefix(err.Error(), "The ") {
					t.Errorf("%s=%s: %v", ours, theirs, err)
				}
			}
			for _, theirs := range []string{"extensionAttribute1", "employeeNumber", "roomNumber", "mobile", "l", "description", ""} {
				if _, err := merge(preset(ad), map[string]string{ours: theirs}); err != nil {
					t.Errorf("%s=%s: %v", ours, theirs, err)
				}
			}
		}
		for ours, theirs := range preset(ad) {
			for one := range strings.SplitSeq(theirs, ",") {
				if theirs != "" && !allowed(ours, one) {
					t.Errorf("the preset's own %s=%s", ours, one)
				}
			}
		}
		for ours, theirs := range map[string]string{attrName: "userPassword", attrMembers: "msDS-AllowedToDelegateTo", attrPasswordSet: "unicodePwd", attrUPN: "userPassword"} {
			if _, err := merge(preset(ad), map[string]string{ours: theirs}); err == nil {
				t.Errorf("%s=%s", ours, theirs)
			}
		}
	}
	if _, err := merge(preset(false), map[string]string{attrKey: "employeeNumber", attrName: "cn", attrMembers: "uniqueMember"}); err != nil {
		t.Error(err)
	}
	for ours, one := range exceptions {
		for theirs := range maps.Keys(one) {
			if theirs != strings.ToLower(theirs) {
				t.Errorf("%s: %s", ours, theirs)
			}
		}
	}
}

// TestNoMembersAttribute: a map may name no attribute of members; then nobody is put into a group.
func TestNoMembersAttribute(t *testing.T) {
	d, err := Open(directory.Settings{Kind: directory.LDAP, Servers: []string{"ldap.corp.example.com"}, Account: "cn=a", Secret: "s", BaseDN: "dc=x",
		Attributes: map[string]string{attrMembers: ""}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.(*Directory).SetMember(t.Context(), "", directory.Ref{Name: "all"}, directory.Ref{Name: "alice"}, true); !errs.Is(err, errs.Unsupported) {
		t.Error(err)
	}
}

// TestPolicyNumbers: what makes no sense is brought into bounds.
func TestPolicyNumbers(t *testing.T) {
	for text, want := range map[string][2]int{"7": {7, 7}, "-1": {0, 0}, "2147483647": {2147483647, maxLength}, "99999999999999999999": {0, 0}, "x": {0, 0}, "": {0, 0}} {
		e := ldap.NewEntry("", map[string][]string{"n": {text}})
		if got := [2]int{number(e, "n"), length(e, "n")}; got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	for _, text := range []string{"1", "0", "x", "-9223372036854775808", "-9223372036854775807"} {
		if d := interval(text); d != 0 {
			t.Errorf("%s: %v", text, d)
		}
	}
}
