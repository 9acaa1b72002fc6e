// Package clock gives the time, so that tests can move it. It never sleeps.
package clock

import (
	"sync"
	"time"
)

// Clock tells the time.
type Clock interface{ Now() time.Time }

// System is the machine's clock.
var System Clock = system{}

type system struct{}

func (system) Now() time.Time { return time.Now() }

// Set is a clock that stands still until it is moved.
type Set struct {
	mu  sync.Mutex
	now time.Time
}

// At returns a Set that shows t.
func At(t time.Time) *Set { return &Set{now: t} }

func (s *Set) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// Move turns the clock by d, which may be negative.
func (s *Set) Move(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}
