package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

const (
	indexed = "postroom_search_indexed_total"
	behind  = "postroom_search_behind_documents"
)

// single is deliveries one after another: each waits for the disk alone.
func (b *bench) single() error {
	s, err := b.onMail()
	if err != nil {
		return err
	}
	rate, err := b.disk(1)
	if err != nil {
		return err
	}
	l, err := b.deliveries(s, 1, b.seconds/6, 0)
	if err != nil {
		return err
	}
	// Bytes, then the row that names them: two fsyncs follow each other.
	r := b.add(row{Figure: "deliver, 1 connection", Unit: "/s", Measured: l.rate(), Wanted: "a third of the disk's"}, l.rate() >= rate/3)
	r.disk(rate, fmt.Sprintf("lasting appends, 1 writer; 250 after %s ms p50, %s ms p99", number(ms(l.times.at(.5))), number(ms(l.times.at(.99)))))
	return nil
}

// deliver loads the server as fast as it goes, then looks at the search index:
// how far it is behind, how fast it follows, and up to which rate it keeps up.
func (b *bench) deliver() error {
	s, err := b.onMail()
	if err != nil {
		return err
	}
	if err := b.caughtUp(s); err != nil {
		return err
	}
	rate, err := b.disk(b.conns)
	if err != nil {
		return err
	}
	before, err := s.metric(b.ctx, indexed)
	if err != nil {
		return err
	}
	used, err := s.used()
	if err != nil {
		return err
	}
	l, err := b.deliveries(s, b.conns, b.seconds, 0)
	if err != nil {
		return err
	}
	after, err := s.metric(b.ctx, indexed)
	if err != nil {
		return err
	}
	then, err := s.used()
	if err != nil {
		return err
	}
	b.least(fmt.Sprintf("deliver, %d connections, %.0f s", b.conns, b.seconds.Seconds()), "/s", l.rate(), 3000).
		disk(rate, fmt.Sprintf("lasting appends, %d writers", b.conns))
	b.tell("  250 after the last byte, p50", "ms", ms(l.times.at(.5))).beside("p99 %s ms", number(ms(l.times.at(.99))))
	mine, load, others := then.since(used)
	b.tell("  CPU of the server for 1000 messages", "s", mine*l.took.Seconds()/float64(l.count)*1000).
		beside("cores: server %s, this load %s, other processes %s", number(mine), number(load), number(others))
	waiting := float64(l.count) - (after - before)
	b.tell("search index behind at the end", "documents", waiting).beside("of %d delivered", l.count)
	if s, err = b.drain(s, after, waiting); err != nil {
		return err
	}
	return b.sustained(s)
}

// drain measures how fast the index follows when nothing else is asked of the server.
func (b *bench) drain(s *server, from, waiting float64) (*server, error) {
	beside := ""
	if waiting < 1000 { // too little to measure
		b.say("the search index is hardly behind: it is built anew to see how fast it is")
		var err error
		if s, err = b.anew(s); err != nil {
			return s, err
		}
		if from, err = s.metric(b.ctx, indexed); err != nil {
			return s, err
		}
		waiting, beside = float64(b.mail.Boxes*b.mail.Each+b.mail.Big)-from, ", built anew"
	}
	used, err := s.cpu()
	if err != nil {
		return s, err
	}
	start := time.Now()
	now := from
	for time.Since(start) < b.seconds/2 && now-from < waiting {
		if err := b.sleep(100 * time.Millisecond); err != nil {
			return s, err
		}
		if now, err = s.metric(b.ctx, indexed); err != nil {
			return s, err
		}
	}
	took := time.Since(start)
	end, err := s.cpu()
	if err != nil {
		return s, err
	}
	// On one core: by the clock, or by the processor where it took more of that.
	core := max(took, end-used).Seconds()
	b.least("search index drain, one core", "documents/s", (now-from)/core, 800).beside("%s/s by the clock%s", number((now-from)/took.Seconds()), beside)
	return s, nil
}

// anew starts the server without its index and returns when it has begun to make it.
func (b *bench) anew(s *server) (*server, error) {
	if err := s.stop(); err != nil {
		return s, err
	}
	for _, end := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(filepath.Join(s.dir, "regions", s.Region, "search.db"+end)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return s, err
		}
	}
	fresh, err := b.serve(s.dir)
	if err != nil {
		return s, err
	}
	b.mailed = fresh
	for end := time.Now().Add(time.Minute); time.Now().Before(end); {
		if n, err := fresh.metric(b.ctx, indexed); err != nil || n > 0 {
			return fresh, err
		}
		if err := b.sleep(10 * time.Millisecond); err != nil {
			return fresh, err
		}
	}
	return fresh, errors.New("the search index is not made anew")
}

// caughtUp waits until the index has everything.
func (b *bench) caughtUp(s *server) error {
	b.say("waiting until the search index has everything")
	for last, same := -1.0, 0; same < 30; {
		if err := b.sleep(100 * time.Millisecond); err != nil {
			return err
		}
		n, err := s.metric(b.ctx, indexed)
		if err != nil {
			return err
		}
		waiting, err := s.metric(b.ctx, behind)
		if err != nil {
			return err
		}
		same++
		if n != last || waiting > 0 {
			last, same = n, 0
		}
	}
	return nil
}

// sustained looks for the highest rate at which the index does not fall behind,
// in steps, each of a sixth of the time. What was behind before only keeps the
// index busy.
func (b *bench) sustained(s *server) error {
	const wanted = 1000
	best, beside := 0.0, ""
	for _, rate := range []float64{wanted, 1250, 1500, 1750, 2000, 2500, 3000} {
		kept, said, err := b.keepsUp(s, rate)
		if err != nil {
			return err
		}
		if kept == 0 {
			beside = said
			break
		}
		best = rate
	}
	for rate := wanted * .75; best == 0 && rate > 50; rate *= .75 {
		var err error
		if best, _, err = b.keepsUp(s, rate); err != nil {
			return err
		}
	}
	b.least("deliver, index never behind", "/s", best, wanted).beside("%s", beside)
	return nil
}

// keepsUp delivers at a rate and answers it where the index kept up, else 0 and
// what happened.
func (b *bench) keepsUp(s *server, rate float64) (kept float64, said string, err error) {
	before, err := s.metric(b.ctx, indexed)
	if err != nil {
		return 0, "", err
	}
	l, err := b.deliveries(s, b.conns, b.seconds/6, rate)
	if err != nil {
		return 0, "", err
	}
	after, err := s.metric(b.ctx, indexed)
	if err != nil {
		return 0, "", err
	}
	said = fmt.Sprintf("at %.0f/s: %.0f/s delivered, %.0f/s indexed", rate, l.rate(), (after-before)/l.took.Seconds())
	b.say("%s", said)
	// Half a second of mail is in the batches that are being made.
	if l.rate() < .97*rate || after-before < float64(l.count)-rate/2 {
		return 0, said, nil
	}
	return rate, said, nil
}
