package samba

import (
	"context"
	"strings"
	"testing"
	"time"
)

func TestStart(t *testing.T) {
	s := Start(t)
	s.Fill(MailOU, "u", 3)
	s.Stop()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if s.answers(ctx) == nil {
		t.Fatal("it answers after Stop")
	}
	s.Restart()
	if out := s.Tool("user", "list"); len(out) < 20 {
		t.Fatal(out)
	}
}

func TestPair(t *testing.T) {
	one, two := Pair(t)
	if a, b := one.invocation(), two.invocation(); a == b {
		t.Fatalf("both databases are %s", a)
	}
	one.Fill(MailOU, "u", 3)
	list := func(s *Server) string { return s.Tool("user", "list") }
	if out := list(two); strings.Contains(out, "u000001") {
		t.Fatalf("it was replicated by itself: %s", out)
	}
	two.Pull(one)
	if out := list(two); !strings.Contains(out, "u000003") {
		t.Fatal(out)
	}
	two.Tool("user", "delete", "u000002")
	one.Stop()
	one.Pull(two)
	if out := list(one); strings.Contains(out, "u000002") || !strings.Contains(out, "u000001") {
		t.Fatal(out)
	}
}

// invocation is the id of the database.
func (s *Server) invocation() string {
	s.t.Helper()
	out, err := tool(time.Minute, "python3", "-c", prelude+"print(db.get_invocation_id())", s.Dir)
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}
