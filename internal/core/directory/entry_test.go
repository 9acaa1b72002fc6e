package directory

import (
	"strings"
	"testing"
)

func TestRecordsSayNewValues(t *testing.T) {
	for _, c := range [][3]string{
		{"telephone", "+43 1 5550100", `telephone "+43 1 5550100"`},
		{"street", "1 Main Street\nBack door", `street "1 Main Street\nBack door"`},
		{"department", "", "no department"},
		{"office", strings.Repeat("ö", 65), `office "` + strings.Repeat("ö", 64) + `…"`},
	} {
		if got := isNow(c[0], c[1]); got != c[2] {
			t.Errorf("record says %s, want %s", got, c[2])
		}
	}
}
