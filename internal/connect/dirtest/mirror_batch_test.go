package dirtest

import (
	"context"
	"errors"
	"slices"
	"testing"

	"postroom/internal/core/directory"
)

// doubled hands over pages in which the first identity comes again, as it is later.
type doubled struct{ *Foreign }

func (d doubled) Read(ctx context.Context, page func([]directory.Identity) error) error {
	return d.Foreign.Read(ctx, func(list []directory.Identity) error {
		later := list[0]
		later.DisplayName = "Later"
		return page(append(slices.Clone(list), later))
	})
}

// What moves while a page is made may be on it twice: the later one counts.
func TestMirrorTakesOneTwice(t *testing.T) {
	g := newGlass(t)
	g.m = g.dir.Mirror(g.org, directory.MirrorConfig{Directory: "d-1@1", Open: func(context.Context) (directory.Foreign, error) { return doubled{g.f}, nil }})
	refs := g.f.Fill(300)
	g.turn()
	s := g.sync()
	g.want([]any{s.Users, s.Faults}, []any{300, 0})
	later := 0
	for _, r := range refs {
		if g.at(r).DisplayName == "Later" {
			later++
		}
	}
	if later == 0 {
		t.Fatal("the earlier ones count")
	}
}

// A group is read before its members are, and the process dies at any Write of
// the first reading: the next one has them all.
func TestMirrorJoinsAfterCrash(t *testing.T) {
	for n, died := 1, true; died; n++ {
		g := newGlass(t)
		g.f.PageSize = 1
		group := g.group("all")
		list := g.f.Fill(4)
		g.f.Edit(group.Key, func(i *directory.Identity) { i.Members = keysOf(list) })
		g.store.restart()
		g.store.after = n
		_, err := g.m.Turn(g.ctx)
		if died = errors.Is(err, errKilled); !died {
			g.must(err)
		}
		g.store.restart()
		g.turn()
		g.want(g.members(group), "user00000 user00001 user00002 user00003")
	}
}

// A first reading of 3,000 users, without the directory's own time.
func BenchmarkFirstReading(b *testing.B) {
	const users = 3000
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		g := newGlass(b)
		g.f.PageSize = 512
		g.f.Fill(users)
		b.StartTimer()
		g.turn()
		b.StopTimer()
		g.want(g.sync().Users, users)
		b.StartTimer()
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*users), "µs/user")
}
