package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"time"

	"postroom/test/services"
)

// controller is a directory's server as its own people reach it.
type controller struct {
	address, ca, caFile string
	admin, password     string
}

// ldap runs one of OpenLDAP's programs and answers how long it took; out may be nil.
func (b *bench) ldap(c controller, as, in string, out io.Writer, program string, args ...string) (time.Duration, error) {
	program, err := services.Find(program)
	if err != nil {
		return 0, err
	}
	cmd := exec.CommandContext(b.ctx, program, append([]string{"-x", "-H", "ldaps://" + c.address, "-D", as, "-w", c.password}, args...)...)
	cmd.Env = []string{"LDAPTLS_CACERT=" + c.caFile}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(in), out, os.Stderr
	begun := time.Now()
	err = cmd.Run()
	return time.Since(begun), err
}

// binder makes bare simple binds, one behind the other, on one connection.
type binder struct {
	conn net.Conn
	in   *bufio.Reader
	id   int
}

func (c controller) binder() (*binder, error) {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(c.ca))
	conn, err := tls.DialWithDialer(&net.Dialer{Timeout: 10 * time.Second}, "tcp", c.address+":636", &tls.Config{RootCAs: roots})
	if err != nil {
		return nil, err
	}
	return &binder{conn: conn, in: bufio.NewReader(conn)}, nil
}

// bind is a BindRequest and its answer (RFC 4511 §4.2).
func (b *binder) bind(name, password string) (time.Duration, error) {
	b.id++
	request := tlv(0x60, tlv(2, []byte{3}), tlv(4, []byte(name)), tlv(0x80, []byte(password)))
	message := tlv(0x30, tlv(2, []byte{byte(b.id >> 8 & 0x7f), byte(b.id)}), request)
	if err := b.conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		return 0, err
	}
	begun := time.Now()
	if _, err := b.conn.Write(message); err != nil {
		return 0, err
	}
	_, answer, err := value(b.in)
	took := time.Since(begun)
	if err != nil {
		return 0, err
	}
	in := bytes.NewReader(answer)
	if _, _, err = value(in); err == nil { // the message's id
		tag, response, err := value(in)
		if err == nil && tag == 0x61 && bytes.HasPrefix(response, []byte{10, 1, 0}) { // success
			return took, nil
		}
	}
	return 0, fmt.Errorf("%s: the bind is answered by %x", name, answer)
}

// tlv is a value of BER with its tag and length.
func tlv(tag byte, parts ...[]byte) []byte {
	content := bytes.Join(parts, nil)
	return append([]byte{tag, 0x82, byte(len(content) >> 8), byte(len(content))}, content...)
}

// value reads one.
func value(r io.Reader) (tag byte, content []byte, err error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:2]); err != nil {
		return 0, nil, err
	}
	tag, length := head[0], int(head[1])
	if more := length - 0x80; more > 0 {
		if more > len(head) {
			return 0, nil, errors.New("a length of too many bytes")
		}
		if _, err := io.ReadFull(r, head[:more]); err != nil {
			return 0, nil, err
		}
		length = 0
		for _, d := range head[:more] {
			length = length<<8 | int(d)
		}
	}
	if length > 1<<16 {
		return 0, nil, errors.New("an answer of too many bytes")
	}
	content = make([]byte, length)
	_, err = io.ReadFull(r, content)
	return tag, content, err
}
