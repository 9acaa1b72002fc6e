package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"
)

// row is one line of the table.
type row struct {
	Figure   string  `json:"figure"`
	Unit     string  `json:"unit"`
	Measured float64 `json:"measured"`
	Wanted   string  `json:"wanted,omitempty"`
	OK       *bool   `json:"ok,omitempty"`
	Disk     float64 `json:"disk,omitempty"` // what the disk did in the same run
	Beside   string  `json:"beside,omitempty"`
}

// least adds a row of which at least wanted is wanted.
func (b *bench) least(figure, unit string, measured, wanted float64) *row {
	return b.add(row{Figure: figure, Unit: unit, Measured: measured, Wanted: "at least " + number(wanted)}, measured >= wanted)
}

// below adds a row of which less than wanted is wanted.
func (b *bench) below(figure, unit string, measured, wanted float64) *row {
	return b.add(row{Figure: figure, Unit: unit, Measured: measured, Wanted: "below " + number(wanted)}, measured < wanted)
}

func (b *bench) add(r row, ok bool) *row {
	r.OK = &ok
	b.rows = append(b.rows, r)
	return &b.rows[len(b.rows)-1]
}

// tell adds a row that nothing is wanted of.
func (b *bench) tell(figure, unit string, measured float64) *row {
	b.rows = append(b.rows, row{Figure: figure, Unit: unit, Measured: measured})
	return &b.rows[len(b.rows)-1]
}

func (r *row) beside(format string, args ...any) { r.Beside = fmt.Sprintf(format, args...) }

func (r *row) disk(rate float64, what string) { r.Disk, r.Beside = rate, what }

func number(v float64) string {
	switch {
	case v >= 100 || v == float64(int64(v)):
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	case v >= 0.1:
		return fmt.Sprintf("%.2f", v)
	}
	return fmt.Sprintf("%.3f", v)
}

func printTable(out io.Writer, rows []row) error {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "figure\tunit\twanted\tmeasured\t\tdisk\t")
	for _, r := range rows {
		mark, disk := "", ""
		if r.OK != nil {
			mark = map[bool]string{true: "ok", false: "MISSED"}[*r.OK]
		}
		if r.Disk > 0 {
			disk = number(r.Disk)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.Figure, r.Unit, r.Wanted, number(r.Measured), mark, disk, r.Beside)
	}
	return w.Flush()
}

// times are latencies of one kind of operation.
type times []time.Duration

func (t times) at(part float64) time.Duration {
	if len(t) == 0 {
		return 0
	}
	s := slices.Clone(t)
	slices.Sort(s)
	return s[min(len(s)-1, int(part*float64(len(s))))]
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
