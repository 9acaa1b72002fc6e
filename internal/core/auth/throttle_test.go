package auth

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"postroom/internal/base/clock"
)

func ip(s string) netip.Addr { return netip.MustParseAddr(s) }

func guess(t *throttle, account string, from netip.Addr, password string) bool {
	a, err := t.admit(account, from)
	if err != nil {
		return false
	}
	a.failed(password)
	return true
}

func guesses(t *throttle, n int, account string, from netip.Addr) (admitted int) {
	for i := range n {
		if guess(t, account, from, fmt.Sprint(account, from, i, t.clock.Now())) {
			admitted++
		}
	}
	return admitted
}

// TestBruteForce: row 110, one account from many addresses.
func TestBruteForce(t *testing.T) {
	c := clock.At(time.Unix(1e9, 0))
	th := newThrottle(c)
	admitted := 0
	for i := range 200 {
		admitted += guesses(th, 1, "a", netip.AddrFrom4([4]byte{192, 0, 2, byte(i)}))
	}
	if admitted != int(accountBudget.free)+1 {
		t.Fatalf("%d guesses at once", admitted)
	}
	// A day of trying each second from new addresses.
	admitted = 0
	for i := range 24 * 3600 {
		c.Move(time.Second)
		admitted += guesses(th, 1, "a", netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}))
	}
	if admitted > 24*60+20 {
		t.Fatalf("%d guesses in a day", admitted)
	}
	// Then it is open again.
	c.Move(time.Hour)
	if !guess(th, "a", ip("203.0.113.1"), "x") {
		t.Fatal("closed for ever")
	}
}

// TestSpray: row 110, one password over many accounts from one network.
func TestSpray(t *testing.T) {
	c := clock.At(time.Unix(1e9, 0))
	for _, from := range []func(i int) netip.Addr{
		func(int) netip.Addr { return ip("192.0.2.7") },
		func(i int) netip.Addr { return ip(fmt.Sprintf("2001:db8:1:2::%x", i+1)) }, // all of a /64
		func(int) netip.Addr { return ip("::ffff:192.0.2.7") },
	} {
		th := newThrottle(c)
		admitted := 0
		for i := range 200 {
			admitted += guesses(th, 1, fmt.Sprint("a", i), from(i))
		}
		if admitted != int(networkBudget.free)+1 {
			t.Errorf("%s: %d", from(0), admitted)
		}
	}
}

// TestBotnet: row 110, many accounts from many networks.
func TestBotnet(t *testing.T) {
	c := clock.At(time.Unix(1e9, 0))
	th := newThrottle(c)
	try := func(n int) (admitted int) {
		for i := range n {
			admitted += guesses(th, 1, fmt.Sprint("a", i), netip.AddrFrom4([4]byte{10, 1, byte(i >> 8), byte(i)}))
		}
		return admitted
	}
	if n := try(2000); n != globalBurst {
		t.Error(n)
	}
	c.Move(time.Second)
	if n := try(2000); n != globalRate {
		t.Error(n)
	}
}

// TestOwnerStaysIn: row 112.
func TestOwnerStaysIn(t *testing.T) {
	c := clock.At(time.Unix(1e9, 0))
	th := newThrottle(c)
	home := ip("198.51.100.9")
	a, err := th.admit("a", home)
	if err != nil {
		t.Fatal(err)
	}
	a.right()
	for i := range 3000 {
		guesses(th, 1, "a", netip.AddrFrom4([4]byte{10, 1, byte(i >> 8), byte(i)}))
	}
	if guess(th, "a", ip("203.0.113.5"), "x") {
		t.Fatal("the attack goes on")
	}
	for range 100 { // more than any budget: right ones cost nothing
		a, err := th.admit("a", home)
		if err != nil {
			t.Fatal("the owner is out:", err)
		}
		a.right()
	}
	// Guessing from the known network has its own bound, at most a minute long.
	if n := guesses(th, 200, "a", home); n != int(pairBudget.free)+1 {
		t.Fatal(n)
	}
	c.Move(time.Minute)
	if a, err = th.admit("a", home); err != nil {
		t.Fatal(err)
	}
	a.right()
}

// TestManyAtOnce: attempts that are not judged yet are counted.
func TestManyAtOnce(t *testing.T) {
	th := newThrottle(clock.At(time.Unix(1e9, 0)))
	var open []*attempt
	for {
		a, err := th.admit("a", ip("192.0.2.1"))
		if err != nil {
			break
		}
		if open = append(open, a); len(open) > 100 {
			t.Fatal("no bound")
		}
	}
	for _, a := range open {
		a.drop()
	}
	if !guess(th, "a", ip("192.0.2.1"), "x") {
		t.Fatal("attempts that were not judged stay counted")
	}
}

// TestOldPhone: the same wrong password again and again does not close the
// account for others.
func TestOldPhone(t *testing.T) {
	c := clock.At(time.Unix(1e9, 0))
	th := newThrottle(c)
	for range 1000 {
		guess(th, "a", ip("192.0.2.1"), "old password")
		c.Move(30 * time.Second)
	}
	if !guess(th, "a", ip("192.0.2.99"), "x") {
		t.Fatal("closed")
	}
}

func TestBounded(t *testing.T) {
	l := newLRU[int, int](3)
	for i := range 10 {
		l.put(i, i)
	}
	l.get(7)
	l.put(10, 10)
	if _, ok := l.get(8); ok || len(l.at) != 3 || l.order.Len() != 3 {
		t.Error(len(l.at), ok)
	}
	l.dropIf(func(k, _ int) bool { return k == 7 })
	l.drop(10)
	if _, ok := l.get(9); !ok || len(l.at) != 1 {
		t.Error(l.at)
	}
}

// TestCodeBudget (row 117): who has the password guesses six digits about fifty
// times a day, from however many networks.
func TestCodeBudget(t *testing.T) {
	c := clock.At(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	th := newThrottle(c)
	guesses := 0
	for range 24 * 60 * 60 {
		c.Move(time.Second)
		if _, err := th.admitCode("factor/a"); err == nil {
			guesses++
		}
	}
	if guesses < 20 || guesses > 70 {
		t.Errorf("%d guesses in a day", guesses)
	}
	// A right one in between costs nothing.
	for range 100 {
		a, err := th.admitCode("factor/b")
		if err != nil {
			t.Fatal(err)
		}
		a.drop()
	}
}
