package auth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"sync"
	"time"

	"postroom/internal/base/clock"
	"postroom/internal/base/ids"
)

type userKey struct {
	org   ids.Org
	entry ids.Entry
}

// proof is of the last password that was right; marks are of it and of those
// before it, the newest first.
type proof struct {
	mac     [32]byte
	version int64
	until   time.Time // zero: it was ended
	marks   [4]mark
}

// mark is of a password that was right at some time, and outlives its proof.
type mark struct {
	text  string    // directory.PasswordMark; "": there is none
	first time.Time // when it was right for the first time
}

// proofs remembers for 10 minutes that a password was right, as an HMAC under a
// random key of the process, bound to the version of the credential. Behind that
// its marks still tell former passwords of a directory from its present one.
type proofs struct {
	clock clock.Clock
	key   [32]byte
	mu    sync.Mutex
	kept  *lru[userKey, proof]
}

func newProofs(c clock.Clock) *proofs {
	p := &proofs{clock: c, kept: newLRU[userKey, proof](maxRemembered)}
	rand.Read(p.key[:])
	return p
}

func (p *proofs) mac(k userKey, password string) (sum [32]byte) {
	m := hmac.New(sha256.New, p.key[:])
	for _, s := range []string{string(k.org), string(k.entry)} {
		m.Write(binary.BigEndian.AppendUint32(nil, uint32(len(s))))
		m.Write([]byte(s))
	}
	m.Write([]byte(password))
	m.Sum(sum[:0])
	return sum
}

func (p *proofs) holds(k userKey, version int64, password string) bool {
	p.mu.Lock()
	have, ok := p.kept.get(k)
	p.mu.Unlock()
	if !ok || have.version != version || !p.clock.Now().Before(have.until) {
		return false
	}
	sum := p.mac(k, password)
	return hmac.Equal(sum[:], have.mac[:])
}

// keep remembers a password that was right, and its mark.
func (p *proofs) keep(k userKey, version int64, password, text string) {
	now := p.clock.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	have, _ := p.kept.get(k)
	// The same password keeps the time of its first proof; another goes before it.
	m := mark{text, now}
	at := slices.IndexFunc(have.marks[:], func(old mark) bool { return old.text == text })
	if at >= 0 {
		m = have.marks[at]
	} else {
		at = len(have.marks) - 1
	}
	copy(have.marks[1:at+1], have.marks[:at])
	have.marks[0] = m
	have.mac, have.version, have.until = p.mac(k, password), version, now.Add(proofsFor)
	p.kept.put(k, have)
}

// before answers the marks of what was right before a time, the newest first.
func (p *proofs) before(k userKey, at time.Time) (list []string) {
	p.mu.Lock()
	have, _ := p.kept.get(k)
	p.mu.Unlock()
	for _, m := range have.marks {
		if m.text != "" && m.first.Before(at) {
			list = append(list, m.text)
		}
	}
	return list
}

// forget ends the proofs of an entry, or of the organization where entry is "".
func (p *proofs) forget(org ids.Org, entry ids.Entry) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if entry != "" {
		if have, ok := p.kept.get(userKey{org, entry}); ok {
			have.until = time.Time{}
			p.kept.put(userKey{org, entry}, have)
		}
		return
	}
	p.kept.dropIf(func(k userKey, _ proof) bool { return k.org == org })
}
