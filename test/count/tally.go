package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

// event is one line of go test -json (see go doc test2json).
type event struct {
	Action      string
	Package     string
	ImportPath  string // of build-output and build-fail
	Test        string
	Output      string
	Elapsed     float64
	FailedBuild string
}

// Tally gathers events. Tests are counted by their leaves: a test with subtests
// counts only where it fails and none of them did.
type Tally struct {
	out      io.Writer
	skipsOK  bool
	start    time.Time
	passed   int
	failed   int
	skipped  int
	packages map[string]*pkg
	builds   map[string]*strings.Builder // compiler output by import path
	failures []string
}

type pkg struct {
	passed, failed, skipped int
	output                  map[string]*strings.Builder // by test; "" is the package's own
	parents                 map[string]bool
	badParents              map[string]bool // parents with a failed subtest
}

// NewTally writes a line per package and each failure to out as they come.
func NewTally(out io.Writer, skipsOK bool) *Tally {
	return &Tally{out: out, skipsOK: skipsOK, start: time.Now(), packages: map[string]*pkg{}, builds: map[string]*strings.Builder{}}
}

// Failed is the number of failures so far.
func (t *Tally) Failed() int { return t.failed }

// Line takes one line of output; what is not an event is passed on.
func (t *Tally) Line(line []byte) {
	var e event
	if err := json.Unmarshal(line, &e); err != nil || e.Action == "" {
		fmt.Fprintf(t.out, "%s", line)
		return
	}
	switch e.Action {
	case "build-output":
		b := t.builds[e.ImportPath]
		if b == nil {
			b = &strings.Builder{}
			t.builds[e.ImportPath] = b
		}
		b.WriteString(e.Output)
		return
	case "build-fail":
		return // the package's own fail follows, with FailedBuild
	}
	p := t.pkg(e.Package)
	switch e.Action {
	case "run":
		for at := strings.LastIndexByte(e.Test, '/'); at > 0; at = strings.LastIndexByte(e.Test[:at], '/') {
			p.parents[e.Test[:at]] = true
		}
	case "output":
		p.write(e.Test, e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			t.packageEnds(p, e)
		} else {
			t.testEnds(p, e)
		}
	}
}

func (t *Tally) pkg(name string) *pkg {
	p := t.packages[name]
	if p == nil {
		p = &pkg{output: map[string]*strings.Builder{}, parents: map[string]bool{}, badParents: map[string]bool{}}
		t.packages[name] = p
	}
	return p
}

func (p *pkg) write(test, text string) {
	b := p.output[test]
	if b == nil {
		b = &strings.Builder{}
		p.output[test] = b
	}
	b.WriteString(text)
}

func (p *pkg) take(test string) string {
	b := p.output[test]
	delete(p.output, test)
	if b == nil {
		return ""
	}
	return b.String()
}

func (t *Tally) testEnds(p *pkg, e event) {
	text := p.take(e.Test)
	if e.Action == "fail" {
		for at := strings.LastIndexByte(e.Test, '/'); at > 0; at = strings.LastIndexByte(e.Test[:at], '/') {
			p.badParents[e.Test[:at]] = true
		}
	}
	parent := p.parents[e.Test]
	switch {
	case e.Action == "fail" && parent && p.badParents[e.Test]:
		if spoken(text) {
			fmt.Fprintf(t.out, "%s", text)
		}
	case e.Action == "fail":
		p.failed++
		t.fail(e.Package+" "+e.Test, text)
	case e.Action == "skip" && !t.skipsOK:
		p.failed++
		t.fail(e.Package+" "+e.Test+" was skipped", text)
	case e.Action == "skip":
		p.skipped++
		t.skipped++
	case !parent:
		p.passed++
		t.passed++
	}
}

// spoken says whether a test's output has more than the frame around it.
func spoken(text string) bool {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "=== ") && !strings.HasPrefix(line, "--- ") {
			return true
		}
	}
	return false
}

func (t *Tally) fail(what, text string) {
	t.failed++
	t.failures = append(t.failures, what)
	fmt.Fprintf(t.out, "FAILED %s\n%s\n", what, strings.TrimRight(text, "\n"))
}

// packageEnds: a package that fails without a failed test did not build, or
// panicked, or ran out of time; the test that ran then has no end, and its
// output says where.
func (t *Tally) packageEnds(p *pkg, e event) {
	if e.Action == "fail" && p.failed == 0 {
		p.failed++
		text := p.take("")
		if b := t.builds[e.FailedBuild]; b != nil {
			text = b.String() + text
		}
		for test, b := range p.output {
			text += "while " + test + " ran:\n" + b.String()
		}
		t.fail(e.Package, text)
	}
	if p.passed+p.failed+p.skipped > 0 {
		fmt.Fprintf(t.out, "%5d tests %3d failed %7.1f s  %s\n", p.passed+p.failed, p.failed, e.Elapsed, e.Package)
	}
	delete(t.packages, e.Package)
}

// Broken counts a command that could not be run, or failed for no seen reason.
func (t *Tally) Broken(err error) { t.fail("command", err.Error()) }

// Close prints the list of failures and the closing line, and says whether all
// is well. A run of no test is not.
func (t *Tally) Close() bool {
	for name := range t.packages {
		t.fail(name, "it did not end")
	}
	fmt.Fprintln(t.out)
	for _, f := range t.failures {
		fmt.Fprintln(t.out, "failed:", f)
	}
	if t.passed+t.failed == 0 {
		fmt.Fprintln(t.out, "no test ran")
	}
	fmt.Fprintf(t.out, "%d tests in %.0f s\n", t.passed+t.failed, time.Since(t.start).Seconds())
	line := fmt.Sprintf("%d passed, %d failed", t.passed, t.failed)
	if t.skipped > 0 {
		line += fmt.Sprintf(", %d skipped", t.skipped)
	}
	fmt.Fprintln(t.out, line)
	return t.failed == 0 && t.passed > 0
}
