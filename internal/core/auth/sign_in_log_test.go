package auth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"testing"
	"time"

	"postroom/internal/base/clock"
	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
)

// deaf is a store that writes nothing.
type deaf struct{ SignInStore }

func (deaf) Write(context.Context, ids.Org, func(*tx.Tx) error) error { return errors.New("not now") }

// TestSignInLogBound: an attack from many addresses, while the store does not
// answer, costs bounded memory, and what is lost is told.
func TestSignInLogBound(t *testing.T) {
	var text strings.Builder
	l := NewSignInLog(deaf{}, clock.At(time.Unix(1e9, 0)), slog.New(slog.NewTextHandler(&text, nil)))
	for round := range 2 {
		for i := range signInMax {
			l.note("m-1", "e", "imap", netip.AddrFrom4([4]byte{byte(round), byte(i >> 16), byte(i >> 8), byte(i)}), WrongPassword)
		}
		if err := l.Flush(t.Context()); err == nil {
			t.Fatal("nothing was refused")
		}
	}
	if n := len(l.waiting); n != signInMax {
		t.Errorf("%d are remembered", n)
	}
	if !strings.Contains(text.String(), fmt.Sprint("count=", signInMax)) {
		t.Error(text.String())
	}
	l.waiting = nil
	l.Close()
}

// BenchmarkNote is what a sign-in pays.
func BenchmarkNote(b *testing.B) {
	l := NewSignInLog(deaf{}, clock.System, slog.New(slog.DiscardHandler))
	from := netip.MustParseAddr("192.0.2.1")
	for b.Loop() {
		l.note("m-1", "e", "imap", from, Accepted)
	}
	l.waiting = nil
	l.Close()
}
