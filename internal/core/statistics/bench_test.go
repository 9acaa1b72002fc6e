package statistics

import (
	"context"
	"log/slog"
	"testing"

	"postroom/internal/base/clock"
	"postroom/internal/base/ids"
)

// BenchmarkAdd is what a delivery or a sign-in pays.
func BenchmarkAdd(b *testing.B) {
	r := New(nothing{}, clock.System, slog.New(slog.DiscardHandler))
	defer r.Close()
	org := ids.NewOrg()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			r.Add(org, MailIn, 1)
		}
	})
	r.take()
}

// nothing is a store for what is never written.
type nothing struct{ Store }

func (nothing) Usage(context.Context) (map[ids.Org]Usage, error) { return nil, nil }
