package authtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"
)

// Authenticator is one of WebAuthn with a single ES256 credential, and the
// browser around it: what a passkey would answer, right or wrong.
type Authenticator struct {
	Origin     string // of the page
	RPID       string // what is signed; "" takes that of the options
	Counter    uint32 // raised by each use
	Unverified bool   // the user did not prove to be one
	Challenge  string // "" takes that of the options

	t      testing.TB
	key    *ecdsa.PrivateKey
	id     []byte
	handle []byte
}

// NewAuthenticator makes one for a page.
func NewAuthenticator(t testing.TB, origin string) *Authenticator {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	a := &Authenticator{Origin: origin, t: t, key: key, id: make([]byte, 32)}
	rand.Read(a.id)
	return a
}

var b64 = base64.RawURLEncoding

// options are the members of both kinds that matter here.
type options struct {
	Challenge string `json:"challenge"`
	RPID      string `json:"rpId"`
	RP        struct {
		ID string `json:"id"`
	} `json:"rp"`
	User struct {
		ID string `json:"id"`
	} `json:"user"`
}

func (a *Authenticator) read(text string) options {
	a.t.Helper()
	var o options
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		a.t.Fatal(err, text)
	}
	if a.Challenge != "" {
		o.Challenge = a.Challenge
	}
	if o.RPID == "" {
		o.RPID = o.RP.ID
	}
	if a.RPID != "" {
		o.RPID = a.RPID
	}
	return o
}

func (a *Authenticator) client(kind string, o options) []byte {
	b, _ := json.Marshal(map[string]any{"type": kind, "challenge": o.Challenge, "origin": a.Origin, "crossOrigin": false})
	return b
}

// data is the authenticator data (WebAuthn §6.1); with the credential where attested.
func (a *Authenticator) data(o options, attested bool) []byte {
	sum := sha256.Sum256([]byte(o.RPID))
	flags := byte(0x01) // user present
	if !a.Unverified {
		flags |= 0x04
	}
	if attested {
		flags |= 0x40
	}
	b := append(sum[:], flags)
	b = binary.BigEndian.AppendUint32(b, a.Counter)
	if !attested {
		return b
	}
	b = append(b, make([]byte, 16)...) // AAGUID
	b = binary.BigEndian.AppendUint16(b, uint16(len(a.id)))
	b = append(b, a.id...)
	raw, err := a.key.PublicKey.Bytes() // 0x04 X Y
	if err != nil {
		a.t.Fatal(err)
	}
	b = append(b, 0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20) // COSE: EC2, ES256, P-256
	b = append(b, raw[1:33]...)
	b = append(b, 0x22, 0x58, 0x20)
	return append(b, raw[33:]...)
}

func (a *Authenticator) answer(response map[string]any) string {
	b, _ := json.Marshal(map[string]any{
		"id": b64.EncodeToString(a.id), "rawId": b64.EncodeToString(a.id), "type": "public-key",
		"clientExtensionResults": map[string]any{}, "authenticatorAttachment": "platform", "response": response,
	})
	return string(b)
}

// Create answers PublicKeyCredentialCreationOptions by RegistrationResponseJSON,
// without an attestation.
func (a *Authenticator) Create(creation string) string {
	a.t.Helper()
	o := a.read(creation)
	a.handle, _ = b64.DecodeString(o.User.ID)
	data := a.data(o, true)
	object := []byte{0xa3, 0x63, 'f', 'm', 't', 0x64, 'n', 'o', 'n', 'e', 0x67, 'a', 't', 't', 'S', 't', 'm', 't', 0xa0, 0x68, 'a', 'u', 't', 'h', 'D', 'a', 't', 'a', 0x58, byte(len(data))}
	object = append(object, data...)
	return a.answer(map[string]any{
		"clientDataJSON": b64.EncodeToString(a.client("webauthn.create", o)), "attestationObject": b64.EncodeToString(object), "transports": []string{"internal", "hybrid"},
	})
}

// Get answers PublicKeyCredentialRequestOptions by AuthenticationResponseJSON.
func (a *Authenticator) Get(request string) string {
	a.t.Helper()
	o := a.read(request)
	if a.Counter > 0 {
		a.Counter++
	}
	data, client := a.data(o, false), a.client("webauthn.get", o)
	sum := sha256.Sum256(client)
	digest := sha256.Sum256(append(append([]byte{}, data...), sum[:]...))
	sig, err := ecdsa.SignASN1(rand.Reader, a.key, digest[:])
	if err != nil {
		a.t.Fatal(err)
	}
	return a.answer(map[string]any{
		"clientDataJSON": b64.EncodeToString(client), "authenticatorData": b64.EncodeToString(data), "signature": b64.EncodeToString(sig),
		"userHandle": b64.EncodeToString(a.handle),
	})
}
