package auth

import (
	"postroom/internal/base/clock"
	"postroom/internal/base/ids"
	"postroom/internal/core/auth/internal/door"
)

func init() {
	door.User = func(region string, org ids.Org, entry ids.Entry, name, head string) (any, func()) {
		h := newHub(clock.System)
		l := h.open(proofKey{region: region, org: org, entry: entry}, 1)
		who := &identity{kind: User, org: org, entry: entry, region: region, name: name, version: 1, hub: h, live: l}
		return Actor{who: who, head: head}, func() { h.stop(l) }
	}
}
