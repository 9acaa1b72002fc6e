package auth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"sync"
	"time"

	"postroom/internal/base/clock"
	"postroom/internal/base/ids"
)

type userKey struct {
	org   ids.Org
	entry ids.Entry
}

type proof struct {
	mac     [32]byte
	version int64
	until   time.Time
}

// proofs remembers for 10 minutes that a password was right, as an HMAC under a
// random key of the process, bound to the version of the credential.
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

func (p *proofs) mac(k userKey, version int64, password string) (sum [32]byte) {
	m := hmac.New(sha256.New, p.key[:])
	for _, s := range []string{string(k.org), string(k.entry)} {
		m.Write(binary.BigEndian.AppendUint32(nil, uint32(len(s))))
		m.Write([]byte(s))
	}
	m.Write(binary.BigEndian.AppendUint64(nil, uint64(version)))
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
	sum := p.mac(k, version, password)
	return hmac.Equal(sum[:], have.mac[:])
}

func (p *proofs) keep(k userKey, version int64, password string) {
	sum := p.mac(k, version, password)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kept.put(k, proof{sum, version, p.clock.Now().Add(proofsFor)})
}

// forget drops the proofs of an entry, or of the organization where entry is "".
func (p *proofs) forget(org ids.Org, entry ids.Entry) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if entry != "" {
		p.kept.drop(userKey{org, entry})
		return
	}
	p.kept.dropIf(func(k userKey, _ proof) bool { return k.org == org })
}
