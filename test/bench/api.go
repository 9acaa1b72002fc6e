package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
	"postroom/internal/wire/sigv4"
)

// caller makes signed calls over one connection that is kept. It writes and
// reads in place: the load must not cost more than what it measures.
type caller struct {
	s    *server
	conn net.Conn
	in   *bufio.Reader
	out  *bufio.Writer
}

// callers is how many connections call at once.
const callers = 8

func (s *server) caller() (*caller, error) {
	at, err := url.Parse(s.API)
	if err != nil {
		return nil, err
	}
	conn, err := net.DialTimeout("tcp", at.Host, 5*time.Second)
	if err != nil {
		return nil, err
	}
	return &caller{s, conn, bufio.NewReader(conn), bufio.NewWriter(conn)}, nil
}

// call runs one operation; into may be nil.
func (c *caller) call(operation string, in map[string]any, into any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	r, err := http.NewRequest(http.MethodPost, c.s.API, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	if !strings.Contains(operation, ".") {
		operation = "WorkMailService." + operation
	}
	r.Header.Set("X-Amz-Target", operation)
	sigv4.Sign(r, body, c.s.AccessKey.ID, c.s.AccessKey.Secret, c.s.Region, "workmail", time.Now())
	c.conn.SetDeadline(time.Now().Add(30 * time.Second))
	if err := errors.Join(r.Write(c.out), c.out.Flush()); err != nil {
		return err
	}
	answer, err := http.ReadResponse(c.in, r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s %s", operation, answer.Status, text)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(text, into)
}

// many calls f for 0, 1, 2 … over several connections and returns the rate.
func (b *bench) many(s *server, length time.Duration, f func(c *caller, i int64) error) (float64, error) {
	list := make([]*caller, callers)
	for i := range list {
		var err error
		if list[i], err = s.caller(); err != nil {
			return 0, err
		}
		defer list[i].conn.Close()
	}
	var next, done atomic.Int64
	faults := make(chan error, callers)
	start := time.Now()
	var wait sync.WaitGroup
	for _, c := range list {
		wait.Go(func() {
			for time.Since(start) < length && b.ctx.Err() == nil {
				if err := f(c, next.Add(1)-1); err != nil {
					faults <- err
					return
				}
				done.Add(1)
			}
		})
	}
	wait.Wait()
	took := time.Since(start)
	select {
	case err := <-faults:
		return 0, err
	default:
		return float64(done.Load()) / took.Seconds(), b.ctx.Err()
	}
}

// userName is how dirstore.FillUsers names them; the first two numbers are the
// users that were there.
func userName(i int) string { return fmt.Sprintf("user%07d", i) }

// list measures the first page of users and the last one.
func (b *bench) list() error {
	s, err := b.onDirectory()
	if err != nil {
		return err
	}
	c, err := s.caller()
	if err != nil {
		return err
	}
	defer c.conn.Close()
	var before struct{ UserId string }
	if err := c.call("DescribeUser", map[string]any{"OrganizationId": s.Organization.ID, "UserId": userName(b.users - 101)}, &before); err != nil {
		return err
	}
	for _, p := range []struct{ name, token, first string }{
		{"first", "", ""},
		{"last", directory.PageToken(directory.IndexName, userName(b.users-101), ids.Entry(before.UserId)), userName(b.users - 100)},
	} {
		in := map[string]any{"OrganizationId": s.Organization.ID, "MaxResults": 100}
		if p.token != "" {
			in["NextToken"] = p.token
		}
		var list times
		for range 200 {
			var page struct {
				Users     []struct{ Name string }
				NextToken string
			}
			start := time.Now()
			if err := c.call("ListUsers", in, &page); err != nil {
				return err
			}
			list = append(list, time.Since(start))
			if len(page.Users) != 100 || p.first != "" && (page.Users[0].Name != p.first || page.NextToken != "") {
				return fmt.Errorf("the %s page has %d users, %+v first", p.name, len(page.Users), page.Users[:min(1, len(page.Users))])
			}
		}
		b.below(fmt.Sprintf("ListUsers, %s 100 of %d", p.name, b.users), "ms", ms(list.at(.5)), 5).
			beside("first call %s ms, p99 %s ms", number(ms(list[0])), number(ms(list.at(.99))))
	}
	return b.find(c, s.Organization.ID)
}

// find measures what the console's list of users asks.
func (b *bench) find(c *caller, org string) error {
	for _, p := range []struct {
		name string
		in   map[string]any
	}{
		{"first page", map[string]any{}},
		{"last page, by display name", map[string]any{"SortBy": "DISPLAY_NAME", "Offset": b.users - 100}},
		{"those that begin with user0000", map[string]any{"Query": "user0000"}},
		{"those that begin with u, of all", map[string]any{"Query": "u", "SortBy": "EMAIL"}},
	} {
		p.in["OrganizationId"] = org
		var list times
		for range 200 {
			var page struct {
				Users []struct{ Name string }
				Total int
			}
			start := time.Now()
			if err := c.call("Postroom.FindUsers", p.in, &page); err != nil {
				return err
			}
			list = append(list, time.Since(start))
			if len(page.Users) != 100 || page.Total < 100 {
				return fmt.Errorf("FindUsers, %s: %d users of %d", p.name, len(page.Users), page.Total)
			}
		}
		b.below(fmt.Sprintf("FindUsers, %s of %d", p.name, b.users), "ms", ms(list.at(.5)), 20).
			beside("first call %s ms, p99 %s ms", number(ms(list[0])), number(ms(list.at(.99))))
	}
	return nil
}

// api measures calls over HTTP with their signatures checked.
func (b *bench) api() error {
	s, err := b.onDirectory()
	if err != nil {
		return err
	}
	describe, err := b.many(s, b.seconds/6, func(c *caller, _ int64) error {
		return c.call("DescribeUser", map[string]any{"OrganizationId": s.Organization.ID, "UserId": userName(2 + rand.IntN(b.users-2))}, nil)
	})
	if err != nil {
		return err
	}
	rate, err := b.disk(callers)
	if err != nil {
		return err
	}
	create, err := b.many(s, b.seconds/6, func(c *caller, i int64) error {
		name := fmt.Sprintf("new%08d", i)
		return c.call("CreateUser", map[string]any{"OrganizationId": s.Organization.ID, "Name": name, "DisplayName": name}, nil)
	})
	if err != nil {
		return err
	}
	b.least(fmt.Sprintf("DescribeUser, %d connections, any of %d", callers, b.users), "/s", describe, 5000)
	b.least(fmt.Sprintf("CreateUser without password, %d connections", callers), "/s", create, 1000).
		disk(rate, fmt.Sprintf("lasting appends, %d writers", callers))
	return nil
}
