package main

import (
	"errors"
	"os"
	"sync"
	"time"
)

// diskTime is how long each figure of the disk is taken.
const diskTime = 2 * time.Second

// disk measures, in the servers' folder, how many appends of a message's size a
// second are lasting where writers share their fsync: who comes while one runs
// waits for the next.
func (b *bench) disk(writers int) (perSecond float64, err error) {
	f, err := os.CreateTemp(b.dir, "disk-")
	if err != nil {
		return 0, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	c := &commits{f: f, end: time.Now().Add(diskTime)}
	c.turn.L = &c.mu
	body := make([]byte, b.size)
	start := time.Now()
	var wait sync.WaitGroup
	for range writers {
		wait.Go(func() {
			for c.append(body) {
			}
		})
	}
	wait.Wait()
	return float64(c.synced) / time.Since(start).Seconds(), c.err
}

// commits is a file whose appends share their fsync.
type commits struct {
	f       *os.File
	end     time.Time
	mu      sync.Mutex
	turn    sync.Cond
	written int
	synced  int
	syncing bool
	err     error
}

// append returns when the bytes are lasting; false: the time is over.
func (c *commits) append(body []byte) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil || time.Now().After(c.end) {
		return false
	}
	if _, c.err = c.f.Write(body); c.err != nil {
		return false
	}
	c.written++
	mine := c.written
	for c.synced < mine && c.err == nil {
		if c.syncing {
			c.turn.Wait()
			continue
		}
		c.syncing = true
		upto := c.written
		c.mu.Unlock()
		err := c.f.Sync()
		c.mu.Lock()
		c.syncing, c.synced, c.err = false, upto, errors.Join(c.err, err)
		c.turn.Broadcast()
	}
	return c.err == nil
}
