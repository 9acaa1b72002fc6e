package imap

import "time"

// workers run commands on goroutines of their own that come back to a pool, so
// that the thousands that wait for a client's next line keep the small stack
// that reading a line needs.
type workers struct{ jobs chan job }

type job struct {
	run  func()
	done chan<- struct{}
}

func newWorkers() *workers { return &workers{make(chan job)} }

const workerIdle = 5 * time.Second

// do runs f and returns when it has. done is the caller's own, with room for one.
func (w *workers) do(f func(), done chan struct{}) {
	j := job{f, done}
	select {
	case w.jobs <- j:
	default:
		go w.work(j)
	}
	<-done
}

func (w *workers) work(j job) {
	idle := time.NewTimer(workerIdle)
	defer idle.Stop()
	for {
		j.run()
		j.done <- struct{}{}
		j = job{}
		idle.Reset(workerIdle)
		select {
		case j = <-w.jobs:
		case <-idle.C:
			return
		}
	}
}
