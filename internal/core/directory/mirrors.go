package directory

import (
	"context"
	"fmt"
	"sync"
	"time"

	"postroom/internal/base/ids"
)

// mirrorsTime is how soon a directory that came, went or was changed by another
// process is noticed.
const mirrorsTime = 5 * time.Second

// RunMirrors keeps a Mirror for each directory that an organization of the region
// has, until ctx ends. gone and back are MirrorConfig's.
func (s *Service) RunMirrors(ctx context.Context, gone, back Hook) {
	type running struct {
		directory string
		stop      context.CancelFunc
		done      chan struct{}
	}
	all := map[ids.Org]*running{}
	var wait sync.WaitGroup
	defer wait.Wait()
	t := time.NewTicker(mirrorsTime)
	defer t.Stop()
	for ctx.Err() == nil {
		list, err := s.Store.Connected(ctx, nil)
		if err != nil {
			if ctx.Err() == nil {
				s.Log.Error("the directories are not known; those that are mirrored go on", "error", err)
			}
		} else {
			want := map[ids.Org]string{}
			for _, d := range list {
				want[d.Org] = fmt.Sprintf("%s@%d", d.ID, d.Revision)
				if r := all[d.Org]; r != nil && r.directory == want[d.Org] && !closed(r.done) {
					continue
				} else if r != nil {
					r.stop()
					<-r.done
				}
				run, stop := context.WithCancel(ctx)
				r := &running{want[d.Org], stop, make(chan struct{})}
				all[d.Org] = r
				m := s.Mirror(d.Org, MirrorConfig{Directory: r.directory, Gone: gone, Back: back,
					Open: func(ctx context.Context) (Foreign, error) { return s.foreign(ctx, d.ID) }})
				wait.Go(func() {
					defer close(r.done)
					m.Run(run)
				})
			}
			for org, r := range all {
				if want[org] == "" {
					r.stop()
					<-r.done
					delete(all, org)
				}
			}
		}
		select {
		case <-ctx.Done():
		case <-s.attached:
		case <-t.C:
		}
	}
	for _, r := range all {
		r.stop()
	}
}

// lookForMirrors makes RunMirrors of this process look now: an organization has
// its first reading at once.
func (s *Service) lookForMirrors() {
	select {
	case s.attached <- struct{}{}:
	default:
	}
}

func closed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
