package ldapdir_test

import (
	"testing"

	"postroom/internal/core/directory"
	"postroom/test/slapd"
)

// A first read of 10,000 users.
func BenchmarkRead(b *testing.B) {
	s := slapd.Start(b)
	u := newBranch(b, s)
	s.Fill(u.dn, "u", 10_000)
	d := u.Open()
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		u.must(d.Read(b.Context(), func(list []directory.Identity) error { n += len(list); return nil }))
		if n != 10_000 {
			b.Fatal(n)
		}
	}
}
