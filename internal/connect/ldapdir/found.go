package ldapdir

import (
	"bufio"
	"errors"
	"io"
	"net"
	"sync"

	"github.com/go-ldap/ldap/v3"
)

// found is a connection above TLS that takes what a search finds out of what the
// library reads: it makes some twenty objects of a value, and the server waits
// while it does, since a page is asked for when the one before is whole.
type found struct {
	net.Conn
	meter *metered
	in    *bufio.Reader
	rest  []byte // of a message that is the library's

	mu   sync.Mutex
	on   bool
	list []*ldap.Entry
}

func newFound(c net.Conn, m *metered) *found {
	return &found{Conn: c, meter: m, in: bufio.NewReaderSize(c, 16<<10)}
}

// begin makes entries be taken until end answers them.
func (f *found) begin() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.on, f.list = true, nil
}

func (f *found) end() []*ldap.Entry {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := f.list
	f.on, f.list = false, nil
	return list
}

// Read is the library's.
func (f *found) Read(p []byte) (int, error) {
	for len(f.rest) == 0 {
		m, err := f.message()
		if err != nil {
			return 0, err
		}
		taken, err := f.take(m)
		if err != nil {
			return 0, err
		}
		if !taken {
			f.rest = m
		}
	}
	n := copy(p, f.rest)
	f.rest = f.rest[n:]
	return n, nil
}

var errForm = errors.New("ldapdir: the server's answer is not understood")

// message reads one whole LDAPMessage.
func (f *found) message() ([]byte, error) {
	head, err := f.in.Peek(2)
	if err != nil {
		return nil, err
	}
	if head, err = f.in.Peek(headOf(head)); err != nil {
		return nil, err
	}
	n, ok := sizeIn(head)
	if !ok || head[0] != tagSequence {
		return nil, errForm
	}
	if n > maxPacket {
		f.meter.left.Store(-1)
		return nil, errTooLarge
	}
	m := make([]byte, len(head)+n)
	_, err = io.ReadFull(f.in, m)
	return m, err
}

// take keeps the entry of a message; false where it is none, or nobody searches.
func (f *found) take(m []byte) (bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.on {
		return false, nil
	}
	_, m, _, _ = element(m)
	_, _, m, _ = element(m) // the message's id
	tag, e, _, ok := element(m)
	if tag != tagEntry {
		return false, nil
	}
	entry, well := entryOf(e)
	if !ok || !well {
		return false, errForm
	}
	f.list = append(f.list, entry)
	return true, nil
}

// Tags of BER (X.690 §8.1.2) and of SearchResultEntry (RFC 4511 §4.5.2).
const (
	tagOctets   = 0x04
	tagSequence = 0x30
	tagSet      = 0x31
	tagEntry    = 0x64
)

// headOf is how many bytes tag and length take, by the first two.
func headOf(b []byte) int {
	if b[1] > 0x80 {
		return 2 + int(min(b[1]-0x80, 4))
	}
	return 2
}

// sizeIn is how many bytes follow tag and length, which must be definite (RFC 4511 §5.1).
func sizeIn(head []byte) (n int, ok bool) {
	if head[1] < 0x80 {
		return int(head[1]), true
	}
	for _, b := range head[2:] {
		n = n<<8 | int(b)
	}
	return n, 0x80 < head[1] && head[1] <= 0x84
}

// element takes the first element of b apart.
func element(b []byte) (tag byte, content, rest []byte, ok bool) {
	if len(b) < 2 || len(b) < headOf(b) {
		return 0, nil, nil, false
	}
	head := headOf(b)
	n, ok := sizeIn(b[:head])
	if !ok || n > len(b)-head {
		return 0, nil, nil, false
	}
	return b[0], b[head : head+n : head+n], b[head+n:], true
}

// entryOf reads a SearchResultEntry. Its values lie in b.
func entryOf(b []byte) (*ldap.Entry, bool) {
	tag, dn, b, ok := element(b)
	if !ok || tag != tagOctets {
		return nil, false
	}
	if tag, b, _, ok = element(b); !ok || tag != tagSequence {
		return nil, false
	}
	e := &ldap.Entry{DN: string(dn)}
	for len(b) > 0 {
		var a, name, values []byte
		if tag, a, b, ok = element(b); !ok || tag != tagSequence {
			return nil, false
		}
		if tag, name, a, ok = element(a); !ok || tag != tagOctets {
			return nil, false
		}
		if tag, values, _, ok = element(a); !ok || tag != tagSet {
			return nil, false
		}
		attribute := &ldap.EntryAttribute{Name: string(name)}
		for len(values) > 0 {
			var v []byte
			if tag, v, values, ok = element(values); !ok || tag != tagOctets {
				return nil, false
			}
			attribute.Values, attribute.ByteValues = append(attribute.Values, string(v)), append(attribute.ByteValues, v)
		}
		e.Attributes = append(e.Attributes, attribute)
	}
	return e, true
}
