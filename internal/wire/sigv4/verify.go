package sigv4

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Verifier checks signatures and keeps the signing keys that it derived. Its
// zero value is ready; it may be used by many goroutines.
type Verifier struct {
	mu   sync.RWMutex
	keys map[Credential]derived
}

type derived struct {
	secret string
	key    [32]byte
}

// maxKeys bounds the cache; a key and day that are used again cost 2 µs.
const maxKeys = 4096

// Verify proves that the request was signed with secret at a time near now. body
// is the whole body as it came. The error is ErrSkew or ErrMismatch.
func (v *Verifier) Verify(p *Parsed, secret string, body []byte, now time.Time) error {
	if err := p.checkSkew(now); err != nil {
		return err
	}
	if !v.matches(p, p.Credential, secret, body) {
		return refuse(ErrMismatch, "The request signature we calculated does not match the signature you provided. "+
			"Check your secret access key and signing method.")
	}
	return nil
}

// Refuse answers for a key that does not exist, is inactive, or whose owner may
// not sign, in the time that Verify takes. The error is ErrSkew or ErrUnknownKey.
func (v *Verifier) Refuse(p *Parsed, body []byte, now time.Time) error {
	if err := p.checkSkew(now); err != nil {
		return err
	}
	nobody := p.Credential
	nobody.KeyID = "" // one entry of the cache for all that is unknown
	v.matches(p, nobody, "a secret that signs for nobody, for its time", body)
	return refuse(ErrUnknownKey, "The security token included in the request is invalid.")
}

func (v *Verifier) matches(p *Parsed, cache Credential, secret string, body []byte) bool {
	sum := sha256.Sum256(body)
	whole := true
	if claimed := p.request.Header["X-Amz-Content-Sha256"]; len(claimed) == 1 {
		var buf [64]byte
		whole = strings.EqualFold(claimed[0], string(hex.AppendEncode(buf[:0], sum[:])))
	}
	expected := sign(v.key(cache, secret), p.request, p.Credential, p.date, p.headers, p.list, sum)
	return subtle.ConstantTimeCompare(expected[:], p.signature[:]) == 1 && whole
}

func (p *Parsed) checkSkew(now time.Time) error {
	now = now.UTC()
	if oldest := now.Add(-Skew); p.Time.Before(oldest) {
		return refuse(ErrSkew, fmt.Sprintf("Signature expired: %s is now earlier than %s (%s - 5 min.)",
			p.date, oldest.Format(timeLayout), now.Format(timeLayout)))
	}
	if newest := now.Add(Skew); p.Time.After(newest) {
		return refuse(ErrSkew, fmt.Sprintf("Signature not yet current: %s is still later than %s (%s + 5 min.)",
			p.date, newest.Format(timeLayout), now.Format(timeLayout)))
	}
	return nil
}

// key returns the signing key of a credential scope. An entry counts only for
// the secret that it was made of.
func (v *Verifier) key(c Credential, secret string) [32]byte {
	v.mu.RLock()
	found, ok := v.keys[c]
	v.mu.RUnlock()
	if ok && subtle.ConstantTimeCompare([]byte(found.secret), []byte(secret)) == 1 {
		return found.key
	}
	key := derive(c, secret)
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.keys == nil || len(v.keys) >= maxKeys {
		v.keys = make(map[Credential]derived)
	}
	// The credential's strings are parts of a header; the cache keeps its own.
	own := Credential{strings.Clone(c.KeyID), strings.Clone(c.Date), strings.Clone(c.Region), strings.Clone(c.Service)}
	v.keys[own] = derived{secret, key}
	return key
}

func derive(c Credential, secret string) [32]byte {
	key := mac([]byte("AWS4"+secret), []byte(c.Date))
	for _, part := range [...]string{c.Region, c.Service, terminator} {
		key = mac(key[:], []byte(part))
	}
	return key
}

func mac(key, text []byte) (sum [32]byte) {
	h := hmac.New(sha256.New, key)
	h.Write(text)
	h.Sum(sum[:0])
	return sum
}

var buffers = sync.Pool{New: func() any { return new([2048]byte) }}

func sign(key [32]byte, r *http.Request, c Credential, date string, headers []string, list string, bodySum [32]byte) [32]byte {
	buf := buffers.Get().(*[2048]byte)
	defer buffers.Put(buf)
	text := appendCanonical(buf[:0], r, headers, list, bodySum)
	n := len(text)
	text = appendStringToSign(text, date, c, text)
	return mac(key[:], text[n:])
}

// Sign signs r for a client: it sets X-Amz-Date and Authorization, and signs
// Host, Content-Type and every X-Amz header.
func Sign(r *http.Request, body []byte, keyID, secret, region, service string, now time.Time) {
	date := now.UTC().Format(timeLayout)
	r.Header.Set("X-Amz-Date", date)
	if r.Host == "" {
		r.Host = r.URL.Host
	}
	headers := []string{"host"}
	for name := range r.Header {
		if name = strings.ToLower(name); name == "content-type" || strings.HasPrefix(name, "x-amz-") {
			headers = append(headers, name)
		}
	}
	slices.Sort(headers)
	list := strings.Join(headers, ";")
	c := Credential{KeyID: keyID, Date: date[:8], Region: region, Service: service}
	signature := sign(derive(c, secret), r, c, date, headers, list, sha256.Sum256(body))
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s Credential=%s/%s/%s/%s/%s, SignedHeaders=%s, Signature=%x", algorithm,
		keyID, c.Date, region, service, terminator, list, signature)
	r.Header.Set("Authorization", b.String())
}
