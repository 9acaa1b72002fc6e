package storetest

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/audit"
	"postroom/internal/core/directory"
	"postroom/internal/core/tx"
)

func recorded(o *office) {
	before, _, err := o.lists.List(o.ctx, filterOf(o.org.ID))
	o.must(err)
	u, err := o.view().CreateUser(o.ctx, directory.NewUser{Name: "alice", DisplayName: "A", Password: "Secret-Word-1"}, nil)
	o.must(err)
	o.clock.Move(time.Second)
	o.must(o.view().ResetPassword(o.ctx, string(u.ID), "Secret-Word-2"))
	o.clock.Move(time.Second)
	o.register(u)
	_, err = o.view().CreateUser(o.ctx, directoryUser("alice"), nil) // refused: no record of a change
	o.want(err, errs.Exists, errs.Entry)
	all, next, err := o.lists.List(o.ctx, filterOf(o.org.ID))
	o.must(err)
	if len(all) != len(before)+3 || next != "" {
		o.Fatalf("%d records, %d before", len(all), len(before))
	}
	r := all[0]
	if r.By != officeBy || r.Target != string(u.ID) || r.TargetName != "alice" || r.Outcome != audit.OK || !r.Time.Equal(o.clock.Now()) || !strings.Contains(r.Detail, "alice@example") {
		o.Fatalf("%+v", r)
	}
	if strings.Contains(fmt.Sprint(all), "Secret-Word") {
		o.Fatal("a password was recorded")
	}
	// Pages and filters.
	seen, after := 0, ""
	for {
		page, next, err := o.lists.List(o.ctx, audit.Filter{Org: o.org.ID, Target: string(u.ID), After: after, Limit: 2})
		o.must(err)
		seen += len(page)
		if after = next; next == "" {
			break
		}
	}
	o.equal(seen, 3)
	for _, c := range []struct {
		f    audit.Filter
		want int
	}{
		{audit.Filter{Actor: "admin", Target: "alice"}, 3}, {audit.Filter{Actor: "a1", Target: "alice"}, 3}, {audit.Filter{Actor: "nobody"}, 0},
		{audit.Filter{Operation: "Test", Target: "alice"}, 3}, {audit.Filter{Operation: "Other"}, 0},
		{audit.Filter{From: o.clock.Now()}, 1}, {audit.Filter{From: officeStart.Add(time.Second), To: o.clock.Now()}, 1},
	} {
		c.f.Org = o.org.ID
		got, _, err := o.lists.List(o.ctx, c.f)
		o.must(err)
		if len(got) != c.want {
			o.Fatalf("%+v: %d records, want %d", c.f, len(got), c.want)
		}
	}
	_, _, err = o.lists.List(o.ctx, audit.Filter{Limit: 1001})
	o.want(err, errs.Invalid, errs.Request)
	n, err := o.lists.Verify(o.ctx, o.org.ID)
	o.must(err)
	o.equal(n, len(all))
}

// chainBroken writes a wrong link itself, as one who has the database would.
func chainBroken(o *office) {
	o.user("alice")
	o.must(o.s.Trail.Write(o.ctx, o.org.ID, func(t *tx.Tx) error {
		seq, prev, err := o.s.Trail.Next(t, o.org.ID)
		if err != nil {
			return err
		}
		return o.s.Trail.Append(t, audit.Link{Record: audit.Record{ID: "fffffffffff", Org: o.org.ID, Outcome: audit.OK}, Seq: seq, Prev: prev, Hash: []byte("forged")})
	}))
	_, err := o.lists.Verify(o.ctx, o.org.ID)
	o.want(err, errs.Internal, errs.Storage)
	if !strings.Contains(err.Error(), "its text was changed") {
		o.Fatal(err)
	}
	other := o.organization("other")
	o.must(o.s.Trail.Write(o.ctx, other.ID, func(t *tx.Tx) error {
		_, _, err := o.s.Trail.Next(t, other.ID) // a number without a record
		return err
	}))
	if _, err := o.lists.Verify(o.ctx, other.ID); err == nil || !strings.Contains(err.Error(), "missing") {
		o.Fatal(err)
	}
}

func notes(o *office) {
	var out bytes.Buffer
	log := audit.NewLog(o.s.Log, o.clock, slog.New(slog.NewTextHandler(&out, nil)))
	for i := range 1200 {
		log.Note(audit.Record{
			By: audit.By{Kind: audit.Unknown, Name: "x\x00\xff\n" + strings.Repeat("y", 5000), Operation: "SMTP.AUTH"}, Org: o.org.ID, Target: fmt.Sprint(i), Outcome: "unauthenticated",
		})
		log.Note(audit.Record{Org: ids.Org(fmt.Sprintf("m-%032d", i%3)), Target: fmt.Sprint(i)})
	}
	o.must(log.Flush(o.ctx))
	log.Note(audit.Record{Org: o.org.ID, Target: "last"})
	o.must(log.Close())
	log.Note(audit.Record{Org: o.org.ID, Target: "too late"})
	n := 0
	f := audit.Filter{Org: o.org.ID, Operation: "SMTP.AUTH", Limit: 1000}
	for {
		page, next, err := o.lists.List(o.ctx, f)
		o.must(err)
		n += len(page)
		for _, r := range page {
			if len(r.By.Name) > 1024 || strings.ContainsAny(r.By.Name, "\x00\n") {
				o.Fatalf("%q", r.By.Name)
			}
		}
		if f.After = next; next == "" {
			break
		}
	}
	o.equal(n, 1200)
	// Changes are what the trail has and what the log has of refusals, page by page; no reads, refused or not.
	log = audit.NewLog(o.s.Log, o.clock, slog.New(slog.NewTextHandler(&out, nil)))
	log.Note(audit.Record{By: audit.By{Operation: "Read"}, Org: o.org.ID, Target: "looked for", Outcome: "not_found"})
	o.must(log.Close())
	for range 5 {
		o.must(o.s.Trail.Write(o.ctx, o.org.ID, func(t *tx.Tx) error {
			return audit.NewTrail(o.s.Trail, o.clock).Record(t, audit.Record{Org: o.org.ID, Target: "changed"})
		}))
	}
	changes := audit.Filter{Org: o.org.ID, Changes: true, Reads: []string{"List", "Read"}, Limit: 200}
	n, refused := 0, 0
	for {
		page, next, err := o.lists.List(o.ctx, changes)
		o.must(err)
		n += len(page)
		for _, r := range page {
			switch {
			case r.By.Operation == "SMTP.AUTH":
				refused++
			case r.Outcome != audit.OK || r.Target == "last":
				o.Fatalf("%+v is no change", r)
			}
		}
		if changes.After = next; next == "" {
			break
		}
	}
	if refused != 1200 || n < refused+5 {
		o.Fatalf("%d changes, %d of them refused", n, refused)
	}
	last, _, err := o.lists.List(o.ctx, audit.Filter{Org: o.org.ID, Target: "last"})
	o.must(err)
	o.equal(len(last), 1)
	if _, err := o.lists.Verify(o.ctx, o.org.ID); err != nil {
		o.Fatal(err)
	}
	if out.Len() > 0 {
		o.Fatal(out.String())
	}
}
