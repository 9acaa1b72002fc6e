package auth

import (
	"context"
	"strings"
	"sync"
	"testing"

	"postroom/internal/base/errs"
)

func TestHashIsPHC(t *testing.T) {
	ctx := context.Background()
	plainHasher, peppered := NewHasher(nil), NewHasher([]byte("pepper"))
	old, err := plainHasher.Hash(ctx, "correct horse")
	if err != nil || !strings.HasPrefix(old, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatal(old, err)
	}
	hash, err := peppered.Hash(ctx, "correct horse")
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1,keyid=") {
		t.Fatal(hash, err)
	}
	for name, c := range map[string]struct {
		h              *Hasher
		hash, password string
		ok, stale      bool
	}{
		"right":                      {peppered, hash, "correct horse", true, false},
		"wrong":                      {peppered, hash, "correct horsf", false, false},
		"before there was a pepper":  {peppered, old, "correct horse", true, true},
		"nobody":                     {peppered, "", "", false, false},
		"other parameters":           {plainHasher, "$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0$" + strings.Repeat("A", 43), "x", false, true},
		"without pepper, none there": {plainHasher, old, "correct horse", true, false},
	} {
		ok, err := c.h.Verify(ctx, c.hash, c.password)
		if err != nil || ok != c.ok || c.h.Stale(c.hash) != c.stale {
			t.Errorf("%s: %v %v %v", name, ok, c.h.Stale(c.hash), err)
		}
	}
	// Row 113: a hash without its pepper is no wrong password but a fault to be seen.
	if _, err := NewHasher([]byte("other")).Verify(ctx, hash, "correct horse"); !errs.Is(err, errs.Unavailable) {
		t.Error(err)
	}
	for _, bad := range []string{"x", "$argon2id$v=19$m=99999999,t=2,p=1$c2FsdHNhbHQ$" + strings.Repeat("A", 43), "$2b$12$x"} {
		if _, err := plainHasher.Verify(ctx, bad, "x"); !errs.Is(err, errs.Internal) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// TestOddPasswords: row 114.
func TestOddPasswords(t *testing.T) {
	ctx, h := context.Background(), NewHasher([]byte("p"))
	for name, c := range map[string]struct {
		set, try string
		ok       bool
	}{
		"composed and decomposed":      {"caf\u00e9-long", "cafe\u0301-long", true},
		"compatibility form differs":   {"\ufb01le-name", "file-name", false},
		"leading space counts":         {" secret-x", "secret-x", false},
		"last of 256 characters count": {strings.Repeat("x", 255) + "a", strings.Repeat("x", 255) + "b", false},
		"256 wide characters":          {strings.Repeat("\U0001F511", 256), strings.Repeat("\U0001F511", 256), true},
	} {
		hash, err := h.Hash(ctx, c.set)
		if err != nil {
			t.Fatal(name, err)
		}
		if ok, err := h.Verify(ctx, hash, c.try); ok != c.ok || err != nil {
			t.Errorf("%s: %v %v", name, ok, err)
		}
	}
	for _, bad := range []string{strings.Repeat("x", 257), strings.Repeat("x", 1<<20), "a\x00b", "a\xffb"} {
		if _, err := h.Hash(ctx, bad); !errs.Is(err, errs.Password) {
			t.Errorf("%.10q: %v", bad, err)
		}
		before := h.Runs()
		if ok, err := h.Verify(ctx, "", bad); ok || err != nil || h.Runs() != before+1 {
			t.Errorf("%.10q: %v %v", bad, ok, err)
		}
	}
}

// TestHashQueue: more callers than the queue takes are told to come later, and
// never run beside each other beyond the cores.
func TestHashQueue(t *testing.T) {
	h := NewHasher(nil)
	for range cap(h.cores) {
		h.cores <- struct{}{} // all cores busy
	}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for range hashWaiting {
		wg.Go(func() {
			if _, err := h.Hash(ctx, "x"); err == nil {
				t.Error("ran without a core")
			}
		})
	}
	for h.waiting.Load() < hashWaiting {
		if ctx.Err() != nil {
			t.Fatal(ctx.Err())
		}
	}
	if _, err := h.Hash(ctx, "x"); !errs.Is(err, errs.Throttled) {
		t.Error(err)
	}
	cancel()
	wg.Wait()
	if h.Runs() != 0 {
		t.Error("hashes ran")
	}
}

func FuzzParsePHC(f *testing.F) {
	f.Add("$argon2id$v=19$m=19456,t=2,p=1,keyid=abc$c2FsdHNhbHQ$AAAA")
	f.Add("$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$" + strings.Repeat("A", 43))
	f.Fuzz(func(t *testing.T, s string) {
		p, err := parsePHC(s)
		if err != nil {
			return
		}
		again, err := parsePHC(p.String())
		if err != nil || again.String() != p.String() {
			t.Fatal(err, again, p)
		}
	})
}
