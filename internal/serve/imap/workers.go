package imap

import (
	"slices"
	"sync"
	"time"
)

// workers run commands on goroutines of their own that come back to a pool, so
// that the thousands that wait for a client's next line keep the smallest stack.
// The last that fell idle is taken first: the others soon end.
type workers struct {
	mu   sync.Mutex
	idle []chan job // of each idle worker, with room for one
}

type job struct {
	run  func()
	done chan<- struct{} // may be nil
}

const workerIdle = 5 * time.Second

// do runs f and returns when it has. done is the caller's own, with room for one.
func (w *workers) do(f func(), done chan struct{}) {
	w.give(job{f, done})
	<-done
}

// start has f run and does not wait for it.
func (w *workers) start(f func()) { w.give(job{run: f}) }

func (w *workers) give(j job) {
	w.mu.Lock()
	var to chan job
	if n := len(w.idle); n > 0 {
		to = w.idle[n-1]
		w.idle[n-1] = nil
		w.idle = w.idle[:n-1]
	}
	w.mu.Unlock()
	if to == nil {
		go w.work(j)
		return
	}
	to <- j
}

func (w *workers) work(j job) {
	jobs := make(chan job, 1)
	end := time.NewTimer(workerIdle)
	defer end.Stop()
	for {
		j.run()
		w.mu.Lock()
		w.idle = append(w.idle, jobs) // before done, so that who waits for it finds this one again
		w.mu.Unlock()
		if j.done != nil {
			j.done <- struct{}{}
		}
		j = job{}
		end.Reset(workerIdle)
		select {
		case j = <-jobs:
		case <-end.C:
			if w.leave(jobs) {
				return
			}
			j = <-jobs
		}
	}
}

// leave takes an idle worker out; false is that it has just been given a job.
func (w *workers) leave(jobs chan job) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.Index(w.idle, jobs)
	if i < 0 {
		return false
	}
	w.idle = slices.Delete(w.idle, i, i+1)
	if len(w.idle) == 0 {
		w.idle = nil
	}
	return true
}
