package app

import (
	"context"
	"sync"
	"time"

	"postroom/internal/base/ids"
)

// pinLease is how long the packs of a backup that was killed stay held.
const pinLease = 2 * time.Minute

// pin holds a region's packs on every machine until the answer is called, so that
// none is removed under a backup. The lease is renewed meanwhile.
func (a *App) pin(ctx context.Context, r *Region) (release func(), err error) {
	holder := ids.NewUUID()
	renew := func(ctx context.Context) error { return r.Mail.Pin(ctx, holder, a.Clock.Now().Add(pinLease)) }
	if err := renew(ctx); err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	var renewing sync.WaitGroup
	renewing.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-time.After(pinLease / 4):
				if err := renew(ctx); err != nil && ctx.Err() == nil {
					a.Log.Error("the packs of a backup may be let go", "region", r.Name, "error", err)
				}
			}
		}
	})
	return func() {
		stop()
		renewing.Wait()
		if err := r.Mail.Unpin(context.WithoutCancel(ctx), holder, a.Clock.Now()); err != nil {
			a.Log.Warn("packs stay held until the lease ends", "region", r.Name, "error", err)
		}
	}, nil
}

// pinned tells of each pack of a region whether a backup holds it. Where that is
// not known it does.
func (a *App) pinned(ctx context.Context, r *Region) func(pack int64) bool {
	return func(int64) bool {
		held, err := r.Mail.Pinned(ctx, a.Clock.Now())
		return held || err != nil
	}
}
