package services

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// keepOnly runs a server in a folder that stays, until its standard input or its
// time ends. A stopped (SIGSTOP) server is killed too.
const keepOnly = `
log=$1 within=$2; shift 2
"$@" >>"$log" 2>&1 </dev/null &
pid=$!
echo $pid >"$log.pid"
(sleep "$within"; kill -KILL $pid) >/dev/null 2>&1 </dev/null &
timer=$!
cat >/dev/null
kill -TERM $pid 2>/dev/null
n=0
while kill -0 $pid 2>/dev/null && [ $n -lt 30 ]; do sleep 0.1; n=$((n+1)); done
pkill -KILL -P $timer 2>/dev/null
kill -KILL $timer $pid 2>/dev/null
wait $pid 2>/dev/null
`

// processTime is how long a server of a test lives at most.
const processTime = 30 * time.Minute

// Process is a server over a folder, which a test may stop, freeze and start
// again. It ends with the test, with the test binary, and after 30 minutes.
type Process struct {
	log     string
	command []string

	mu    sync.Mutex
	stdin io.WriteCloser
	gone  chan struct{}
}

// Keep makes a Process that writes its output to the file log; Start starts it.
func Keep(t testing.TB, log string, command ...string) *Process {
	p := &Process{log: log, command: command}
	t.Cleanup(p.Stop)
	return p
}

// Start runs it and polls ready until it succeeds, 20 s at most.
func (p *Process) Start(ready func(context.Context) error) error {
	p.mu.Lock()
	cmd := exec.Command("/bin/sh", append([]string{"-c", keepOnly, "keeper", p.log, fmt.Sprint(int(processTime.Seconds()))}, p.command...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	stdin, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		p.mu.Unlock()
		return err
	}
	gone := make(chan struct{})
	p.stdin, p.gone = stdin, gone
	p.mu.Unlock()
	go func() {
		_ = cmd.Wait() // the keeper's own exit code tells nothing
		close(gone)
	}()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	for {
		err := ready(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			p.Stop()
			log, _ := os.ReadFile(p.log)
			return fmt.Errorf("%s is not ready: %w\n%s", filepath.Base(p.command[0]), err, strings.TrimSpace(string(log[max(0, len(log)-4000):])))
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Stop ends it and waits; one that does not run is no error.
func (p *Process) Stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stdin == nil {
		return
	}
	p.stdin.Close()
	<-p.gone
	p.stdin = nil
}

// Freeze makes it hang: it keeps its connections and answers nothing. Thaw lets it go on.
func (p *Process) Freeze() error { return p.signal(syscall.SIGSTOP) }

// Thaw ends Freeze.
func (p *Process) Thaw() error { return p.signal(syscall.SIGCONT) }

// signal goes to the server, whose id the keeper wrote.
func (p *Process) signal(s syscall.Signal) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stdin == nil {
		return fmt.Errorf("services: it does not run")
	}
	text, err := os.ReadFile(p.log + ".pid")
	if err != nil {
		return err
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return err
	}
	if err := syscall.Kill(pid, s); err != nil || s != syscall.SIGSTOP {
		return err
	}
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) { // a stop comes a moment later
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			return err
		}
		if _, after, _ := strings.Cut(string(stat), ") "); strings.HasPrefix(after, "T") {
			return nil
		}
	}
	return fmt.Errorf("services: process %d does not stop", pid)
}
