package cli

import (
	"errors"
	"strings"

	"postroom/internal/base/errs"
)

// because is what to add to an error's sentence: what lies below our own errors,
// which say again what it says, and each line once.
func because(text string, e *errs.Error) string {
	for e.Cause != nil {
		var next *errs.Error
		if errors.As(e.Cause, &next) {
			e = next
			continue
		}
		why := onceEach(e.Cause.Error())
		if strings.Contains(text, why) {
			return ""
		}
		return " [" + why + "]"
	}
	return ""
}

// onceEach joins the lines of an error; a library that tries an address twice
// says so twice.
func onceEach(text string) string {
	var lines []string
	seen := map[string]bool{}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !seen[line] {
			seen[line] = true
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, " ")
}
