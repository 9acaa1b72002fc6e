package ldapdir_test

import (
	"testing"

	"postroom/internal/connect/ldapdir"
)

func TestSeveral(t *testing.T) {
	for n, want := range map[int]string{0: "0 groups", 1: "1 group", 2: "2 groups"} {
		if got := ldapdir.Several(n, "group"); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}
