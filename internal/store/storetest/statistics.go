package storetest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"postroom/internal/base/clock"
	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/auth"
	"postroom/internal/core/statistics"
	"postroom/internal/core/tx"
)

// counter is a statistics.Recorder over a store.
type counter struct {
	*testing.T
	*statistics.Recorder
	ctx   context.Context
	store statistics.Store
	clock *clock.Set
}

// Statistics is the contract of statistics.Store. open returns an empty region.
func Statistics(t *testing.T, open func(t *testing.T) statistics.Store) {
	for name, story := range map[string]func(c *counter){
		"what is counted is added up":         countedStory,
		"intervals of the three periods":      periodsStory,
		"two processes count together":        twoCounters,
		"what cannot be written is kept":      countersKept,
		"usage has points where it was seen":  usagePoints,
		"what is old goes":                    statisticsPruned,
		"the end writes what was counted":     countersClosed,
		"many organizations are written once": manyCounted,
	} {
		t.Run(name, func(t *testing.T) {
			c := &counter{T: t, ctx: t.Context(), store: open(t), clock: clock.At(authStart.Add(30 * time.Minute))}
			c.Recorder = c.process(c.store)
			story(c)
		})
	}
}

func (c *counter) process(s statistics.Store) *statistics.Recorder {
	r := statistics.New(s, c.clock, slog.New(slog.DiscardHandler))
	c.Cleanup(func() { r.Close() })
	return r
}

func (c *counter) must(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

func (c *counter) report(p statistics.Period, orgs ...ids.Org) statistics.Report {
	c.Helper()
	r, err := c.Report(c.ctx, orgs, p)
	c.must(err)
	return r
}

// total adds the intervals up.
func total(r statistics.Report, k statistics.Kind) (n int64) {
	for _, row := range r.Rows {
		n += row.Counts[k]
	}
	return n
}

func countedStory(c *counter) {
	a, b := ids.NewOrg(), ids.NewOrg()
	for range 3 {
		c.Add(a, statistics.MailIn, 1)
		c.Add(a, statistics.SignInsRefused, 2)
		c.Add(b, statistics.MailIn, 10)
		c.must(c.Flush(c.ctx))
	}
	c.Add("", statistics.MailIn, 99)
	c.Add(a, 99, 99)
	(*statistics.Recorder)(nil).Add(a, statistics.MailIn, 99)
	for _, p := range []statistics.Period{statistics.LastDay, statistics.LastWeek, statistics.LastMonth} {
		one, both, all, none := c.report(p, a), c.report(p, a, b), c.report(p), c.report(p, ids.NewOrg())
		got := fmt.Sprint(total(one, statistics.MailIn), total(one, statistics.SignInsRefused), total(one, statistics.MailOut),
			total(both, statistics.MailIn), total(all, statistics.MailIn), total(none, statistics.MailIn))
		if got != "3 6 0 33 33 0" {
			c.Errorf("%s: %s", p, got)
		}
		if n := one.Rows[len(one.Rows)-1].Counts[statistics.MailIn]; n != 3 {
			c.Errorf("%s: the last interval has %d", p, n)
		}
	}
	empty, err := c.Report(c.ctx, []ids.Org{}, statistics.LastDay)
	c.must(err)
	if total(empty, statistics.MailIn) != 0 {
		c.Error("no organization has", empty)
	}
	if _, err := c.Report(c.ctx, nil, "YEAR"); !errs.Is(err, errs.Invalid) {
		c.Error(err)
	}
}

func periodsStory(c *counter) {
	o := ids.NewOrg()
	for range 40 * 24 { // hourly, for 40 days
		c.Add(o, statistics.SignIns, 1)
		c.must(c.Flush(c.ctx))
		c.clock.Move(time.Hour)
	}
	now := c.clock.Now()
	for _, p := range []struct {
		period statistics.Period
		step   time.Duration
		n      int
		each   int64
	}{{statistics.LastDay, time.Hour, 24, 1}, {statistics.LastWeek, 6 * time.Hour, 28, 6}, {statistics.LastMonth, 24 * time.Hour, 30, 24}} {
		r := c.report(p.period, o)
		if len(r.Rows) != p.n || !r.Rows[p.n-1].At.Equal(now.Truncate(p.step)) {
			c.Fatalf("%s: %d intervals to %v", p.period, len(r.Rows), r.Rows[len(r.Rows)-1].At)
		}
		for i, row := range r.Rows[:p.n-1] {
			if row.Counts[statistics.SignIns] != p.each || !row.At.Equal(r.Rows[0].At.Add(time.Duration(i)*p.step)) {
				c.Fatalf("%s: interval %d is %v", p.period, i, row)
			}
		}
	}
}

func twoCounters(c *counter) {
	o := ids.NewOrg()
	other := c.process(c.store)
	done := make(chan error)
	for _, r := range []*statistics.Recorder{c.Recorder, other} {
		go func() {
			var failed error
			for range 20 {
				r.Add(o, statistics.MailOut, 1)
				failed = errors.Join(failed, r.Flush(c.ctx))
			}
			done <- failed
		}()
	}
	c.must(errors.Join(<-done, <-done))
	if n := total(c.report(statistics.LastDay, o), statistics.MailOut); n != 40 {
		c.Fatal(n)
	}
}

// refusing is a store that does not write for a while.
type refusing struct {
	statistics.Store
	broken bool
}

func (r *refusing) Write(ctx context.Context, fair ids.Org, fn func(*tx.Tx) error) error {
	if r.broken {
		return errs.Say("test", errs.Unavailable, errs.Storage, "not now")
	}
	return r.Store.Write(ctx, fair, fn)
}

func countersKept(c *counter) {
	o := ids.NewOrg()
	s := &refusing{c.store, true}
	r := c.process(s)
	r.Add(o, statistics.MailIn, 5)
	if err := r.Flush(c.ctx); !errs.Is(err, errs.Unavailable) {
		c.Fatal(err)
	}
	r.Add(o, statistics.MailIn, 1)
	s.broken = false
	c.must(r.Flush(c.ctx))
	c.must(r.Flush(c.ctx))
	if n := total(c.report(statistics.LastDay, o), statistics.MailIn); n != 6 {
		c.Fatal(n)
	}
}

func usagePoints(c *counter) {
	a, b := ids.NewOrg(), ids.NewOrg()
	set := func(u map[ids.Org]statistics.Usage) {
		at := c.clock.Now()
		c.must(c.store.Write(c.ctx, "", func(t *tx.Tx) error {
			return errors.Join(c.store.SetUsage(t, statistics.Hour, at.Truncate(statistics.Hour), u), c.store.SetUsage(t, statistics.Day, at.Truncate(statistics.Day), u))
		}))
	}
	set(map[ids.Org]statistics.Usage{a: {Storage: 100, Users: 1}, b: {Storage: 7 << 40, Users: 2}})
	c.Add(a, statistics.MailIn, 1) // beside it, not over it
	c.must(c.Flush(c.ctx))
	set(map[ids.Org]statistics.Usage{a: {Storage: 200, Users: 3}})
	c.clock.Move(3 * time.Hour)
	c.Add(a, statistics.MailIn, 1)
	c.must(c.Flush(c.ctx))
	c.clock.Move(time.Hour)
	r := c.report(statistics.LastDay, a)
	n := len(r.Rows)
	if u := r.Rows[n-5].Usage; u == nil || *u != (statistics.Usage{Storage: 200, Users: 3}) || r.Rows[n-5].Counts[statistics.MailIn] != 1 {
		c.Fatal(r.Rows[n-5])
	}
	for _, i := range []int{n - 4, n - 3, n - 2} {
		if r.Rows[i].Usage != nil {
			c.Fatalf("nobody looked at %v", r.Rows[i])
		}
	}
	if u := c.report(statistics.LastDay).Rows[n-5].Usage; u == nil || *u != (statistics.Usage{Storage: 7<<40 + 200, Users: 5}) {
		c.Fatal(u)
	}
}

func statisticsPruned(c *counter) {
	o := ids.NewOrg()
	c.Add(o, statistics.MailIn, 1)
	c.must(c.Flush(c.ctx))
	c.clock.Move(9 * 24 * time.Hour)
	c.must(c.Prune(c.ctx))
	rows := func(step time.Duration) int {
		list, err := c.store.Rows(c.ctx, []ids.Org{o}, step, authStart.Add(-48*time.Hour))
		c.must(err)
		return len(list)
	}
	if rows(statistics.Hour) != 0 || rows(statistics.Day) != 1 {
		c.Fatal(rows(statistics.Hour), rows(statistics.Day))
	}
	c.clock.Move(400 * 24 * time.Hour)
	c.must(c.Prune(c.ctx))
	if rows(statistics.Day) != 0 {
		c.Fatal("kept for ever")
	}
}

func countersClosed(c *counter) {
	o := ids.NewOrg()
	r := c.process(c.store)
	r.Add(o, statistics.MailIn, 4)
	c.must(r.Close())
	if n := total(c.report(statistics.LastDay, o), statistics.MailIn); n != 4 {
		c.Fatal(n)
	}
}

func manyCounted(c *counter) {
	for range 450 {
		c.Add(ids.NewOrg(), statistics.MailIn, 1)
	}
	c.must(c.Flush(c.ctx))
	if n := total(c.report(statistics.LastMonth), statistics.MailIn); n != 450 {
		c.Fatal(n)
	}
}

// SignIns is the contract of auth.SignInStore. open returns an empty region.
func SignIns(t *testing.T, open func(t *testing.T) auth.SignInStore) {
	s, ctx := open(t), t.Context()
	org, other := ids.NewOrg(), ids.NewOrg()
	write := func(fn func(t *tx.Tx) error) {
		t.Helper()
		if err := s.Write(ctx, "", fn); err != nil {
			t.Fatal(err)
		}
	}
	list := func(entry ids.Entry) []auth.SignInRecord {
		t.Helper()
		l, err := s.SignIns(ctx, org, entry)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	one := auth.SignInRecord{Org: org, Entry: "e", Head: "imap", Remote: "2001:db8::1", Day: 20000, Count: 2, First: authStart, Last: authStart.Add(time.Minute)}
	write(func(t *tx.Tx) error { return s.AddSignIns(t, []auth.SignInRecord{one}) })
	again := one
	again.Count, again.First, again.Last = 3, authStart.Add(-time.Minute), authStart.Add(time.Second)
	wrong := one
	wrong.Reason, wrong.Count, wrong.Last = auth.WrongPassword, 1, authStart.Add(time.Hour)
	foreign := one
	foreign.Org = other
	write(func(t *tx.Tx) error { return s.AddSignIns(t, []auth.SignInRecord{again, wrong, foreign}) })
	got := list("e")
	want := one
	want.Count, want.First = 5, again.First
	if len(got) != 2 || fmt.Sprint(got[0]) != fmt.Sprint(wrong) || fmt.Sprint(got[1]) != fmt.Sprint(want) {
		t.Fatalf("%v", got)
	}
	// A flood of refusals does not push out what succeeded.
	var flood []auth.SignInRecord
	for i := range 80 {
		r := wrong
		r.Remote, r.Last = fmt.Sprintf("192.0.2.%d", i), authStart.Add(time.Duration(i)*time.Hour)
		flood = append(flood, r)
	}
	write(func(t *tx.Tx) error { return errors.Join(s.AddSignIns(t, flood), s.TrimSignIns(t, org, "e", 50)) })
	got = list("e")
	if len(got) != 51 || got[0].Remote != "192.0.2.79" {
		t.Fatal(len(got), got[0])
	}
	write(func(t *tx.Tx) error {
		_, err := s.PruneSignIns(t, authStart.Add(75*time.Hour), 500)
		return err
	})
	if got = list("e"); len(got) != 5 {
		t.Fatal(len(got))
	}
	if got = list("nobody"); len(got) != 0 {
		t.Fatal(got)
	}
}
