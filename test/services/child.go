package services

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// keeper runs a server and waits for the end of its standard input, which comes
// with the end of the test binary, even by kill -9. Then it stops the server,
// waits at most 10 s for it, and removes the folder.
const keeper = `
dir=$1 signal=$2; shift 2
"$@" >"$dir/log" 2>&1 &
pid=$!
cat >/dev/null
kill -"$signal" $pid 2>/dev/null
n=0
while kill -0 $pid 2>/dev/null && [ $n -lt 100 ]; do sleep 0.1; n=$((n+1)); done
kill -KILL $pid 2>/dev/null
rm -rf "$dir"
`

// child is a running server under its keeper.
type child struct {
	dir   string
	stdin io.WriteCloser // held open as long as the server shall run
	gone  chan struct{}  // closed when the keeper has ended
}

// start runs a command in dir, as another user where cred is set. signal is the
// name of the one that makes the server stop quickly.
func start(dir, signal string, cred *syscall.Credential, command ...string) (*child, error) {
	cmd := exec.Command("/bin/sh", append([]string{"-c", keeper, "keeper", dir, signal}, command...)...)
	cmd.Dir = dir
	// A group of its own: Ctrl-C reaches the tests, and the servers by their end.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: cred}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	c := &child{dir: dir, stdin: stdin, gone: make(chan struct{})}
	go func() {
		_ = cmd.Wait() // the keeper's own exit code tells nothing
		close(c.gone)
	}()
	return c, nil
}

// stop ends the server and waits until its folder is gone.
func (c *child) stop() {
	c.stdin.Close()
	<-c.gone
}

// ready polls try until it succeeds or the time is up; the error then has the
// end of the server's log.
func (c *child) ready(within time.Duration, try func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	for {
		err := try(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("not ready after %v: %w\n%s", within, err, c.logTail())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (c *child) logTail() string {
	log, err := os.ReadFile(filepath.Join(c.dir, "log"))
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(log[max(0, len(log)-4000):]))
}
