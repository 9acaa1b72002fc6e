package ldapdir_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/core/directory"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
)

// What a server sends is bounded: a value, and a page of values.
func TestHostileSizes(t *testing.T) {
	large := found(0, "uid=a,dc=x", strings.Repeat("a", 30<<20)).Bytes()
	small := strings.Repeat("b", 100<<10)
	var sent atomic.Int64
	write := func(w io.Writer, b []byte) bool {
		n, err := w.Write(b)
		sent.Add(int64(n))
		return err == nil
	}
	for name, answer := range map[string]func(w io.Writer, id int64, p *ber.Packet){
		"one value of 60 MB": func(w io.Writer, _ int64, _ *ber.Packet) { write(w, large) },
		"a page without end": func(w io.Writer, id int64, _ *ber.Packet) {
			for i := 0; i < 4000; i++ { // 800 MB
				if !write(w, found(id, fmt.Sprintf("uid=%d,dc=x", i), small).Bytes()) {
					return
				}
			}
		},
	} {
		sent.Store(0)
		d := scripted(t, answer)
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute) // the answer is built under the race detector
		err := d.Read(ctx, func([]directory.Identity) error { return nil })
		cancel()
		if !errs.Is(err, errs.Unavailable) || !strings.Contains(errs.Public(err), "too large") || sent.Load() > 150<<20 {
			t.Errorf("%s: %v after %d MB", name, err, sent.Load()>>20)
		}
		d.Close()
	}
}

// Two entries with one key are one, always the same, with a fault that names both.
func TestTwins(t *testing.T) {
	d := scripted(t, func(w io.Writer, id int64, _ *ber.Packet) {
		for _, dn := range []string{"uid=a,ou=two,dc=x", "uid=a,ou=one,dc=x", "uid=a,ou=three,dc=x"} {
			_, _ = w.Write(found(id, dn, "a").Bytes())
		}
		_, _ = w.Write(done(id, ldap.ApplicationSearchResultDone, 0).Bytes())
	})
	var all []directory.Identity
	if err := d.Read(t.Context(), func(list []directory.Identity) error { all = append(all, list...); return nil }); err != nil {
		t.Fatal(err)
	}
	const want = "3 entries of the directory have the same entryUUID: uid=a,ou=one,dc=x and uid=a,ou=three,dc=x. Only the first is shown."
	if len(all) != 1 || all[0].Name != "a" || all[0].Fault != want {
		t.Fatalf("%d: %+v", len(all), all)
	}
}
