package dnsx

import (
	"context"
	"errors"
	"net"
	"testing"

	"github.com/miekg/dns"
)

func TestFake(t *testing.T) {
	var f Fake
	ctx := context.Background()
	if _, err := f.TXT(ctx, "a.test"); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
	f.SetTXT("A.test.", "x", "y")
	if got, err := f.TXT(ctx, "a.test"); err != nil || len(got) != 2 {
		t.Error(got, err)
	}
	down := errors.New("down")
	f.Fail("a.test", down)
	if _, err := f.TXT(ctx, "a.test"); !errors.Is(err, down) || errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}

// TestSystem asks a name server of the test's own.
func TestSystem(t *testing.T) {
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := &dns.Server{PacketConn: pc, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		m := new(dns.Msg).SetReply(q)
		switch q.Question[0].Name + dns.TypeToString[q.Question[0].Qtype] {
		case "a.test.TXT":
			rr, _ := dns.NewRR(`a.test. 60 IN TXT "one" "two"`)
			m.Answer = append(m.Answer, rr)
		case "a.test.MX":
			far, _ := dns.NewRR("a.test. 60 IN MX 20 Far.a.test.")
			near, _ := dns.NewRR("a.test. 60 IN MX 10 near.a.test.")
			m.Answer = append(m.Answer, far, near)
		case "null.test.MX":
			rr, _ := dns.NewRR("null.test. 60 IN MX 0 .")
			m.Answer = append(m.Answer, rr)
		case "broken.test.TXT":
			m.Rcode = dns.RcodeServerFailure
		default:
			m.Rcode = dns.RcodeNameError
		}
		w.WriteMsg(m)
	})}
	go srv.ActivateAndServe()
	defer srv.Shutdown()
	ctx, s := context.Background(), System{Via: pc.LocalAddr().String()}
	if got, err := s.TXT(ctx, "a.test"); err != nil || len(got) != 1 || got[0] != "onetwo" {
		t.Error(got, err)
	}
	if got, err := s.MX(ctx, "a.test"); err != nil || len(got) != 2 || got[0].Host != "near.a.test" || got[1].Host != "far.a.test" {
		t.Error(got, err)
	}
	if got, err := s.MX(ctx, "null.test"); err != nil || len(got) != 1 || got[0].Host != "." {
		t.Error(got, err)
	}
	if _, err := s.TXT(ctx, "no.test"); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
	if _, err := s.TXT(ctx, "broken.test"); err == nil || errors.Is(err, ErrNotFound) {
		t.Error("SERVFAIL reads as", err)
	}
}
