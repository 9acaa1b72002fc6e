package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"postroom/internal/wire/awsjson"
)

// table prints rows under a head, aligned. empty is said where there is none.
func (e *env) table(head []string, rows [][]string, empty string) {
	if len(rows) == 0 {
		e.printf("%s\n", empty)
		return
	}
	w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
	for _, row := range append([][]string{head}, rows...) {
		for i := range row {
			row[i] = plain(row[i])
		}
		fmt.Fprintln(w, strings.TrimRight(strings.Join(row, "\t"), "\t "))
	}
	w.Flush()
}

// facts prints pairs of name and value; empty values are left out.
func (e *env) facts(pairs ...[2]string) {
	w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
	for _, p := range pairs {
		if p[1] != "" {
			fmt.Fprintf(w, "%s\t%s\n", p[0], plain(p[1]))
		}
	}
	w.Flush()
}

// plain keeps what others wrote from moving the cursor of a terminal.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '?'
		}
		return r
	}, s)
}

// answer prints v as JSON where that is asked for, else runs text.
func (s *session) answer(v any, text func()) error {
	if !s.api.JSON {
		text()
		return nil
	}
	return s.printJSON(awsjson.Append(nil, v))
}

func (e *env) printJSON(text []byte) error {
	var b bytes.Buffer
	if err := json.Indent(&b, text, "", "  "); err != nil {
		return err
	}
	e.printf("%s\n", b.Bytes())
	return nil
}

// own prints a value of ours as JSON.
func (e *env) own(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return e.printJSON(text)
}

func str(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func when(t *time.Time) string {
	if t == nil || t.IsZero() {
		return ""
	}
	return t.Local().Format("2006-01-02 15:04")
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// given is a pointer where a flag was set.
func given(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func size(n int64) string {
	switch {
	case n < 10_000:
		return fmt.Sprintf("%d B", n)
	case n < 10_000_000:
		return fmt.Sprintf("%d kB", n/1000)
	case n < 10_000_000_000:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}
