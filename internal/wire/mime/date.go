package mime

import (
	"strings"
	"time"
)

var months = []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}

// Zones of RFC 5322 §4.3 and the ones that mail programs write besides, in
// hours; other names are UTC there, as that section says.
var zones = map[string]int{"EDT": -4, "EST": -5, "CDT": -5, "CST": -6, "MDT": -6, "MST": -7, "PDT": -7, "PST": -8, "CET": 1, "CEST": 2, "MET": 1, "MEST": 2, "BST": 1, "JST": 9}

// ParseDate reads the value of a Date field (RFC 5322 §3.3, §4.3) tolerantly:
// the day's name, the seconds, the zone and the comma may be missing, the year
// may have two digits, asctime order is understood. ok is false when there is
// no day, month and year to be read.
func ParseDate(s string) (t time.Time, ok bool) {
	if len(s) > 256 {
		s = s[:256]
	}
	day, month, year, at := 0, 0, -1, [3]int{}
	clock, zone, pm := false, (*time.Location)(nil), 0
	for s = strings.TrimLeft(s, " \t,"); s != ""; s = strings.TrimLeft(s, " \t,") {
		if s[0] == '(' {
			_, s, _ = strings.Cut(s, ")")
			continue
		}
		i := strings.IndexAny(s, " \t,(")
		if i < 0 {
			i = len(s)
		}
		word := s[:i]
		s = s[i:]
		if d, rest, found := strings.Cut(word, "-"); found && d != "" && rest != "" { // 02-Jan-2006
			word, s = d, strings.ReplaceAll(rest, "-", " ")+s
		}
		n, number := digits(word)
		switch {
		case !clock && strings.Contains(word, ":"):
			if at, clock = clockTime(word); !clock {
				return t, false
			}
		case zone == nil && clock && (word[0] == '+' || word[0] == '-'):
			zone = offset(word)
		case number && day == 0 && len(word) <= 2:
			day = n
		case number && year < 0:
			year = fullYear(n, len(word))
		case number && clock && zone == nil && len(word) == 4: // the sign was lost
			zone = offset("+" + word)
		case month == 0 && len(word) >= 3 && monthOf(word) > 0:
			month = monthOf(word)
		case clock && strings.EqualFold(word, "PM"):
			pm = 12
		case clock && zone == nil && !strings.EqualFold(word, "AM"):
			if h, known := zones[strings.ToUpper(word)]; known {
				zone = time.FixedZone("", h*3600)
			}
		}
	}
	if zone == nil {
		zone = time.UTC
	}
	if at[0] < 12 {
		at[0] += pm
	}
	if day < 1 || day > 31 || month == 0 || year < 1900 || year > 9999 || at[0] > 23 || at[1] > 59 || at[2] > 60 {
		return t, false
	}
	return time.Date(year, time.Month(month), day, at[0], at[1], at[2], 0, zone), true
}

func digits(s string) (n int, ok bool) {
	if s == "" || len(s) > 6 {
		return 0, false
	}
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

func monthOf(s string) int {
	for i, m := range months {
		if len(s) >= 3 && strings.EqualFold(s[:3], m) {
			return i + 1
		}
	}
	return 0
}

// fullYear is RFC 5322 §4.3: two digits below 50 are 20xx, three count from 1900.
func fullYear(n, digits int) int {
	switch {
	case digits <= 2 && n < 50:
		return 2000 + n
	case digits <= 3:
		return 1900 + n
	}
	return n
}

func clockTime(s string) (at [3]int, ok bool) {
	s, _, _ = strings.Cut(s, ".") // fractions of seconds
	for i, part := range strings.SplitN(s, ":", 4) {
		n, number := digits(part)
		if !number || i > 2 || len(part) > 2 {
			return at, false
		}
		at[i] = n
	}
	return at, true
}

func offset(s string) *time.Location {
	n, ok := digits(strings.ReplaceAll(s[1:], ":", ""))
	if !ok || n/100 > 23 || n%100 > 59 {
		return time.UTC
	}
	sec := (n/100*60 + n%100) * 60
	if s[0] == '-' {
		sec = -sec
	}
	if sec == 0 {
		return time.UTC
	}
	return time.FixedZone("", sec)
}
