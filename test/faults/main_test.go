// Package faults takes the ground from under a whole running server: disks that
// fail, fill up or lose power, files that are cut or gone, too few descriptors,
// too little memory, a clock that runs backwards. What was answered with 250
// must be there, exactly once, or the server must say why it does not start.
package faults

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"postroom/test/house"
	"postroom/test/services"
)

func TestMain(m *testing.M) {
	signal.Ignore(syscall.SIGPIPE)
	house.Main(m)
}

// rounds is how often a test that draws its faults at random does so: a sample,
// or TORTURE_ROUNDS.
func rounds(sample int) int {
	if n, err := strconv.Atoi(os.Getenv("TORTURE_ROUNDS")); err == nil && n > 0 {
		return max(n, sample)
	}
	return sample
}

// attach has strace watch a process and returns when it does.
func attach(t *testing.T, pid int, args ...string) (stop func()) {
	t.Helper()
	args = append([]string{"-f", "-p", strconv.Itoa(pid)}, args...)
	cmd := exec.Command(services.Program(t, "strace"), args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	attached := make(chan string, 1)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		var text strings.Builder
		for in := bufio.NewScanner(said); in.Scan(); {
			if text.Len() < 4096 {
				text.WriteString(in.Text() + "\n")
			}
			if strings.Contains(in.Text(), " attached") {
				select {
				case attached <- "":
				default:
				}
			}
		}
		io.Copy(io.Discard, said)
		cmd.Wait()
		select {
		case attached <- text.String():
		default:
		}
	}()
	var once sync.Once
	stop = func() {
		once.Do(func() { cmd.Process.Signal(syscall.SIGTERM) })
		<-ended
	}
	t.Cleanup(stop)
	select {
	case fault := <-attached:
		if fault != "" {
			t.Fatalf("strace: %s", fault)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("strace does not attach")
	}
	return stop
}

// tmpfs is a small disk of its own.
func tmpfs(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "mode=700,size="+size); err != nil {
		t.Fatalf("a tmpfs needs root: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// region is the folder of the region that the sample organization lies in.
func region(dir string) string { return filepath.Join(dir, "regions", "us-east-1") }
