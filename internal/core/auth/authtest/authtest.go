// Package authtest makes Actors for the tests of areas and heads that begin
// behind the sign-in. It refuses to work outside a test.
package authtest

import (
	"testing"

	"postroom/internal/base/ids"
	"postroom/internal/core/auth"
	"postroom/internal/core/auth/internal/door"
)

// User is the Actor of a mail user who signed in; revoke closes its Done.
func User(t testing.TB, region string, org ids.Org, entry ids.Entry, name, head string) (actor auth.Actor, revoke func()) {
	t.Helper()
	if !testing.Testing() {
		panic("authtest outside a test")
	}
	a, end := door.User(region, org, entry, name, head)
	return a.(auth.Actor), end
}
