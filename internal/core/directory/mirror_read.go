package directory

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"

	"postroom/internal/base/errs"
)

// keyID is a key in 16 bytes, so that those of all identities fit into memory.
type keyID [16]byte

func idOf(key string) keyID {
	var id keyID
	if digits := strings.ReplaceAll(key, "-", ""); len(key) == 36 && len(digits) == 32 { // a UUID, which most are
		if _, err := hex.Decode(id[:], []byte(digits)); err == nil {
			return id
		}
	}
	sum := sha256.Sum256([]byte(key))
	return keyID(sum[:16])
}

type keySet map[keyID]struct{}

func (s keySet) add(key string) { s[idOf(key)] = struct{}{} }

func (s keySet) has(key string) bool {
	_, ok := s[idOf(key)]
	return ok
}

// watched is a context that ends when nothing was handed over for stallTime.
func watched(ctx context.Context) (_ context.Context, alive func(), stop func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	t := time.AfterFunc(stallTime, func() {
		cancel(errs.Say("directory.Mirror", errs.Unavailable, errs.Directory, "The directory hands over nothing for %v.", stallTime))
	})
	return ctx, func() { t.Reset(stallTime) }, func() { t.Stop(); cancel(nil) }
}

// stalled answers why a watched call ended, where that was its stalling.
func stalled(ctx context.Context, err error) error {
	var why *errs.Error
	if err != nil && errors.As(context.Cause(ctx), &why) {
		return why
	}
	return err
}

// read compares everything: the first time, every night, and when another server
// answers. Changes are followed meanwhile where their Mark holds.
func (m *Mirror) read(ctx context.Context, f Foreign) error {
	mark, anew := m.row.Mark, m.row.Mark == ""
	ctx, alive, stop := watched(ctx)
	defer stop()
	if anew {
		var err error
		if mark, err = f.Mark(ctx); err != nil {
			return stalled(ctx, err)
		}
	}
	m.row.Read = 0
	if err := m.save(ctx); err != nil {
		return err
	}
	seen := keySet{}
	if err := m.readPages(ctx, f, alive, seen, anew); err != nil {
		return stalled(ctx, err)
	}
	if err := m.compare(ctx, f, seen); err != nil {
		return stalled(ctx, err)
	}
	if m.row.Mark == "" {
		m.row.Mark = mark
	}
	m.row.Full = m.s.Clock.Now()
	return m.save(ctx)
}

// readPages applies each page while the next is read.
func (m *Mirror) readPages(ctx context.Context, f Foreign, alive func(), seen keySet, anew bool) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	pages, read := make(chan []Identity, 2), make(chan error, 1)
	go func() {
		defer close(pages)
		read <- f.Read(ctx, func(page []Identity) error {
			alive()
			select {
			case pages <- page:
				alive()
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	var failed error
	for page := range pages {
		if failed != nil {
			continue // until the reader has ended
		}
		if failed = m.readPage(ctx, f, page, seen, anew); failed != nil {
			cancel()
		}
	}
	if err := <-read; failed == nil {
		failed = err
	}
	return failed
}

func (m *Mirror) readPage(ctx context.Context, f Foreign, page []Identity, seen keySet, anew bool) error {
	for i := range page {
		seen.add(page[i].Key)
	}
	if err := m.apply(ctx, page); err != nil {
		return err
	}
	m.row.Read += len(page)
	now := m.s.Clock.Now()
	if now.Sub(m.saved) >= time.Second {
		if err := m.save(ctx); err != nil {
			return err
		}
	}
	if anew || now.Sub(time.UnixMilli(m.looked.Load())) < lookTime {
		return nil
	}
	if err := m.look(ctx, f); err != nil {
		return err
	}
	m.row.Looked = now
	m.looked.Store(now.UnixMilli())
	return nil
}

// look follows what changed behind the Mark. Where the Mark means nothing any
// more it is cleared, and read is to follow.
func (m *Mirror) look(ctx context.Context, f Foreign) error {
	ctx, alive, stop := watched(ctx)
	defer stop()
	if m.before = m.lookAt; m.before.IsZero() {
		m.before = m.row.Looked.Add(-time.Minute)
	}
	start := m.s.Clock.Now()
	c, err := f.Changed(ctx, m.row.Mark)
	if err != nil {
		return stalled(ctx, err)
	}
	defer func() { m.lookAt = start }()
	if c.Anew {
		m.row.Mark, m.moved = "", start
		return m.save(ctx)
	}
	var lost []string
	for keys := range slices.Chunk(c.Keys, 500) {
		alive()
		some, err := m.readKeys(ctx, f, keys)
		if err != nil {
			return stalled(ctx, err)
		}
		lost = append(lost, some...)
	}
	if err := m.lost(ctx, lost); err != nil {
		return err
	}
	waits := m.late || !m.row.HeldAt.IsZero()
	if c.Sweep || m.sweep || waits && m.s.Clock.Now().Sub(m.swept) >= time.Minute {
		if rest := sweepTime - m.s.Clock.Now().Sub(m.swept); rest > 0 && !m.swept.IsZero() {
			m.pause = rest // the Mark stays, so that the next look wants it again
			return nil
		}
		if err := m.compareKeys(ctx, f, alive); err != nil {
			return stalled(ctx, err)
		}
	}
	if c.Next == m.row.Mark {
		return nil
	}
	m.row.Mark = c.Next
	return m.save(ctx)
}

// readKeys reads some identities, applies them, and answers the keys of those
// that are not there and were seen before.
func (m *Mirror) readKeys(ctx context.Context, f Foreign, keys []string) (lost []string, err error) {
	there := make(map[string]bool, len(keys))
	var pages [][]Identity
	ask, _, stop := watched(ctx)
	defer stop()
	err = f.ReadKeys(ask, keys, func(page []Identity) error {
		for i := range page {
			there[page[i].Key] = true
		}
		pages = append(pages, slices.Clone(page))
		return nil
	})
	if err != nil {
		return nil, stalled(ask, err)
	}
	for _, page := range pages {
		if err := m.apply(ctx, page); err != nil {
			return nil, err
		}
	}
	for _, key := range keys {
		if !there[key] {
			lost = append(lost, key)
		}
	}
	return lost, nil
}

// compareKeys finds what left without being seen to.
func (m *Mirror) compareKeys(ctx context.Context, f Foreign, alive func()) error {
	seen := keySet{}
	err := f.Keys(ctx, func(keys []string) error {
		alive()
		for _, key := range keys {
			seen.add(key)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return m.compare(ctx, f, seen)
}

// compare takes away what is not among the keys of all that are there.
func (m *Mirror) compare(ctx context.Context, f Foreign, there keySet) error {
	var missing []string
	var back []string
	err := m.s.Store.SeenKeys(ctx, nil, m.org, func(key string, held bool) {
		switch {
		case !there.has(key):
			missing = append(missing, key)
		case held:
			back = append(back, key)
		}
	})
	if err != nil {
		return err
	}
	var lost []string
	for keys := range slices.Chunk(missing, 500) { // a page may have missed one that moved
		some, err := m.readKeys(ctx, f, keys)
		if err != nil {
			return err
		}
		lost = append(lost, some...)
	}
	if lost, err = m.notLate(ctx, lost); err != nil {
		return err
	}
	m.sweep, m.swept = false, m.s.Clock.Now()
	return m.compared(ctx, lost, back)
}

// heal looks again at what could not be taken over whole and can be now.
func (m *Mirror) heal(ctx context.Context, f Foreign) error {
	if err := m.healAddresses(ctx); err != nil {
		return err
	}
	for after := ""; ; {
		list, err := m.s.Store.SeenWith(ctx, nil, m.org, SeenAgain, after, 200)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return nil
		}
		keys := make([]string, len(list))
		for i := range list {
			keys[i] = list[i].Key
			after = max(after, keys[i])
		}
		lost, err := m.readKeys(ctx, f, keys)
		if err == nil {
			err = m.lost(ctx, lost)
		}
		if err != nil {
			return err
		}
	}
}
