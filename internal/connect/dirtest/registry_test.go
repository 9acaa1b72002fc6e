package dirtest

import (
	"context"
	"testing"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/audit"
	"postroom/internal/core/directory"
)

// One test of a directory runs at a time: a server that is not known yet may send much.
func TestOneTestAtATime(t *testing.T) {
	g := newGlass(t)
	g.dir.Connect = func(context.Context, directory.Settings) (directory.Foreign, error) { return g.f, nil }
	r := g.dir.Registry(audit.By{}, 0, func(ids.Org) bool { return true })
	set := &directory.Settings{Kind: directory.LDAP, Servers: []string{"ldap.corp.example.com"}, Account: "cn=a", Secret: "s", BaseDN: "dc=x"}
	steps := 0
	g.must(r.TestDirectory(g.ctx, "", set, func(directory.TestStep) {
		steps++
		err := r.TestDirectory(g.ctx, "", set, func(directory.TestStep) { t.Error("a second one runs") })
		if !errs.Is(err, errs.Throttled) || errs.Public(err) != "A test is under way; try again." {
			t.Error(err)
		}
	}))
	g.must(r.TestDirectory(g.ctx, "", set, func(directory.TestStep) { steps++ }))
	g.want(steps, 2)
}
