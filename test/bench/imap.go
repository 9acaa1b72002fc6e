package main

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"postroom/test/fixture"
)

// client is an IMAP connection over TLS that reads as little as it can.
type client struct {
	conn *tls.Conn
	in   *bufio.Reader
	tag  int
}

// dial signs in.
func (s *server) dial(user, password string) (*client, error) {
	c, err := s.greeted()
	if err != nil {
		return nil, err
	}
	if _, err = c.do(fmt.Sprintf("LOGIN %q %q", user, password)); err != nil {
		c.conn.Close()
		return nil, err
	}
	return c, nil
}

// greeted connects and reads the greeting.
func (s *server) greeted() (*client, error) {
	conn, err := tls.DialWithDialer(&net.Dialer{Timeout: 30 * time.Second}, "tcp", s.IMAPS, s.tls)
	if err != nil {
		return nil, err
	}
	c := &client{conn: conn, in: bufio.NewReaderSize(conn, 4096)}
	if err = conn.SetDeadline(time.Now().Add(5 * time.Minute)); err == nil {
		_, err = c.line()
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	return c, nil
}

func (c *client) line() ([]byte, error) {
	line, err := c.in.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) { // only its start counts
		start := append([]byte(nil), line...)
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = c.in.ReadSlice('\n')
		}
		return start, err
	}
	return line, err
}

func (c *client) begin(command string) (tag string, err error) {
	c.tag++
	tag = "a" + strconv.Itoa(c.tag) + " "
	_, err = io.WriteString(c.conn, tag+command+"\r\n")
	return tag, err
}

// do runs a command without literals in its answer and counts the untagged lines.
func (c *client) do(command string) (untagged int, err error) {
	tag, err := c.begin(command)
	if err != nil {
		return 0, err
	}
	for {
		line, err := c.line()
		switch {
		case err != nil:
			return untagged, err
		case line[0] == '*':
			untagged++
		case strings.HasPrefix(string(line), tag):
			if !strings.HasPrefix(string(line), tag+"OK") {
				return untagged, fmt.Errorf("%s: %q", strings.Fields(command)[0], strings.TrimSpace(string(line)))
			}
			return untagged, nil
		}
	}
}

// firstByte runs a FETCH of one literal and returns when its first byte came;
// the rest is read.
func (c *client) firstByte(command string) (time.Duration, int, error) {
	start := time.Now()
	tag, err := c.begin(command)
	if err != nil {
		return 0, 0, err
	}
	line, err := c.line()
	if err != nil {
		return 0, 0, err
	}
	text := strings.TrimSpace(string(line))
	open := strings.LastIndexByte(text, '{')
	if open < 0 {
		return 0, 0, fmt.Errorf("FETCH: %q has no literal", text)
	}
	size, err := strconv.Atoi(strings.TrimSuffix(text[open+1:], "}"))
	if err != nil {
		return 0, 0, err
	}
	if _, err := c.in.ReadByte(); err != nil {
		return 0, 0, err
	}
	took := time.Since(start)
	if _, err := io.CopyN(io.Discard, c.in, int64(size-1)); err != nil {
		return 0, 0, err
	}
	for {
		if line, err := c.line(); err != nil || strings.HasPrefix(string(line), tag) {
			return took, size, err
		}
	}
}

// timed runs a command that must have so many untagged lines at least.
func (c *client) timed(command string, lines int) (time.Duration, error) {
	start := time.Now()
	n, err := c.do(command)
	took := time.Since(start)
	if err == nil && n < lines {
		err = fmt.Errorf("%s: %d lines, want %d", command, n, lines)
	}
	return took, err
}

// fetch lists a large folder, first in a process that has not seen it.
func (b *bench) fetch() error {
	s, err := b.onMail()
	if err != nil {
		return err
	}
	if s, err = b.again(s); err != nil {
		return err
	}
	b.mailed = s
	c, err := s.dial(s.Users[0].Email, s.Users[0].Password)
	if err != nil {
		return err
	}
	defer c.conn.Close()
	selected, err := c.timed("SELECT INBOX", 4)
	if err != nil {
		return err
	}
	first, err := c.timed("FETCH 1:* (FLAGS UID)", b.mail.Big)
	if err != nil {
		return err
	}
	var again, selects times
	for range 5 {
		took, err := c.timed("FETCH 1:* (FLAGS UID)", b.mail.Big)
		if err != nil {
			return err
		}
		again = append(again, took)
	}
	for range 20 {
		took, err := c.timed("SELECT INBOX", 4)
		if err != nil {
			return err
		}
		selects = append(selects, took)
	}
	of := fmt.Sprintf(" of %d", b.mail.Big)
	b.below("FETCH 1:* (FLAGS UID)"+of+", first", "s", first.Seconds(), .3)
	b.below("FETCH 1:* (FLAGS UID)"+of+", again", "s", again.at(.5).Seconds(), .3)
	b.below("SELECT"+of+", first", "ms", ms(selected), 10)
	b.below("SELECT"+of+", again", "ms", ms(selects.at(.5)), 10)
	return nil
}

// lastMB asks for the end of the huge message.
func (b *bench) lastMB() error {
	s, err := b.onMail()
	if err != nil {
		return err
	}
	if s, err = b.again(s); err != nil {
		return err
	}
	b.mailed = s
	c, err := s.dial(s.Users[1].Email, s.Users[1].Password)
	if err != nil {
		return err
	}
	defer c.conn.Close()
	if _, err := c.do("SELECT INBOX"); err != nil {
		return err
	}
	var list times
	const mb = 1 << 20
	for range 10 {
		took, size, err := c.firstByte(fmt.Sprintf("UID FETCH 1 (BODY.PEEK[]<%d.%d>)", b.mail.Huge/mb*mb-mb, mb))
		if err != nil {
			return err
		}
		if size < mb/2 {
			return fmt.Errorf("the last MB has %d bytes", size)
		}
		list = append(list, took)
	}
	name := fmt.Sprintf("first byte of the last MB of %d MB", b.mail.Huge/1_000_000)
	b.below(name+", first", "ms", ms(list[0]), 50)
	b.below(name+", again", "ms", ms(list[1:].at(.5)), 50)
	return nil
}

// idle opens connections that wait in IDLE, in a process that has just started.
func (b *bench) idle() error {
	s, err := b.onMail()
	if err != nil {
		return err
	}
	if s, err = b.again(s); err != nil {
		return err
	}
	b.mailed = s
	if err := b.caughtUp(s); err != nil {
		return err
	}
	before, err := s.pss()
	if err != nil {
		return err
	}
	users := b.mail.Passwords
	dial := func(i int) (*client, error) {
		c, err := s.dial(fixture.Box(i%users)+"@"+s.Organization.Domain, fixture.Password)
		if err == nil {
			_, err = c.do("SELECT INBOX")
		}
		return c, err
	}
	// Each user once, one after another: few passwords are proved at once.
	for i := range users {
		c, err := dial(i)
		if err != nil {
			return err
		}
		c.conn.Close()
	}
	list := make([]*client, b.idlers)
	faults := make(chan error, 4)
	var wait sync.WaitGroup
	for w := range 4 {
		wait.Go(func() {
			for i := w; i < len(list); i += 4 {
				c, err := dial(i)
				if list[i] = c; err == nil {
					if _, err = c.begin("IDLE"); err == nil {
						_, err = c.line()
					}
				}
				if err != nil {
					faults <- err
					return
				}
			}
		})
	}
	wait.Wait()
	for _, c := range list {
		if c != nil {
			defer c.conn.Close()
		}
	}
	select {
	case err := <-faults:
		return err
	case <-time.After(5 * time.Second):
	}
	after, err := s.pss()
	if err != nil {
		return err
	}
	b.below(fmt.Sprintf("%d idle IMAP connections over TLS", len(list)), "MB", after-before, 40).
		beside("from %s to %s MB; %s kB each", number(before), number(after), number((after-before)*1000/float64(len(list))))
	return nil
}

// notify measures from the sender's 250 to EXISTS at a reader in IDLE.
func (b *bench) notify() error {
	s, err := b.onMail()
	if err != nil {
		return err
	}
	to := s.Users[1].Email
	c, err := s.dial(to, s.Users[1].Password)
	if err != nil {
		return err
	}
	defer c.conn.Close()
	if _, err := c.do("SELECT INBOX"); err != nil {
		return err
	}
	if _, err := c.begin("IDLE"); err != nil {
		return err
	}
	if _, err := c.line(); err != nil {
		return err
	}
	heard := make(chan time.Time, 64)
	fault := make(chan error, 1)
	go func() {
		for {
			line, err := c.line()
			if err != nil {
				fault <- err
				return
			}
			if strings.HasSuffix(strings.TrimSpace(string(line)), "EXISTS") {
				heard <- time.Now()
			}
		}
	}()
	w, err := b.sender(s)
	if err != nil {
		return err
	}
	defer w.conn.Close()
	var list, whole times
	for range 200 {
		at, took, err := w.send(to)
		if err != nil {
			return err
		}
		select {
		case then := <-heard:
			list = append(list, max(0, then.Sub(at)))
			whole = append(whole, max(0, then.Sub(at.Add(-took))))
		case err := <-fault:
			return err
		case <-time.After(10 * time.Second):
			return fmt.Errorf("no push within ten seconds")
		}
		if err := b.sleep(5 * time.Millisecond); err != nil {
			return err
		}
	}
	b.below("250 to IDLE push, p50", "ms", ms(list.at(.5)), 20).beside("%s ms from the last byte", number(ms(whole.at(.5))))
	b.below("250 to IDLE push, p99", "ms", ms(list.at(.99)), 20).beside("%s ms from the last byte", number(ms(whole.at(.99))))
	return nil
}
