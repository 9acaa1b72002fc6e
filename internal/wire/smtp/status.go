package smtp

import "fmt"

// Status is an answer: the reply code (RFC 5321 §4.2), the enhanced status
// code (RFC 3463; zero for none) and one line of text.
type Status struct {
	Code     int
	Enhanced [3]int
	Text     string
}

// Error makes a Status an error with the text of the answer.
func (s Status) Error() string { return s.String() }

// String is the answer as it is sent, without a line end.
func (s Status) String() string {
	text := Printable(s.Text, 400)
	if s.Enhanced == [3]int{} {
		return fmt.Sprintf("%d %s", s.Code, text)
	}
	return fmt.Sprintf("%d %s %s", s.Code, s.EnhancedString(), text)
}

// EnhancedString is "5.1.1", or "" where there is none.
func (s Status) EnhancedString() string {
	if s.Enhanced == [3]int{} {
		return ""
	}
	return fmt.Sprintf("%d.%d.%d", s.Enhanced[0], s.Enhanced[1], s.Enhanced[2])
}

// Temporary is true for 4xx: the client may try again.
func (s Status) Temporary() bool { return s.Code/100 == 4 }

// Permanent is true for 5xx.
func (s Status) Permanent() bool { return s.Code/100 == 5 }

// Refusal is the answer to a message that BodyReader refused; ok is false when
// err is no such error.
func Refusal(err error) (s Status, ok bool) {
	switch err {
	case ErrBareCR, ErrBareLF, ErrNUL:
		return Status{550, [3]int{5, 6, 0}, "Message refused: " + err.Error()}, true
	case ErrLine:
		return Status{550, [3]int{5, 6, 0}, "Message refused: " + err.Error()}, true
	case ErrTooLarge:
		return Status{552, [3]int{5, 3, 4}, "Message refused: " + err.Error()}, true
	}
	return Status{}, false
}
