package api_test

import (
	"reflect"
	"testing"

	"postroom/internal/serve/awsapi/api"
)

// TestShare: how a directory is tried out is how it is registered and changed.
func TestShare(t *testing.T) {
	text, yes := func(s string) *string { return &s }, true
	in := &api.TestDirectoryInput{
		Kind: "LDAP", Servers: []string{"ldap.example"}, StartTls: &yes, CertificateAuthority: text("PEM"), Account: text("cn=postroom"), Secret: text("secret"),
		BaseDn: text("dc=example"), UserFilter: text("(a=b)"), GroupFilter: text("(c=d)"), ReadOnly: &yes, Attributes: map[string]string{"name": "uid"},
	}
	if set := reflect.ValueOf(*in); set.NumField() != 12 { // and DirectoryId
		t.Errorf("%d members: this test is of 12", set.NumField())
	}
	register := api.Share(&api.RegisterDirectoryInput{Alias: text("corp")}, in)
	update := api.Share(&api.UpdateDirectoryInput{}, in)
	for _, from := range []any{register, update} {
		if back := api.Share(&api.TestDirectoryInput{}, from); !reflect.DeepEqual(back, in) {
			t.Errorf("%T: %+v", from, back)
		}
	}
	if *register.Alias != "corp" || update.DirectoryId != nil {
		t.Errorf("%+v %+v", register, update)
	}
}
