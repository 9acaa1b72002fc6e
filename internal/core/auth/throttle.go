package auth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"math"
	"net/netip"
	"sync"
	"time"

	"postroom/internal/base/clock"
	"postroom/internal/base/errs"
	"postroom/internal/base/netx"
)

// budget says how failures of one kind add up: free of them cost nothing, each
// further one closes the door for twice as long as the one before, from first
// to most, and one is forgiven every forgive.
type budget struct {
	free        float64
	forgive     time.Duration
	first, most time.Duration
}

var (
	accountBudget = budget{free: 10, forgive: time.Minute, first: 2 * time.Second, most: 15 * time.Minute}
	networkBudget = budget{free: 30, forgive: 20 * time.Second, first: 2 * time.Second, most: 15 * time.Minute}
	pairBudget    = budget{free: 20, forgive: 30 * time.Second, first: time.Second, most: time.Minute}
)

const (
	globalBurst   = 300 // failures of strangers at once over the whole process
	globalRate    = 20  // and per second
	maxBuckets    = 100_000
	knownFor      = 30 * 24 * time.Hour
	proofsFor     = 10 * time.Minute
	maxRemembered = 100_000
)

// bucket counts failures.
type bucket struct {
	fails float64
	last  time.Time
	until time.Time // closed before
}

func (b *bucket) fade(now time.Time, by budget) {
	if d := now.Sub(b.last); d > 0 {
		b.fails = math.Max(0, b.fails-float64(d)/float64(by.forgive))
		b.last = now
	}
}

// fail counts one and returns how to take it back.
func (b *bucket) fail(now time.Time, by budget) (undo func()) {
	b.fade(now, by)
	before := b.until
	b.fails++
	var until time.Time
	if over := b.fails - by.free; over > 0 {
		pause := by.most
		if over < 20 {
			pause = min(by.most, time.Duration(float64(by.first)*math.Pow(2, math.Ceil(over)-1)))
		}
		if until = now.Add(pause); until.After(b.until) {
			b.until = until
		}
	}
	return func() {
		b.fails = math.Max(0, b.fails-1)
		if b.until.Equal(until) {
			b.until = before
		}
	}
}

type pair struct {
	account string
	network netip.Prefix
}

// known is a pair that has signed in.
type known struct {
	bucket
	since time.Time
}

// throttle bounds guessing, over all protocols of the process. A pair of
// account and network that has signed in before has a budget of its own, so an
// attack on an account, from elsewhere, does not shut its owner out (row 112).
// An attempt is counted before its password is looked at and given back when it
// was right: many at once gain nothing.
type throttle struct {
	clock clock.Clock
	key   [32]byte

	mu       sync.Mutex
	accounts *lru[string, *bucket]
	networks *lru[netip.Prefix, *bucket]
	pairs    *lru[pair, *known]
	wrong    *lru[pair, [16]byte]
	tokens   float64
	filled   time.Time
}

func newThrottle(c clock.Clock) *throttle {
	t := &throttle{
		clock: c, accounts: newLRU[string, *bucket](maxBuckets), networks: newLRU[netip.Prefix, *bucket](maxBuckets),
		pairs: newLRU[pair, *known](maxRemembered), wrong: newLRU[pair, [16]byte](maxBuckets), tokens: globalBurst, filled: c.Now(),
	}
	rand.Read(t.key[:])
	return t
}

// attempt is an admitted sign-in, counted as failed until right is called.
type attempt struct {
	t     *throttle
	pair  pair
	known bool
	undo  []func() // of the account and the process
	here  func()   // of the network, or of the known pair
}

// admit counts an attempt on an account (a name that says nothing about whether
// it exists) from an address, or answers errs.Throttled.
func (t *throttle) admit(account string, remote netip.Addr) (*attempt, error) {
	now := t.clock.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	a := &attempt{t: t, pair: pair{account, netx.Network(remote)}}
	if k, ok := t.pairs.get(a.pair); ok && now.Sub(k.since) < knownFor {
		if now.Before(k.until) {
			return nil, later()
		}
		a.known = true
		a.here = k.fail(now, pairBudget)
		return a, nil
	}
	t.fill(now)
	if closed(t.accounts, account, now) || closed(t.networks, a.pair.network, now) || t.tokens < 1 {
		return nil, later()
	}
	t.tokens--
	// Only what is admitted takes a place: refused names do not push counters out.
	ab, nb := take(t.accounts, account), take(t.networks, a.pair.network)
	a.here = nb.fail(now, networkBudget)
	a.undo = append(a.undo, ab.fail(now, accountBudget), func() { t.tokens = math.Min(globalBurst, t.tokens+1) })
	return a, nil
}

func (t *throttle) fill(now time.Time) {
	if d := now.Sub(t.filled); d > 0 {
		t.tokens = math.Min(globalBurst, t.tokens+globalRate*d.Seconds())
		t.filled = now
	}
}

func closed[K comparable](l *lru[K, *bucket], k K, now time.Time) bool {
	b, ok := l.get(k)
	return ok && now.Before(b.until)
}

func take[K comparable](l *lru[K, *bucket], k K) *bucket {
	b, ok := l.get(k)
	if !ok {
		b = &bucket{}
		l.put(k, b)
	}
	return b
}

func later() error {
	return errs.Say("auth.SignIn", errs.Throttled, errs.Request, "Too many failed sign-ins. Try again later.")
}

// right gives the attempt back and makes the pair known.
func (a *attempt) right() {
	now := a.t.clock.Now()
	a.t.mu.Lock()
	defer a.t.mu.Unlock()
	a.giveBack()
	a.here()
	a.t.wrong.drop(a.pair)
	k, ok := a.t.pairs.get(a.pair)
	if !ok {
		k = &known{}
		a.t.pairs.put(a.pair, k)
	}
	k.since = now
}

// failed keeps the attempt counted; only against the network where the same
// wrong password came from there before: a phone with an old password does not
// guess.
func (a *attempt) failed(password string) {
	mac := hmac.New(sha256.New, a.t.key[:])
	mac.Write([]byte(a.pair.account + "\x00" + password))
	var sum [16]byte
	copy(sum[:], mac.Sum(nil))
	a.t.mu.Lock()
	defer a.t.mu.Unlock()
	if last, ok := a.t.wrong.get(a.pair); ok && hmac.Equal(last[:], sum[:]) {
		a.giveBack()
	}
	a.t.wrong.put(a.pair, sum)
}

// drop gives back an attempt that was not judged.
func (a *attempt) drop() {
	a.t.mu.Lock()
	defer a.t.mu.Unlock()
	a.giveBack()
	a.here()
}

func (a *attempt) giveBack() {
	for _, undo := range a.undo {
		undo()
	}
	a.undo = nil
}
