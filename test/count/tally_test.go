package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestRealRuns feeds the tally with what go test really prints for small modules.
func TestRealRuns(t *testing.T) {
	for _, tc := range []struct {
		name, code string
		skipsOK    bool
		ok         bool
		last       string
		has        []string
	}{
		{
			name: "all pass, leaves count", ok: true, last: "3 passed, 0 failed",
			code: `func TestA(t *testing.T) {}
func TestB(t *testing.T) { t.Run("x", func(t *testing.T) {}); t.Run("y", func(t *testing.T) {}) }`,
		},
		{
			name: "one subtest fails, its parent is not counted again", last: "2 passed, 1 failed",
			code: `func TestA(t *testing.T) {}
func TestB(t *testing.T) { t.Run("x", func(t *testing.T) { t.Error("seven is not eight") }); t.Run("y", func(t *testing.T) {}) }`,
			has: []string{"FAILED small TestB/x", "seven is not eight", "failed: small TestB/x"},
		},
		{
			name: "a parent fails by itself", last: "1 passed, 1 failed",
			code: `func TestB(t *testing.T) { t.Run("x", func(t *testing.T) {}); t.Error("parent") }`,
			has:  []string{"FAILED small TestB\n"},
		},
		{
			name: "a skip fails", last: "1 passed, 1 failed",
			code: `func TestA(t *testing.T) {}
func TestB(t *testing.T) { t.Skip("no server here") }`,
			has: []string{"small TestB was skipped", "no server here"},
		},
		{
			name: "a skip that is allowed", skipsOK: true, ok: true, last: "1 passed, 0 failed, 1 skipped",
			code: `func TestA(t *testing.T) {}
func TestB(t *testing.T) { t.Skip("no server here") }`,
		},
		{name: "no test", last: "0 passed, 0 failed", code: `var _ testing.TB`, has: []string{"no test ran"}},
		{name: "it does not compile", last: "0 passed, 1 failed", code: `func TestA(t *testing.T) { undefined() }`, has: []string{"undefined: undefined", "FAILED small"}},
		{name: "a panic", last: "0 passed, 1 failed", code: `func TestA(t *testing.T) { panic("boom") }`, has: []string{"boom"}},
		{
			name: "a sudden exit", last: "1 passed, 1 failed", code: `func TestA(t *testing.T) {}
func TestB(t *testing.T) { os.Exit(3) }`,
			has: []string{"FAILED small"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, filepath.Join(dir, "go.mod"), "module small\n\ngo 1.26\n")
			write(t, filepath.Join(dir, "small_test.go"), "package small\n\nimport (\n\t\"os\"\n\t\"testing\"\n)\n\nvar _ = os.Exit\n\n"+tc.code+"\n")
			cmd := exec.Command("go", "test", "-json", "-vet=off", "./...")
			cmd.Dir = dir
			out, _ := cmd.Output() // a failed run is what some of the cases want
			var text bytes.Buffer
			tally := NewTally(&text, tc.skipsOK)
			for line := range bytes.Lines(out) {
				tally.Line(line)
			}
			if ok := tally.Close(); ok != tc.ok {
				t.Errorf("ok is %v, want %v", ok, tc.ok)
			}
			lines := strings.Split(strings.TrimSpace(text.String()), "\n")
			if last := lines[len(lines)-1]; last != tc.last {
				t.Errorf("last line %q, want %q", last, tc.last)
			}
			for _, want := range tc.has {
				if !strings.Contains(text.String(), want) {
					t.Errorf("no %q in:\n%s", want, text.String())
				}
			}
		})
	}
}

func TestBrokenCommand(t *testing.T) {
	var text bytes.Buffer
	tally := NewTally(&text, false)
	if err := run([]string{"/nowhere/go"}, tally); err == nil {
		t.Error("a command that is not there is fine")
	} else {
		tally.Broken(err)
	}
	if tally.Close() || !strings.HasSuffix(text.String(), "\n0 passed, 1 failed\n") {
		t.Error(text.String())
	}
}

func TestSplit(t *testing.T) {
	got := fmt.Sprint(split([]string{"a", "b", "---", "c", "---"}))
	if got != "[[a b] [c]]" {
		t.Error(got)
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
