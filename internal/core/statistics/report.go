package statistics

import (
	"context"
	"maps"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
)

// Period is how far back a report goes.
type Period string

const (
	LastDay   Period = "DAY"   // 24 intervals of an hour
	LastWeek  Period = "WEEK"  // 28 of six hours
	LastMonth Period = "MONTH" // 30 of a day
)

// periods: how many intervals of which length, and of what they are made.
var periods = map[Period]struct {
	step, from time.Duration
	n          int
}{
	LastDay:   {Hour, Hour, 24},
	LastWeek:  {6 * Hour, Hour, 28},
	LastMonth: {Day, Day, 30},
}

// Report is what happened in a period.
type Report struct {
	Rows  []Row // each interval, in order of time; the last one runs still
	Usage Usage // now
	Orgs  int   // that use something
}

// Report answers the intervals of a period, in UTC, of some organizations
// together, or of all of the region for nil. What this process has counted and
// not written yet is written first. errs.Invalid for an unknown period.
func (r *Recorder) Report(ctx context.Context, orgs []ids.Org, p Period) (Report, error) {
	const op = "statistics.Report"
	how, ok := periods[p]
	if !ok {
		return Report{}, errs.Say(op, errs.Invalid, errs.Request, "The period is DAY, WEEK or MONTH.")
	}
	if err := r.Flush(ctx); err != nil {
		return Report{}, err
	}
	last := r.clock.Now().UTC().Truncate(how.step)
	first := last.Add(-time.Duration(how.n-1) * how.step)
	kept, err := r.store.Rows(ctx, orgs, how.from, first)
	if err != nil {
		return Report{}, err
	}
	out := Report{Rows: make([]Row, how.n)}
	for i := range out.Rows {
		out.Rows[i].At = first.Add(time.Duration(i) * how.step)
	}
	for _, k := range kept {
		i := int(k.At.Sub(first) / how.step)
		if i < 0 || i >= how.n {
			continue // written meanwhile, behind the end
		}
		for n, v := range k.Counts {
			out.Rows[i].Counts[n] += v
		}
		if k.Usage != nil {
			out.Rows[i].Usage = k.Usage // the last of the interval
		}
	}
	usage, err := r.now(ctx)
	if err != nil {
		return Report{}, err
	}
	if orgs == nil {
		for u := range maps.Values(usage) {
			out.Usage.Storage += u.Storage
			out.Usage.Users += u.Users
		}
		out.Orgs = len(usage)
		out.latest()
		return out, nil
	}
	for _, o := range orgs {
		if u, ok := usage[o]; ok {
			out.Usage.Storage += u.Storage
			out.Usage.Users += u.Users
			out.Orgs++
		}
	}
	out.latest()
	return out, nil
}

// latest: the interval that runs shows what is used now.
func (r *Report) latest() {
	u := r.Usage
	r.Rows[len(r.Rows)-1].Usage = &u
}

// now is what is used, read again after a few seconds.
func (r *Recorder) now(ctx context.Context) (map[ids.Org]Usage, error) {
	r.usage.Lock()
	defer r.usage.Unlock()
	at := r.clock.Now()
	if d := at.Sub(r.usage.read); r.usage.now != nil && d >= 0 && d < usageFresh {
		return r.usage.now, nil
	}
	u, err := r.store.Usage(ctx)
	if err == nil {
		r.usage.now, r.usage.read = u, at
	}
	return u, err
}
