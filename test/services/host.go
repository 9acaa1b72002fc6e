package services

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"testing"
)

// Host stands for a test in programs that are none, such as benchmarks, where
// servers are started that want one. It is as much of a testing.TB as they use;
// anything else panics.
type Host struct {
	testing.TB
	Dir  string // folders are made below it
	last []func()
}

// NewHost keeps folders below dir. End it.
func NewHost(dir string) *Host {
	testing.Init() // Program asks for -short
	if !flag.Parsed() {
		_ = flag.CommandLine.Parse(nil) // nothing to parse, nothing to fail
	}
	return &Host{Dir: dir}
}

func (h *Host) Helper()           {}
func (h *Host) Cleanup(f func())  { h.last = append(h.last, f) }
func (h *Host) Fatal(args ...any) { panic(failure{fmt.Sprint(args...)}) }
func (h *Host) Fatalf(format string, args ...any) {
	panic(failure{fmt.Sprintf(format, args...)})
}

func (h *Host) TempDir() string {
	dir, err := os.MkdirTemp(h.Dir, "host-")
	if err != nil {
		h.Fatal(err)
	}
	return dir
}

// Do runs fn and answers what would have ended the test, or fn's error.
func (h *Host) Do(fn func() error) (err error) {
	defer func() {
		switch f := recover().(type) {
		case nil:
		case failure:
			err = f
		default:
			panic(f)
		}
	}()
	return fn()
}

// End ends the servers.
func (h *Host) End() {
	for _, f := range slices.Backward(h.last) {
		f()
	}
	h.last = nil
}

// failure is what a test would end with.
type failure struct{ text string }

func (f failure) Error() string { return f.text }
