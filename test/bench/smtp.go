package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"postroom/test/fixture"
)

// sender is one SMTP connection. The envelope is pipelined, as transfer agents do.
type sender struct {
	conn net.Conn
	in   *bufio.Reader
	r    *rand.Rand
	buf  []byte
	b    *bench
	tag  string
	n    int
}

var senders atomic.Int64

func (b *bench) sender(s *server) (*sender, error) {
	conn, err := net.DialTimeout("tcp", s.SMTP, 5*time.Second)
	if err != nil {
		return nil, err
	}
	id := senders.Add(1)
	c := &sender{conn: conn, in: bufio.NewReader(conn), b: b, tag: fmt.Sprintf("new%d", id), r: rand.New(rand.NewPCG(uint64(id), uint64(time.Now().UnixNano())))}
	conn.SetDeadline(time.Now().Add(time.Minute))
	if err = c.reply("220"); err == nil {
		if _, err = conn.Write([]byte("EHLO bench.test\r\n")); err == nil {
			err = c.reply("250")
		}
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	return c, nil
}

func (c *sender) reply(code string) error {
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		if len(line) > 3 && line[3] == '-' {
			continue
		}
		if !bytes.HasPrefix(line, []byte(code)) {
			return fmt.Errorf("SMTP said %q", strings.TrimSpace(string(line)))
		}
		return nil
	}
}

// send delivers one new message; it returns when its 250 came and how long
// after the last byte.
func (c *sender) send(to string) (at time.Time, took time.Duration, err error) {
	c.conn.SetDeadline(time.Now().Add(time.Minute))
	c.n++
	c.buf = c.b.letters.Append(c.buf[:0], c.r, c.tag, c.n, c.b.size)
	c.buf = append(c.buf, ".\r\n"...)
	if _, err := fmt.Fprintf(c.conn, "MAIL FROM:<ann@letters.test>\r\nRCPT TO:<%s>\r\nDATA\r\n", to); err != nil {
		return at, 0, err
	}
	for _, code := range []string{"250", "250", "354"} {
		if err := c.reply(code); err != nil {
			return at, 0, err
		}
	}
	if _, err := c.conn.Write(c.buf); err != nil {
		return at, 0, err
	}
	sent := time.Now()
	err = c.reply("250")
	at = time.Now()
	return at, at.Sub(sent), err
}

// load is what a run of deliveries did.
type load struct {
	count int64
	took  time.Duration
	times times
}

func (l load) rate() float64 { return float64(l.count) / l.took.Seconds() }

// deliveries sends to all mailboxes in turn, over conns connections, as fast as
// it goes or at a rate (0: as fast as it goes).
func (b *bench) deliveries(s *server, conns int, length time.Duration, rate float64) (load, error) {
	list := make([]*sender, conns)
	for i := range list {
		var err error
		if list[i], err = b.sender(s); err != nil {
			return load{}, err
		}
		defer list[i].conn.Close()
	}
	ctx, stop := context.WithCancel(b.ctx)
	defer stop()
	var next atomic.Int64
	var mu sync.Mutex
	var all load
	var fault error
	start := time.Now()
	end := start.Add(length)
	var wait sync.WaitGroup
	for _, c := range list {
		wait.Go(func() {
			var mine times
			var err error
			for err == nil && ctx.Err() == nil {
				i := next.Add(1) - 1
				if rate > 0 {
					time.Sleep(time.Until(start.Add(time.Duration(float64(i) / rate * float64(time.Second)))))
				}
				if !time.Now().Before(end) {
					break
				}
				var took time.Duration
				if _, took, err = c.send(fixture.Box(int(i)%b.mail.Boxes) + "@" + s.Organization.Domain); err == nil {
					mine = append(mine, took)
				}
			}
			mu.Lock()
			defer mu.Unlock()
			all.count += int64(len(mine))
			all.times = append(all.times, mine...)
			if err != nil && fault == nil {
				fault = err
				stop()
			}
		})
	}
	wait.Wait()
	all.took = time.Since(start)
	if fault == nil {
		fault = b.ctx.Err()
	}
	return all, fault
}
