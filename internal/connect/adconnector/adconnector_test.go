package adconnector

import (
	"testing"

	"postroom/internal/base/errs"
	"postroom/internal/connect/ldapdir"
	"postroom/internal/core/directory"
)

// Whatever kind was set, it is read only; what it does on a real Active Directory is ldapdir's test.
func TestOpen(t *testing.T) {
	s := directory.Settings{Kind: directory.MicrosoftAD, Servers: []string{"dc1.corp.example.test"}, Account: "svc@corp.example.test", Secret: "s"}
	c, err := Open(s, ldapdir.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, writes := any(c).(directory.Writer); writes || c.Facts().Type != "ADConnector" || c.Facts().InStore {
		t.Fatalf("%+v", c.Facts())
	}
	s.Servers = nil
	if _, err := Open(s, ldapdir.Options{}); !errs.Is(err, errs.Invalid) {
		t.Fatal(err)
	}
}
