package main

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// use is a moment of the machine's processors.
type use struct {
	at             time.Time
	all, ours, srv time.Duration
}

// used looks at what all processes, this one and the server have used so far.
func (s *server) used() (u use, err error) {
	u.at = time.Now()
	if u.srv, err = s.cpu(); err != nil {
		return u, err
	}
	var self syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &self); err != nil {
		return u, err
	}
	u.ours = time.Duration(self.Utime.Nano() + self.Stime.Nano())
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return u, err
	}
	line, _, _ := strings.Cut(string(text), "\n")
	f := strings.Fields(line)
	if len(f) < 9 || f[0] != "cpu" {
		return u, errors.New("/proc/stat is not understood")
	}
	for i, text := range f[1:9] {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return u, err
		}
		if i != 3 && i != 4 { // idle, waiting for the disk
			u.all += time.Duration(n) * tick
		}
	}
	return u, nil
}

// since returns how many cores the server, this process and others had on average.
func (u use) since(before use) (server, load, others float64) {
	took := u.at.Sub(before.at).Seconds()
	server, load = (u.srv-before.srv).Seconds()/took, (u.ours-before.ours).Seconds()/took
	return server, load, max(0, (u.all-before.all).Seconds()/took-server-load)
}
