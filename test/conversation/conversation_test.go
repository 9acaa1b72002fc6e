package conversation

import "testing"

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		pattern, line string
		want          bool
	}{
		{"250 OK", "250 OK", true}, {"250 OK", "250 OKAY", false}, {"250 ...", "250 x", true}, {"...", "", true},
		{"a...b...c", "a1b2c", true}, {"a...b...c", "a1c", false}, {"a...a", "a", false}, {"...b", "ab", true},
	} {
		if got := Match(c.pattern, c.line); got != c.want {
			t.Errorf("%q %q: %v", c.pattern, c.line, got)
		}
	}
}
