package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"postroom/internal/app"
)

// server is Postroom in a process of its own.
type server struct {
	*app.Endpoints
	dir   string
	cmd   *exec.Cmd
	gone  chan struct{}
	tls   *tls.Config
	ready time.Duration // from its start until its ports answered
	log   string
}

// build makes the command that `make build` makes.
func (b *bench) build() error {
	b.binary = filepath.Join(b.dir, "postroom")
	cmd := exec.CommandContext(b.ctx, "go", "build", "-trimpath", "-o", b.binary, "./cmd/postroom")
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("go build ./cmd/postroom, in the repository's folder: %w", err)
	}
	return nil
}

// serve starts a server over a folder and waits until it is ready.
func (b *bench) serve(dir string) (*server, error) {
	s := &server{dir: dir, gone: make(chan struct{}), log: filepath.Join(b.dir, filepath.Base(dir)+".log")}
	file := filepath.Join(dir, "endpoints.json")
	if err := os.Remove(file); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	log, err := os.Create(s.log)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	s.cmd = exec.Command(b.binary, "dev", "--data", dir, "--ports", "0", "--log", "warn")
	s.cmd.Stdout, s.cmd.Stderr = log, log
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	start := time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		s.cmd.Wait() //nolint:errcheck // the log says why it ended
		close(s.gone)
	}()
	for end := start.Add(2 * time.Minute); ; {
		if data, err := os.ReadFile(file); err == nil && json.Unmarshal(data, &s.Endpoints) == nil {
			s.ready = time.Since(start)
			return s, s.trust()
		}
		select {
		case <-b.ctx.Done():
			s.kill()
			return nil, b.ctx.Err()
		case <-s.gone:
			text, _ := os.ReadFile(s.log)
			return nil, fmt.Errorf("the server did not start:\n%s", text)
		case <-time.After(500 * time.Microsecond):
		}
		if time.Now().After(end) {
			s.kill()
			return nil, errors.New("the server was not ready after two minutes")
		}
	}
}

func (s *server) trust() error {
	ca, err := os.ReadFile(s.CAFile)
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(ca) {
		return fmt.Errorf("%s has no certificate", s.CAFile)
	}
	s.tls = &tls.Config{RootCAs: roots, ServerName: "localhost"}
	return nil
}

func (s *server) kill() {
	s.cmd.Process.Kill() //nolint:errcheck // it may be gone
	<-s.gone
}

// stop ends it as a service manager does.
func (s *server) stop() error {
	s.cmd.Process.Signal(syscall.SIGTERM) //nolint:errcheck // gone tells
	select {
	case <-s.gone:
		return nil
	case <-time.After(40 * time.Second):
		s.kill()
		return errors.New("the server did not stop")
	}
}

// again stops it and starts it over the same folder.
func (b *bench) again(s *server) (*server, error) {
	if err := s.stop(); err != nil {
		return nil, err
	}
	return b.serve(s.dir)
}

// pss is its memory in MB: shared pages count by their share.
func (s *server) pss() (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) == 3 && f[0] == "Pss:" {
			kb, err := strconv.ParseFloat(f[1], 64)
			return kb * 1024 / 1e6, err
		}
	}
	return 0, errors.New("smaps_rollup has no Pss")
}

// tick is one of the kernel's: USER_HZ is 100 on every Linux that Go runs on.
const tick = 10 * time.Millisecond

// cpu is the time that it has used on all cores.
func (s *server) cpu() (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	f := strings.Fields(rest)
	if len(f) < 13 {
		return 0, errors.New("stat is not understood")
	}
	user, err1 := strconv.ParseInt(f[11], 10, 64)
	system, err2 := strconv.ParseInt(f[12], 10, 64)
	return time.Duration(user+system) * tick, errors.Join(err1, err2)
}

// metric reads one of its metrics, summed over its labels.
func (s *server) metric(ctx context.Context, name string) (sum float64, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.Metrics, nil)
	if err != nil {
		return 0, err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	lines := bufio.NewScanner(answer.Body)
	for lines.Scan() {
		rest, ok := strings.CutPrefix(lines.Text(), name)
		if !ok || rest == "" || rest[0] != '{' && rest[0] != ' ' {
			continue
		}
		v, err := strconv.ParseFloat(rest[strings.LastIndexByte(rest, ' ')+1:], 64)
		if err != nil {
			return 0, err
		}
		sum += v
	}
	return sum, lines.Err()
}

// sleep waits unless the run is ended.
func (b *bench) sleep(d time.Duration) error {
	select {
	case <-b.ctx.Done():
		return b.ctx.Err()
	case <-time.After(d):
		return nil
	}
}
