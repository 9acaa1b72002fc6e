package script

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// Row 12: a first start (migrations, keys, first administrator, sample) that is
// killed at any moment is taken up again by the next.
func TestKilledAtStart(t *testing.T) {
	for delay := 5 * time.Millisecond; delay < 700*time.Millisecond; delay = delay * 3 / 2 {
		t.Run(delay.String(), func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "d")
			first := exec.Command("postroom", "dev", "--data", dir, "--ports", "0")
			if err := first.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(delay) // the moment of the kill is the test's input
			first.Process.Kill()
			first.Wait()
			os.Remove(filepath.Join(dir, "endpoints.json"))

			var says bytes.Buffer
			again := exec.Command("postroom", "dev", "--data", dir, "--ports", "0")
			again.Stderr, again.Stdout = &says, &says
			if err := again.Start(); err != nil {
				t.Fatal(err)
			}
			ended := make(chan error, 1)
			go func() { ended <- again.Wait() }()
			file := filepath.Join(dir, "endpoints.json")
			for end := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
				if _, err := os.Stat(file); err == nil {
					break
				}
				select {
				case err := <-ended:
					t.Fatalf("the second start ended: %v\n%s", err, &says)
				default:
				}
				if time.Now().After(end) {
					t.Fatal("the second start does not get ready")
				}
			}
			for _, c := range [][]string{{"user", "show", "bob", "--endpoints", file}, {"verify", "--data", dir}} {
				if out, err := exec.Command("postroom", c...).CombinedOutput(); err != nil {
					t.Errorf("%v: %v\n%s", c, err, out)
				}
			}
			again.Process.Signal(os.Interrupt)
			if err := <-ended; err != nil {
				t.Errorf("%v\n%s", err, &says)
			}
		})
	}
}
