// Package house runs Postroom as a process of its own, so that tests can kill it
// or take its disk away, and keeps a ledger of what it has promised: the messages
// that were answered with 250. It judges nothing but that promise.
package house

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"postroom/internal/app"
)

const (
	// folderOfChild names, in a child of a test, the folder that it serves.
	folderOfChild = "POSTROOM_TEST_CHILD"
	// gateOfChild has it wait for a byte on standard input before it begins.
	gateOfChild = "POSTROOM_TEST_GATE"
	configName  = "child.json"
)

// Exit codes of a child.
const (
	ExitRefused = 1 // it did not start; the log says why
	ExitFault   = 3 // a fault after which nothing is accepted
)

// Main is the TestMain of a package that starts children: in a child it serves.
func Main(m *testing.M) {
	if dir := os.Getenv(folderOfChild); dir != "" {
		os.Exit(serve(dir))
	}
	os.Exit(m.Run())
}

// serve is a server in a process of its own, until it is stopped or killed or
// must end.
func serve(dir string) int {
	if os.Getenv(gateOfChild) != "" {
		if _, err := io.ReadFull(os.Stdin, make([]byte, 1)); err != nil {
			return ExitRefused
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	var c app.Config
	data, err := os.ReadFile(filepath.Join(dir, configName))
	if err == nil {
		err = json.Unmarshal(data, &c)
	}
	var a *app.App
	if err == nil {
		a, _, err = app.Dev(context.Background(), c, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return ExitRefused
	}
	code := 0
	select {
	case <-ctx.Done():
	case err := <-a.Fatal():
		fmt.Fprintln(os.Stderr, "fatal:", err)
		code = ExitFault
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := a.Close(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	return code
}

// Child is a server in a process of its own. It ends with the test.
type Child struct {
	*app.Endpoints
	Config  app.Config
	Process *os.Process
	t       testing.TB
	cmd     *exec.Cmd
	log     string
	gate    io.WriteCloser
	gone    chan struct{}
	once    sync.Once
}

// Options of a child.
type Options struct {
	Wrap []string // a command that runs the child: prlimit, sh -c 'ulimit …; exec "$@"' sh
	Env  []string
	// Gate has the child wait until Open.
	Gate bool
	// Beside: another server has the folder.
	Beside bool
}

// Config is the configuration of a server in a folder, on free ports.
func Config(t testing.TB, dir string) app.Config {
	t.Helper()
	c, err := app.DevConfig(dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Start starts a server and waits for its endpoints.
func Start(t testing.TB, c app.Config, options ...Options) *Child {
	t.Helper()
	child := Launch(t, c, options...)
	child.Ready()
	return child
}

// Launch starts a server and does not wait.
func Launch(t testing.TB, c app.Config, options ...Options) *Child {
	t.Helper()
	var o Options
	if len(options) > 0 {
		o = options[0]
	}
	data, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(c.Data, configName), data, 0o600); err != nil {
		t.Fatal(err)
	}
	if !o.Beside {
		os.Remove(filepath.Join(c.Data, "endpoints.json"))
	}
	log, err := os.CreateTemp(t.TempDir(), "child-*.log")
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	words := append(append([]string(nil), o.Wrap...), os.Args[0])
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Env = append(append(os.Environ(), folderOfChild+"="+c.Data), o.Env...)
	cmd.Stderr = log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	child := &Child{Config: c, t: t, cmd: cmd, log: log.Name(), gone: make(chan struct{})}
	if o.Gate {
		cmd.Env = append(cmd.Env, gateOfChild+"=1")
		if child.gate, err = cmd.StdinPipe(); err != nil {
			t.Fatal(err)
		}
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	child.Process = cmd.Process
	go func() {
		cmd.Wait() //nolint:errcheck // Exit tells how it ended
		close(child.gone)
	}()
	t.Cleanup(child.Kill)
	return child
}

// Open lets a child go that waits at its gate.
func (c *Child) Open() {
	c.t.Helper()
	if _, err := c.gate.Write([]byte{1}); err != nil {
		c.t.Fatal(err)
	}
}

// Ready waits until all ports answer.
func (c *Child) Ready() {
	c.t.Helper()
	if err := c.TryReady(60 * time.Second); err != nil {
		c.t.Fatalf("the server did not start: %v\n%s", err, c.Log())
	}
}

// TryReady is Ready with an error, where the child has ended or takes too long.
func (c *Child) TryReady(within time.Duration) error {
	file := filepath.Join(c.Config.Data, "endpoints.json")
	for end := time.Now().Add(within); time.Now().Before(end); {
		if data, err := os.ReadFile(file); err == nil {
			c.Endpoints = &app.Endpoints{}
			return json.Unmarshal(data, c.Endpoints)
		}
		select {
		case <-c.gone:
			return fmt.Errorf("it ended with %v", c.cmd.ProcessState)
		case <-time.After(2 * time.Millisecond):
		}
	}
	return errors.New("it took too long")
}

// Kill ends the child as kill -9 does, and waits until it is gone.
func (c *Child) Kill() {
	c.once.Do(func() { c.Process.Kill() }) //nolint:errcheck // it may be gone
	<-c.gone
}

// Stop ends the child as a service manager does.
func (c *Child) Stop() {
	c.t.Helper()
	c.Process.Signal(syscall.SIGTERM) //nolint:errcheck // Exit tells
	if code := c.Exit(20 * time.Second); code != 0 {
		c.t.Fatalf("the server stopped with %d:\n%s", code, c.Log())
	}
}

// Exit waits until the child has ended by itself and returns its exit code.
func (c *Child) Exit(within time.Duration) int {
	c.t.Helper()
	select {
	case <-c.gone:
	case <-time.After(within):
		c.t.Fatalf("the server did not end:\n%s", c.Log())
	}
	return c.cmd.ProcessState.ExitCode()
}

// Gone is closed when the child has ended.
func (c *Child) Gone() <-chan struct{} { return c.gone }

// Log returns what the child has said on standard error, at most the last 16 KiB.
func (c *Child) Log() string {
	text, err := os.ReadFile(c.log)
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-16<<10):])
}
