package app

import (
	"context"
	"math/rand/v2"
	"time"
)

// every runs a job again and again until ctx ends, the first time after a part
// of the interval, never twice at once. Faults are logged and tried again.
func (a *App) every(ctx context.Context, name string, d time.Duration, job func(context.Context) error) {
	a.jobs.Go(func() {
		wait := time.NewTimer(rand.N(d/2 + 1))
		defer wait.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-wait.C:
			}
			start := time.Now()
			if err := job(ctx); err != nil && ctx.Err() == nil {
				a.Log.Error("job failed", "job", name, "error", err)
			} else if took := time.Since(start); took > time.Second {
				a.Log.Debug("job done", "job", name, "took_ms", took.Milliseconds())
			}
			wait.Reset(d)
		}
	})
}

// startRegion begins a region's work by the clock.
func (a *App) startRegion(ctx context.Context, r *Region) {
	l := a.Config.Limits
	r.Flow.Start()
	r.Search.Start()
	a.jobs.Go(func() { r.Provision.Mirror(ctx) })
	whole := true // once for each start: a crash may have come between a domain's end and its claim's
	a.every(ctx, r.Name+" claims", time.Minute, func(ctx context.Context) error {
		err := r.Orgs.SettleClaims(ctx, time.Minute, whole)
		whole = whole && err != nil
		return err
	})
	a.every(ctx, r.Name+" all claims", 10*time.Minute, func(ctx context.Context) error { return r.Orgs.SettleClaims(ctx, time.Minute, true) })
	a.every(ctx, r.Name+" intents", time.Minute, func(ctx context.Context) error { return r.Provision.Settle(ctx, time.Minute) })
	a.every(ctx, r.Name+" domains", 5*time.Minute, r.Orgs.CheckDomains)
	a.every(ctx, r.Name+" deletions", 10*time.Second, r.Provision.FinishDeletions)
	a.every(ctx, r.Name+" detached mailboxes", time.Hour, r.Provision.PurgeDetached)
	a.every(ctx, r.Name+" deleted items", time.Hour, r.Mailboxes.PurgeItems)
	a.every(ctx, r.Name+" tokens", time.Hour, r.Orgs.DropReplays)
	a.every(ctx, r.Name+" packs", time.Hour, func(ctx context.Context) error {
		return r.Mailboxes.Rewrite(ctx, time.Duration(l.RewriteHours)*time.Hour, a.pinned(ctx, r), r.Flow)
	})
}
