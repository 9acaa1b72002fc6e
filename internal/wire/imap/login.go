package imap

import "encoding/base64"

// Login is LOGIN (RFC 3501 §6.2.3).
type Login struct{ Username, Password string }

func parseLogin(d *Decoder) any {
	var a Login
	_ = d.ExpectSP() && d.ExpectAString(&a.Username, "a user name") &&
		d.ExpectSP() && d.ExpectAString(&a.Password, "a password") && d.ExpectEnd()
	return &a
}

// Authenticate is AUTHENTICATE (RFC 3501 §6.2.2, SASL-IR: RFC 4959).
type Authenticate struct {
	Mechanism  string // in upper case
	HasInitial bool
	Initial    []byte // decoded; empty for "="
}

// MaxSASL is the longest SASL message, in bytes of base64.
const MaxSASL = 16 << 10

func parseAuthenticate(d *Decoder) any {
	var a Authenticate
	var name string
	if !d.ExpectSP() || !d.ExpectAtom(&name, "a mechanism") {
		return nil
	}
	var b wordBuf
	a.Mechanism = string(b.upper([]byte(name)))
	if d.SP() {
		a.HasInitial = true
		a.Initial, _ = d.base64()
	}
	d.ExpectEnd()
	return &a
}

// base64 takes the rest of the line.
func (d *Decoder) base64() ([]byte, bool) {
	if d.err != nil {
		return nil, false
	}
	text := d.line[d.pos:]
	if len(text) > MaxSASL {
		return nil, d.Fail("SASL message longer than %d bytes", MaxSASL)
	}
	if string(text) == "=" { // RFC 4959 §3: empty initial response
		text = nil
	}
	out, err := base64.StdEncoding.Strict().AppendDecode(nil, text)
	if err != nil {
		return nil, d.Fail("bad base64")
	}
	d.pos = len(d.line)
	return out, true
}

// ReadSASL reads a client's answer to a SASL challenge. cancelled means that it
// sent "*": answer BAD to AUTHENTICATE's tag.
func ReadSASL(d *Decoder) (answer []byte, cancelled bool, err error) {
	if !d.begin() {
		return nil, false, d.err
	}
	d.name = "AUTHENTICATE"
	if string(d.line) == "*" {
		d.active = false
		return nil, true, nil
	}
	answer, _ = d.base64()
	d.ExpectEnd()
	return answer, false, d.err
}

// Enable is ENABLE (RFC 5161).
type Enable struct{ Capabilities []string } // in upper case

func parseEnable(d *Decoder) any {
	var a Enable
	if !d.ExpectSP() {
		return nil
	}
	for {
		var name string
		if len(a.Capabilities) == 20 {
			d.Fail("more than 20 capabilities")
		}
		if !d.ExpectAtom(&name, "a capability") {
			return nil
		}
		var b wordBuf
		a.Capabilities = append(a.Capabilities, string(b.upper([]byte(name))))
		if !d.SP() {
			d.ExpectEnd()
			return &a
		}
	}
}
