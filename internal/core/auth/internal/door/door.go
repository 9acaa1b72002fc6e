// Package door lets core/auth/authtest make Actors without a sign-in. It is
// closed to every package outside core/auth, and nothing that ships opens it.
package door

import "postroom/internal/base/ids"

// User makes the auth.Actor of a mail user, and end closes its Done. core/auth sets it.
var User func(region string, org ids.Org, entry ids.Entry, name, head string) (actor any, end func())
