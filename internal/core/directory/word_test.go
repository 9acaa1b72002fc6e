package directory

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestLaterWords(t *testing.T) {
	for _, c := range []struct{ name, display, want string }{
		{"zmueller", "Zoë Müller", " müller"},
		{"ute.meyer", "Ute Meyer", " meyer"},
		{"meyer", "Ute Meyer", ""},
		{"x", "(Ann) Anna An", " anna"},
		{"x", "O’Brien-Ōe, 2nd", " 2nd brien ōe"},
		{"x", "Ｊｏ　ＳＭＩＴＨ", " smith"},
		{"&&", "", ""},
		{"", strings.Repeat("a ", 16) + "b", ""},
		{"", "a " + strings.Repeat("é", 40), " " + strings.Repeat("é", 32)},
	} {
		if got := LaterWords(SortKey(c.name), SortKey(c.display)); got != c.want {
			t.Errorf("%q, %q: %q, want %q", c.name, c.display, got, c.want)
		}
	}
}

// Of an address, and of more than words are known of, only the beginning is looked for.
func TestBeginningWithoutWords(t *testing.T) {
	for query, want := range map[string]int{
		"ute meyer":                      2,
		"ute@":                           0,
		"ute meyer@example":              0,
		"1 2 3 4 5 6 7 8":                8,
		"1 2 3 4 5 6 7 8 9":              0,
		"ute " + strings.Repeat("a", 60): 2,
		"ute " + strings.Repeat("a", 65): 0,
		strings.Repeat("鈴", 22) + "木":    0,
	} {
		if got := beginning(query); len(got.Words) != want || got.Key != SortKey(query) {
			t.Errorf("%q: %q", query, got)
		}
	}
}

// What begins a key is found by its words too, so that a store need not look for it.
func TestBeginningsAreFoundByWords(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	text := func() string {
		var b strings.Builder
		for range r.IntN(60) {
			b.WriteString([]string{"a", "b", "ab", "Ä", "́", " ", "-", "’", "7", strings.Repeat("c", 50)}[r.IntN(10)])
		}
		return SortKey(b.String())
	}
	tried := 0
	for range 20_000 {
		name, display := text(), text()
		key := []string{name, display}[r.IntN(2)]
		query := key[:r.IntN(len(key)+1)]
		if !utf8.ValidString(query) {
			continue
		}
		later := LaterWords(name, display)
		for _, w := range beginning(query).Words {
			tried++
			if !strings.HasPrefix(name, w) && !strings.HasPrefix(display, w) && !strings.Contains(later, " "+w) {
				t.Fatalf("%q of %q finds neither %q nor %q", w, query, name, display)
			}
		}
	}
	if tried < 20_000 {
		t.Fatalf("%d words", tried)
	}
}
