package samba

import (
	"context"
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
