package auth

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"postroom/internal/base/errs"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// MaxPassword is the longest password in characters, after NFC.
const MaxPassword = 256

const (
	argonMemory = 19 << 10 // KiB
	argonTime   = 2
	argonLanes  = 1
	argonKey    = 32
	argonSalt   = 16

	hashWaiting = 32              // callers that may wait for a core
	hashPatient = 2 * time.Second // and how long
	maxMemory   = 256 << 10       // KiB; a stored hash that asks for more is not run
)

// Hasher turns passwords into argon2id PHC strings (RFC 9106) and checks them.
// At most one runs per core; a short queue waits; beyond it errs.Throttled.
type Hasher struct {
	pepper  []byte
	keyID   string
	cores   chan struct{}
	waiting atomic.Int64
	runs    atomic.Int64
	dummy   string
}

// NewHasher makes a Hasher. pepper is a secret of the deployment kept outside
// its database, mixed into every hash; none is allowed.
func NewHasher(pepper []byte) *Hasher {
	h := &Hasher{pepper: pepper, cores: make(chan struct{}, runtime.NumCPU())}
	if len(pepper) > 0 {
		id := sha256.Sum256(append([]byte("postroom pepper id "), pepper...))
		h.keyID = base64.RawStdEncoding.EncodeToString(id[:6])
	}
	h.dummy = phc{argonMemory, argonTime, argonLanes, h.keyID, random(argonSalt), random(argonKey)}.String()
	return h
}

// Runs counts the hashes run since the start.
func (h *Hasher) Runs() int64 { return h.runs.Load() }

// Hash returns the PHC string of a password: errs.Password where it is too
// long or has characters that no password may have, errs.Throttled where too
// many wait.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	plain, err := normal(password)
	if err != nil {
		return "", err
	}
	p := phc{argonMemory, argonTime, argonLanes, h.keyID, random(argonSalt), nil}
	if p.key, err = h.run(ctx, p, plain, argonKey); err != nil {
		return "", err
	}
	return p.String(), nil
}

// Verify tells whether password belongs to the PHC string hash. The empty hash
// is nobody's: it takes as long as any and answers false, and so does a
// password that none can be.
func (h *Hasher) Verify(ctx context.Context, hash, password string) (bool, error) {
	plain, unfit := normal(password)
	none := hash == "" || unfit != nil
	if none {
		hash = h.dummy
	}
	p, err := parsePHC(hash)
	if err != nil {
		return false, errs.E("auth.Verify", errs.Internal, errs.Storage, err)
	}
	if p.keyID != "" && p.keyID != h.keyID {
		return false, errs.Say("auth.Verify", errs.Unavailable, errs.Storage,
			"Passwords cannot be checked: the deployment's password secret is not the one that they were stored with.")
	}
	got, err := h.run(ctx, p, plain, len(p.key))
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, p.key) == 1 && !none, nil
}

// Stale tells whether a hash was made with other parameters or another pepper
// than Hash uses, so that the next proven password should be hashed anew.
func (h *Hasher) Stale(hash string) bool {
	p, err := parsePHC(hash)
	return err == nil && (p.memory != argonMemory || p.time != argonTime || p.lanes != argonLanes || p.keyID != h.keyID)
}

func (h *Hasher) run(ctx context.Context, p phc, plain string, size int) ([]byte, error) {
	if err := h.enter(ctx); err != nil {
		return nil, err
	}
	defer func() { <-h.cores }()
	h.runs.Add(1)
	in := []byte(plain)
	if p.keyID != "" {
		mac := hmac.New(sha256.New, h.pepper)
		mac.Write(in)
		in = mac.Sum(nil)
	}
	return argon2.IDKey(in, p.salt, p.time, p.memory, p.lanes, uint32(size)), nil
}

// enter takes a core, after a short wait in a short queue.
func (h *Hasher) enter(ctx context.Context) error {
	select {
	case h.cores <- struct{}{}:
		return nil
	default:
	}
	if h.waiting.Add(1) > hashWaiting {
		h.waiting.Add(-1)
		return busy()
	}
	defer h.waiting.Add(-1)
	patience := time.NewTimer(hashPatient)
	defer patience.Stop()
	select {
	case h.cores <- struct{}{}:
		return nil
	case <-patience.C:
		return busy()
	case <-ctx.Done():
		return ctx.Err()
	}
}

func busy() error {
	return errs.Say("auth.Hash", errs.Throttled, errs.Request, "Too many sign-ins at this moment. Try again later.")
}

// normal brings a password into the one form that is hashed: NFC, nothing cut.
func normal(password string) (string, error) {
	no := func(why string) (string, error) {
		return "", errs.Say("auth.Password", errs.Password, errs.Request, "%s", why)
	}
	switch {
	case len(password) > 16*MaxPassword:
		return no("The password is longer than 256 characters.")
	case !utf8.ValidString(password):
		return no("The password is not valid UTF-8.")
	case strings.ContainsRune(password, 0):
		return no("The password contains a NUL character.")
	}
	plain := norm.NFC.String(password)
	if utf8.RuneCountInString(plain) > MaxPassword {
		return no("The password is longer than 256 characters.")
	}
	return plain, nil
}

// phc is an argon2id hash in the PHC string format.
type phc struct {
	memory, time uint32
	lanes        uint8
	keyID        string
	salt, key    []byte
}

func (p phc) String() string {
	id := ""
	if p.keyID != "" {
		id = ",keyid=" + p.keyID
	}
	b := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d%s$%s$%s", argon2.Version, p.memory, p.time, p.lanes, id,
		b.EncodeToString(p.salt), b.EncodeToString(p.key))
}

func parsePHC(s string) (p phc, err error) {
	part := strings.Split(s, "$")
	if len(part) != 6 || part[0] != "" || part[1] != "argon2id" || part[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return p, fmt.Errorf("not an argon2id hash")
	}
	params, id, _ := strings.Cut(part[3], ",keyid=")
	p.keyID = id
	if n, err := fmt.Sscanf(params, "m=%d,t=%d,p=%d", &p.memory, &p.time, &p.lanes); n != 3 || err != nil {
		return p, fmt.Errorf("parameters of an argon2id hash: %q", params)
	}
	b := base64.RawStdEncoding
	if p.salt, err = b.DecodeString(part[4]); err != nil {
		return p, err
	}
	if p.key, err = b.DecodeString(part[5]); err != nil {
		return p, err
	}
	if p.memory < 8 || p.memory > maxMemory || p.time < 1 || p.time > 64 || p.lanes < 1 || len(p.salt) < 8 || len(p.key) < 16 || len(p.key) > 128 {
		return p, fmt.Errorf("parameters of an argon2id hash are out of range: %q", params)
	}
	return p, nil
}

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}
