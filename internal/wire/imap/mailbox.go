package imap

import (
	"strings"
	"unicode/utf8"
)

// Inbox is the name that is the same in any case (RFC 3501 §5.1).
const Inbox = "INBOX"

// MaxMailboxName is the longest mailbox name, in bytes of UTF-8.
const MaxMailboxName = 1024

// ExpectMailbox takes a mailbox name and returns it as UTF-8; INBOX in any case is Inbox.
func (d *Decoder) ExpectMailbox(name *string) bool {
	var s string
	if !d.ExpectAString(&s, "a mailbox name") {
		return false
	}
	return d.mailbox(s, name)
}

// ExpectListMailbox takes a mailbox name with wildcards (list-mailbox).
func (d *Decoder) ExpectListMailbox(pattern *string) bool {
	var s string
	if w := d.run(classList); len(w) > 0 {
		s = string(w)
	} else if !d.String(&s) {
		return d.Fail("expected a mailbox pattern")
	}
	return d.mailbox(s, pattern)
}

func (d *Decoder) mailbox(s string, name *string) bool {
	if strings.EqualFold(s, Inbox) {
		*name = Inbox
		return true
	}
	if !d.UTF8 {
		var ok bool
		if s, ok = DecodeUTF7(s); !ok {
			return d.Fail("mailbox name is not modified UTF-7")
		}
	} else if !utf8.ValidString(s) {
		return d.Fail("mailbox name is not UTF-8")
	}
	if len(s) > MaxMailboxName {
		return d.Fail("mailbox name longer than %d bytes", MaxMailboxName)
	}
	for _, r := range s {
		if r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 {
			return d.Fail("control character in a mailbox name")
		}
	}
	*name = s
	return true
}
