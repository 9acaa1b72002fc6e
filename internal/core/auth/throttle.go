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
	// codeBudget is for guesses of six digits by who has the password: 48 a day.
	codeBudget = budget{free: 5, forgive: 30 * time.Minute, first: 5 * time.Second, most: time.Hour}
	pairBudget = budget{free: 20, forgive: 30 * time.Second, first: time.Second, most: time.Minute}
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
			return nil, later(k.until.Sub(now))
		}
		a.known = true
		a.here = k.fail(now, pairBudget)
		return a, nil
	}
	t.fill(now)
	wait := max(closed(t.accounts, account, now), closed(t.networks, a.pair.network, now))
	if wait == 0 && t.tokens < 1 {
		wait = time.Second
	}
	if wait > 0 {
		return nil, later(wait)
	}
	t.tokens--
	// Only what is admitted takes a place: refused names do not push counters out.
	ab, nb := take(t.accounts, account), take(t.networks, a.pair.network)
	a.here = nb.fail(now, networkBudget)
	a.undo = append(a.undo, ab.fail(now, accountBudget), func() { t.tokens = math.Min(globalBurst, t.tokens+1) })
	return a, nil
}

// admitCode counts a guess of a second factor's code, wherever it comes from:
// who guesses has the password, so that no network is known here. A wrong one
// stays counted, the same again too: codes change.
func (t *throttle) admitCode(account string) (*attempt, error) {
	now := t.clock.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	if wait := closed(t.accounts, account, now); wait > 0 {
		return nil, later(wait)
	}
	return &attempt{t: t, here: take(t.accounts, account).fail(now, codeBudget)}, nil
}

// know makes a pair known whose sign-in took two steps.
func (t *throttle) know(account string, remote netip.Addr) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.makeKnown(pair{account, netx.Network(remote)}, t.clock.Now())
}

func (t *throttle) makeKnown(p pair, now time.Time) {
	t.wrong.drop(p)
	k, ok := t.pairs.get(p)
	if !ok {
		k = &known{}
		t.pairs.put(p, k)
	}
	k.since = now
}

func (t *throttle) fill(now time.Time) {
	if d := now.Sub(t.filled); d > 0 {
		t.tokens = math.Min(globalBurst, t.tokens+globalRate*d.Seconds())
		t.filled = now
	}
}

// closed is for how long a bucket lets nobody in; 0 where it is open.
func closed[K comparable](l *lru[K, *bucket], k K, now time.Time) time.Duration {
	b, ok := l.get(k)
	if !ok {
		return 0
	}
	return max(0, b.until.Sub(now))
}

func take[K comparable](l *lru[K, *bucket], k K) *bucket {
	b, ok := l.get(k)
	if !ok {
		b = &bucket{}
		l.put(k, b)
	}
	return b
}

// later says for how long the door is closed, in whole seconds or minutes.
func later(wait time.Duration) error {
	n, unit := int(math.Ceil(wait.Seconds())), "second"
	if n > 90 {
		n, unit = int(math.Ceil(wait.Minutes())), "minute"
	}
	if n != 1 {
		unit += "s"
	}
	return errs.Say("auth.SignIn", errs.Throttled, errs.Request, "Too many failed sign-ins. Try again in %d %s.", n, unit)
}

// right gives the attempt back and makes the pair known.
func (a *attempt) right() {
	now := a.t.clock.Now()
	a.t.mu.Lock()
	defer a.t.mu.Unlock()
	a.giveBack()
	a.here()
	a.t.makeKnown(a.pair, now)
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
