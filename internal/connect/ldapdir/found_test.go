package ldapdir

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"reflect"
	"strings"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
)

// message makes an LDAPMessage as the library does.
func message(op ber.Tag, parts ...*ber.Packet) *ber.Packet {
	m := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSequence, nil, "")
	m.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, 70_000, ""))
	p := ber.Encode(ber.ClassApplication, ber.TypeConstructed, op, nil, "")
	for _, x := range parts {
		p.AppendChild(x)
	}
	m.AppendChild(p)
	return m
}

func octets(text string) *ber.Packet {
	return ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, text, "")
}

func attribute(name string, values ...string) *ber.Packet {
	a := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSequence, nil, "")
	set := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSet, nil, "")
	for _, v := range values {
		set.AppendChild(octets(v))
	}
	a.AppendChild(octets(name))
	a.AppendChild(set)
	return a
}

func entryMessage(dn string, attributes ...*ber.Packet) *ber.Packet {
	list := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSequence, nil, "")
	for _, a := range attributes {
		list.AppendChild(a)
	}
	return message(ldap.ApplicationSearchResultEntry, octets(dn), list)
}

// wire is a connection from which a text is read.
type wire struct {
	net.Conn
	io.Reader
}

func (w wire) Read(p []byte) (int, error) { return w.Reader.Read(p) }

// Entries are taken while somebody searches, all else is the library's, byte for byte.
func TestFound(t *testing.T) {
	long := strings.Repeat("x", 70_000)
	entry := entryMessage("CN=a,DC=x", attribute("cn", "a"), attribute("member", "b", long, ""), attribute("objectGUID", "\x00\xff"), attribute("empty"))
	done := message(ldap.ApplicationSearchResultDone, ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagEnumerated, 0, ""), octets(""), octets(""))
	var sent bytes.Buffer
	for _, p := range []*ber.Packet{entry, done, entry, done} {
		sent.Write(p.Bytes())
	}
	f := newFound(wire{Reader: &sent}, &metered{})
	read := func(n int) []byte {
		t.Helper()
		b := make([]byte, n)
		if _, err := io.ReadFull(f, b); err != nil {
			t.Fatal(err)
		}
		return b
	}
	f.begin()
	if got := read(len(done.Bytes())); !bytes.Equal(got, done.Bytes()) {
		t.Fatalf("%x", got)
	}
	want := &ldap.Entry{DN: "CN=a,DC=x", Attributes: []*ldap.EntryAttribute{
		{Name: "cn", Values: []string{"a"}, ByteValues: [][]byte{[]byte("a")}},
		{Name: "member", Values: []string{"b", long, ""}, ByteValues: [][]byte{[]byte("b"), []byte(long), {}}},
		{Name: "objectGUID", Values: []string{"\x00\xff"}, ByteValues: [][]byte{{0, 0xff}}},
		{Name: "empty"},
	}}
	if list := f.end(); len(list) != 1 || !reflect.DeepEqual(list[0], want) {
		t.Fatalf("%+v", list)
	}
	if got := read(len(entry.Bytes())); !bytes.Equal(got, entry.Bytes()) {
		t.Fatal("an entry that nobody looked for is not the library's")
	}
	read(len(done.Bytes()))
	if list := f.end(); len(list) != 0 {
		t.Fatalf("%+v", list)
	}
}

func TestFoundRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		bytes string
		want  error
	}{
		"no message":        {"\x04\x00", errForm},
		"indefinite length": {"\x30\x80\x00\x00", errForm},
		"a length of five":  {"\x30\x85\x00\x00\x00\x00\x00", errForm},
		"too large":         {"\x30\x84\x7f\xff\xff\xff", errTooLarge},
		"a cut entry":       {"\x30\x07\x02\x01\x01\x64\x02\x04\x09", errForm},
		"no more":           {"\x30\x05\x02", io.ErrUnexpectedEOF},
	} {
		m := &metered{}
		f := newFound(wire{Reader: strings.NewReader(c.bytes)}, m)
		f.begin()
		if _, err := f.Read(make([]byte, 100)); !errors.Is(err, c.want) || (m.left.Load() < 0) != (c.want == errTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What we take for an entry is to the library the same one.
func FuzzFound(f *testing.F) {
	guid := make([]byte, 16)
	_, _ = rand.Read(guid)
	f.Add(entryMessage("CN=a,DC=x", attribute("cn", "a", "b"), attribute("objectGUID", string(guid))).Bytes())
	f.Add(entryMessage("").Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		_, content, rest, ok := element(b)
		if ok && len(content)+len(rest) >= len(b) {
			t.Fatal("an element has no head")
		}
		tap := newFound(wire{Reader: bytes.NewReader(b)}, &metered{})
		tap.begin()
		_, _ = io.Copy(io.Discard, tap)
		for _, e := range tap.end() {
			for _, a := range e.Attributes {
				if len(a.Values) != len(a.ByteValues) {
					t.Fatalf("%+v", a)
				}
				for i := range a.Values {
					if a.Values[i] != string(a.ByteValues[i]) || len(a.Values[i]) > len(b) {
						t.Fatalf("%+v", a)
					}
				}
			}
		}
	})
}
