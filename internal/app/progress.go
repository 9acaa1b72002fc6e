package app

import (
	"sync"
	"time"
)

// Step tells how far a long command is. Total 0 is not known.
type Step struct {
	What  string `json:"what"`
	Done  int64  `json:"done"`
	Total int64  `json:"total,omitempty"`
	Unit  string `json:"unit,omitempty"` // bytes, rows, messages
}

// Progress gets the steps of a command, from one goroutine; nil ignores them.
type Progress func(Step)

// stepEvery bounds how often steps are told.
const stepEvery = 100 * time.Millisecond

// meter counts one part of a command.
type meter struct {
	mu   sync.Mutex
	tell Progress
	step Step
	last time.Time
}

func (p Progress) start(what, unit string, total int64) *meter {
	m := &meter{tell: p, step: Step{What: what, Unit: unit, Total: total}}
	m.set(0)
	return m
}

func (m *meter) add(n int64) { m.mu.Lock(); defer m.mu.Unlock(); m.to(m.step.Done+n, m.step.Total) }

func (m *meter) set(done int64) { m.mu.Lock(); defer m.mu.Unlock(); m.to(done, m.step.Total) }

func (m *meter) at(done, total int64) { m.mu.Lock(); defer m.mu.Unlock(); m.to(done, total) }

func (m *meter) to(done, total int64) {
	m.step.Done, m.step.Total = done, total
	if m.tell == nil || time.Since(m.last) < stepEvery && (total == 0 || done < total) {
		return
	}
	m.last = time.Now()
	m.tell(m.step)
}

// Write counts what is copied through it.
func (m *meter) Write(p []byte) (int, error) { m.add(int64(len(p))); return len(p), nil }
