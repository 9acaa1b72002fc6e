package e2e

import (
	"context"
	"fmt"
	"testing"

	"postroom/internal/app"
	"postroom/internal/base/ids"
	"postroom/internal/core/statistics"
)

// TestStatistics: what came, went and was refused over SMTP, and who signed in,
// is in the organization's figures, also after a restart.
func TestStatistics(t *testing.T) {
	c, err := app.DevConfig(t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	a, e, err := app.Dev(t.Context(), c, nil)
	if err != nil {
		t.Fatal(err)
	}
	w := use(t, a, e)
	alice, bob := e.Users[0], e.Users[1]
	text := "From: x@remote.test\nTo: y@remote.test\nSubject: figures\n\nx\n"
	w.ok(w.send("x@remote.test", text, alice.Email, bob.Email)) // one message
	if err := w.send("x@remote.test", text, "nobody@"+e.Organization.Domain); err == nil {
		t.Fatal("an unknown recipient was taken")
	}
	own := fmt.Sprintf("From: %s\nTo: %s\nSubject: figures\n\nx\n", alice.Email, bob.Email)
	w.ok(w.submit(alice.Email, alice.Password, alice.Email, own, bob.Email))
	if err := w.submit(alice.Email, "wrong password", alice.Email, own, bob.Email); err == nil {
		t.Fatal("a wrong password was taken")
	}
	org := ids.Org(e.Organization.ID)
	look := func(a *app.App) {
		t.Helper()
		r, err := a.Regions[0].Statistics.Report(context.Background(), []ids.Org{org}, statistics.LastDay)
		if err != nil {
			t.Fatal(err)
		}
		var sum statistics.Counts
		for _, row := range r.Rows {
			for k, n := range row.Counts {
				sum[k] += n
			}
		}
		want := statistics.Counts{statistics.MailIn: 2, statistics.MailOut: 1, statistics.MailRefused: 1, statistics.SignIns: 1, statistics.SignInsRefused: 1}
		if sum != want || r.Usage.Users != 2 || r.Usage.Storage < 3*60 {
			t.Errorf("%v %v, want %v", sum, r.Usage, want)
		}
		list, err := a.Auth.For(a.Auth.Operator("test")).SignIns(context.Background(), e.Region, org, ids.Entry(alice.ID))
		if err != nil || len(list) != 2 || list[0].Head != "smtp" {
			t.Errorf("%v %v", list, err)
		}
	}
	look(a)
	if err := a.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	again, err := app.New(t.Context(), c, app.Options{Quiet: true})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close(context.Background())
	look(again)
}
