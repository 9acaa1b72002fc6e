package imap

import (
	"bytes"
	"time"
)

const months = "JanFebMarAprMayJunJulAugSepOctNovDec"

// ExpectDate takes a date, quoted or not, such as 1-Feb-1994; t is its midnight in UTC.
func (d *Decoder) ExpectDate(t *time.Time) bool {
	quoted := d.Special('"')
	start := d.pos
	text := d.run(classAtom)
	day, rest, ok := cutDate(text)
	if !ok || len(rest) != 0 {
		d.pos = start
		return d.Fail("expected a date such as 1-Feb-1994")
	}
	*t = day
	return !quoted || d.ExpectSpecial('"')
}

// cutDate takes d-Mon-yyyy or dd-Mon-yyyy from the front of b.
func cutDate(b []byte) (t time.Time, rest []byte, ok bool) {
	n := bytes.IndexByte(b, '-')
	if n < 1 || n > 2 || len(b) < n+9 || b[n+4] != '-' {
		return t, nil, false
	}
	day, ok1 := parseInt(bytes.TrimLeft(b[:n], " "))
	year, ok2 := parseInt(b[n+5 : n+9])
	month := 0
	for i := 0; i < len(months); i += 3 {
		if bytes.EqualFold(b[n+1:n+4], []byte(months[i:i+3])) {
			month = i/3 + 1
		}
	}
	if !ok1 || !ok2 || month == 0 {
		return t, nil, false
	}
	t = time.Date(int(year), time.Month(month), int(day), 0, 0, 0, 0, time.UTC)
	return t, b[n+9:], t.Day() == int(day) && day > 0
}

// ExpectDateTime takes a quoted date-time such as " 1-Feb-1994 21:52:25 -0800".
func (d *Decoder) ExpectDateTime(t *time.Time) bool {
	mark := d.pos
	if d.Special('"') {
		if end := bytes.IndexByte(d.line[d.pos:], '"'); end >= 0 {
			v, ok := parseDateTime(d.line[d.pos : d.pos+end])
			if ok {
				d.pos += end + 1
				*t = v
				return true
			}
		}
	}
	d.pos = mark
	return d.Fail(`expected a date and time such as " 1-Feb-1994 21:52:25 -0800"`)
}

func parseDateTime(b []byte) (time.Time, bool) {
	day, rest, ok := cutDate(b)
	if !ok || len(rest) != len(" 21:52:25 -0800") || rest[0] != ' ' || rest[9] != ' ' {
		return day, false
	}
	h, ok1 := parseInt(rest[1:3])
	m, ok2 := parseInt(rest[4:6])
	s, ok3 := parseInt(rest[7:9])
	zh, ok4 := parseInt(rest[11:13])
	zm, ok5 := parseInt(rest[13:15])
	if !ok1 || !ok2 || !ok3 || !ok4 || !ok5 || rest[3] != ':' || rest[6] != ':' ||
		h > 23 || m > 59 || s > 60 || zh > 23 || zm > 59 || rest[10] != '+' && rest[10] != '-' {
		return day, false
	}
	zone := int(zh*3600 + zm*60)
	if rest[10] == '-' {
		zone = -zone
	}
	return time.Date(day.Year(), day.Month(), day.Day(), int(h), int(m), int(s), 0, time.FixedZone("", zone)), true
}

// appendDateTime writes a quoted date-time.
func appendDateTime(b []byte, t time.Time) []byte {
	b = append(b, '"')
	y, m, day := t.Date()
	h, mi, s := t.Clock()
	_, zone := t.Zone()
	if day < 10 {
		b = append(b, ' ', byte('0'+day))
	} else {
		b = append(b, byte('0'+day/10), byte('0'+day%10))
	}
	b = append(b, '-')
	b = append(b, months[3*(m-1):3*m]...)
	y = min(max(y, 0), 9999)
	b = append(b, '-', byte('0'+y/1000), byte('0'+y/100%10), byte('0'+y/10%10), byte('0'+y%10), ' ')
	b = append(append2(b, h), ':')
	b = append(append2(b, mi), ':')
	b = append(append2(b, s), ' ')
	sign := byte('+')
	if zone < 0 {
		sign, zone = '-', -zone
	}
	b = append2(append2(append(b, sign), zone/3600), zone/60%60)
	return append(b, '"')
}

func append2(b []byte, n int) []byte { return append(b, byte('0'+n/10%10), byte('0'+n%10)) }
