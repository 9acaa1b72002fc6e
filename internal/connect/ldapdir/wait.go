package ldapdir

import (
	"context"
	"time"

	"github.com/go-ldap/ldap/v3"
)

const (
	lookEvery = 2 * time.Second        // between two looks
	breath    = 250 * time.Millisecond // after a word of the server: changes come in flocks
	watchTry  = time.Minute            // after a server refused to tell
)

// watch is a connection on which Active Directory tells changes as they come
// (MS-ADTS 3.1.1.3.4.1.9).
type watch struct {
	told  chan struct{} // holds one word
	gone  chan struct{} // closed when the connection ended
	until time.Time     // no new one before then
	stop  context.CancelFunc
}

// Wait returns when the server says that something changed, or after two
// seconds. What it said since the last Wait counts.
func (d *Reader) Wait(ctx context.Context) (told bool, err error) {
	const op = "ldapdir.Wait"
	if err := d.ask(ctx, op, func(s *session) error { _, err := s.rootDSE(ctx); return err }); err != nil {
		return false, err
	}
	w := d.watching(ctx)
	t := time.NewTimer(lookEvery)
	defer t.Stop()
	select {
	case <-w.told:
		b := time.NewTimer(breath)
		defer b.Stop()
		select {
		case <-b.C:
			return true, nil
		case <-ctx.Done():
		}
	case <-t.C:
		return false, nil
	case <-ctx.Done():
	}
	return false, fault(op, ctx.Err())
}

// watching answers the watch that runs, or begins one where the server can.
func (d *Reader) watching(ctx context.Context) *watch {
	d.mu.Lock()
	defer d.mu.Unlock()
	if w := d.watch; w != nil {
		select {
		case <-w.gone:
			if time.Now().Before(w.until) {
				return w
			}
		default:
			return w
		}
	}
	d.watch = &watch{told: make(chan struct{}, 1), gone: make(chan struct{}), until: time.Now().Add(watchTry), stop: func() {}}
	if d.ad {
		// It outlives the Wait that begins it: Close ends it, or the server.
		alive, stop := context.WithCancel(context.WithoutCancel(ctx))
		d.watch.stop = stop
		go d.listen(alive, d.watch)
	} else {
		close(d.watch.gone)
	}
	return d.watch
}

// listen passes on the server's words until the connection ends.
func (d *Reader) listen(ctx context.Context, w *watch) {
	defer close(w.gone)
	defer w.stop()
	s, err := d.service.dial(ctx)
	if err != nil {
		return
	}
	defer s.close()
	r, err := s.rootDSE(ctx)
	if err != nil || r.naming == "" {
		return
	}
	defer context.AfterFunc(ctx, func() { s.raw.Close() })()
	q := query{
		base: r.naming, scope: ldap.ScopeWholeSubtree, filter: "(objectClass=*)",
		controls: []ldap.Control{ldap.NewControlString(controlNotification, true, "")},
	}
	words := s.conn.SearchAsync(ctx, q.request(), 64)
	for words.Next() {
		s.raw.left.Store(maxExchange) // it is one exchange without end
		if words.Entry() == nil {
			continue
		}
		select {
		case w.told <- struct{}{}:
		default:
		}
	}
	if err := words.Err(); err != nil && ctx.Err() == nil {
		d.log.Debug("the directory no longer tells changes; it is asked for them", "error", err)
	}
}
