package cli

import (
	"os"
	"time"

	"postroom/internal/app"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// linesEvery is how often progress is told where no terminal is.
const linesEvery = 5 * time.Second

// progress shows the steps of a command on standard error: a bar on a terminal,
// else a line now and then. end closes the last one.
func (e *env) progress() (p app.Progress, end func()) {
	if f, ok := e.err.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return e.bars()
	}
	told := time.Now()
	return func(s app.Step) {
		if time.Since(told) < linesEvery {
			return
		}
		told = time.Now()
		e.note("%s: %s", s.What, amount(s))
	}, func() {}
}

func (e *env) bars() (app.Progress, func()) {
	var bar *progressbar.ProgressBar
	var now app.Step
	end := func() {
		if bar != nil {
			_ = bar.Exit() // a bar that cannot be drawn fails no command
			e.note("")
		}
	}
	return func(s app.Step) {
		if bar == nil || s.What != now.What {
			end()
			total := s.Total
			if total == 0 {
				total = -1
			}
			bar = progressbar.NewOptions64(total, progressbar.OptionSetWriter(e.err), progressbar.OptionSetDescription(s.What),
				progressbar.OptionShowBytes(s.Unit == "bytes"), progressbar.OptionShowCount(), progressbar.OptionThrottle(100*time.Millisecond),
				progressbar.OptionSetWidth(24))
		} else if s.Total > 0 && s.Total != now.Total {
			bar.ChangeMax64(s.Total)
		}
		now = s
		_ = bar.Set64(s.Done)
	}, end
}

func amount(s app.Step) string {
	count := func(n int64) string {
		if s.Unit == "bytes" {
			return size(n)
		}
		return number(n) + " " + s.Unit
	}
	if s.Total == 0 {
		return count(s.Done)
	}
	return count(s.Done) + " of " + count(s.Total)
}
