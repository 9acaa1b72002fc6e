package directory

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What is found by words: so many of a query and of each key of an entry, each
// by so many bytes of its beginning.
const (
	maxQueryWords = 8
	maxWords      = 16
	maxWord       = 64
)

// words cuts a SortKey at everything that is not a letter, digit or mark.
func words(key string, limit int) []string {
	var list []string
	for w := range strings.FieldsFuncSeq(key, func(r rune) bool { return !unicode.In(r, unicode.L, unicode.M, unicode.Nd) }) {
		if len(w) > maxWord {
			w = w[:maxWord]
			for !utf8.ValidString(w) {
				w = w[:len(w)-1]
			}
		}
		if list = append(list, w); len(list) == limit {
			break
		}
	}
	return list
}

// LaterWords are the words of an entry's two SortKeys that begin neither key, in
// order, each behind a space: what an index has beside the keys, so that any word
// is found by its beginning. One that begins another is left out.
func LaterWords(name, display string) string {
	all := append(words(name, maxWords), words(display, maxWords)...)
	slices.Sort(all)
	var b strings.Builder
	for i, w := range all {
		if strings.HasPrefix(name, w) || strings.HasPrefix(display, w) || i+1 < len(all) && strings.HasPrefix(all[i+1], w) {
			continue
		}
		b.WriteString(" " + w)
	}
	return b.String()
}

// Beginning is what a query looks for: Key begins an address, or each of Words
// begins a word of the name or display name, or an address. Without Words, Key
// begins the name, the display name or an address.
type Beginning struct {
	Key   string   // "" for all
	Words []string // each once, the longest first
}

// beginning has no Words where the query is of an address, or of more than words
// are known of: what does not fit would fit.
func beginning(query string) Beginning {
	key := SortKey(query)
	list := words(key, maxQueryWords+1)
	if strings.Contains(key, "@") || len(list) > maxQueryWords || slices.ContainsFunc(list, func(w string) bool { return len(w) > maxWord-utf8.UTFMax }) {
		return Beginning{Key: key}
	}
	slices.SortFunc(list, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	return Beginning{key, slices.Compact(list)}
}
