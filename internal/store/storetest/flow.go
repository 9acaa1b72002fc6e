package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/mailbox"
	"postroom/internal/core/mailflow"
	"postroom/internal/core/tx"
)

// queue is an empty mailflow.Store with stories' helpers.
type queue struct {
	*testing.T
	mailflow.Store
	ctx context.Context
}

var flowStart = time.UnixMilli(1_800_000_000_000).UTC()

// Flow is the contract of mailflow.Store. open returns an empty one.
func Flow(t *testing.T, open func(t *testing.T) mailflow.Store) {
	for name, story := range map[string]func(q *queue){
		"messages are kept whole":            queueKept,
		"one lease at a time":                queueLease,
		"a lost lease changes nothing":       queueLostLease,
		"turns go over organizations":        queueTurns,
		"a message goes with its last task":  queueSettled,
		"failed recipients stay":             queueFailed,
		"marks are made once":                queueSeen,
		"bodies are found and moved":         queueBodies,
		"an organization's queue is removed": queuePurged,
	} {
		t.Run(name, func(t *testing.T) { story(&queue{t, open(t), t.Context()}) })
	}
}

func (q *queue) write(fn func(*tx.Tx) error) {
	q.Helper()
	if err := q.Write(q.ctx, "", fn); err != nil {
		q.Fatal(err)
	}
}

// add queues a message of org with a task for each hop, due from flowStart on.
func (q *queue) add(id string, org ids.Org, hops ...string) {
	q.Helper()
	q.write(func(t *tx.Tx) error {
		m := mailflow.Message{ID: id, Org: org, Sender: "a@example.com", Actor: "e1", At: mailbox.Place{Pack: 7, Offset: int64(100 * len(id)), Length: 50},
			Size: 40, Key: []byte{1, 2, 3}, Made: flowStart}
		if err := q.AddMessage(t, m); err != nil {
			return err
		}
		for _, h := range hops {
			k := mailflow.Task{Message: id, Hop: h, Org: org, State: mailflow.Ready, Next: flowStart}
			if err := q.AddTask(t, k, []mailflow.Target{{N: 1, Address: "b@example.com"}, {N: 2, Mailbox: 9}}); err != nil {
				return err
			}
		}
		return nil
	})
}

func (q *queue) due(now time.Time, after ids.Org, each, limit int) []mailflow.Task {
	q.Helper()
	due, err := q.Due(q.ctx, now, after, each, limit)
	if err != nil {
		q.Fatal(err)
	}
	return due
}

func (q *queue) take(k mailflow.Task, lease string, until time.Time) (mine bool) {
	q.Helper()
	q.write(func(t *tx.Tx) (err error) {
		mine, err = q.Take(t, k, lease, until)
		return err
	})
	return mine
}

func queueKept(q *queue) {
	q.add("m1", "o1", "region/a")
	m, ok, err := q.Message(q.ctx, nil, "m1")
	want := mailflow.Message{ID: "m1", Org: "o1", Sender: "a@example.com", Actor: "e1", At: mailbox.Place{Pack: 7, Offset: 200, Length: 50}, Size: 40,
		Key: []byte{1, 2, 3}, Made: flowStart}
	if err != nil || !ok || fmt.Sprint(m) != fmt.Sprint(want) {
		q.Fatalf("%+v %v %v", m, ok, err)
	}
	if _, ok, err := q.Message(q.ctx, nil, "m2"); ok || err != nil {
		q.Fatal(ok, err)
	}
	k, ok, err := q.Task(q.ctx, nil, "m1", "region/a")
	if err != nil || !ok || k.Org != "o1" || k.State != mailflow.Ready || !k.Next.Equal(flowStart) {
		q.Fatalf("%+v %v %v", k, ok, err)
	}
	to, err := q.Targets(q.ctx, nil, "m1", "region/a", 0, 10)
	if err != nil || len(to) != 2 || to[0].Address != "b@example.com" || to[1].Mailbox != 9 || to[1].State != mailflow.Ready {
		q.Fatalf("%+v %v", to, err)
	}
	if to, _ := q.Targets(q.ctx, nil, "m1", "region/a", 1, 10); len(to) != 1 || to[0].N != 2 {
		q.Fatalf("%+v", to)
	}
	// A task that is there gets more recipients, and those that it has stay.
	q.write(func(t *tx.Tx) error {
		return q.AddTask(t, mailflow.Task{Message: "m1", Hop: "region/a", Org: "o1", State: mailflow.Ready, Next: flowStart.Add(time.Hour)},
			[]mailflow.Target{{N: 2, Mailbox: 77}, {N: 3, Mailbox: 10}})
	})
	all, err := q.AllTargets(q.ctx, "m1", "region/a", 0, 10)
	if err != nil || len(all) != 3 || all[1].Mailbox != 9 || all[2].Mailbox != 10 {
		q.Fatalf("%+v %v", all, err)
	}
	if list, err := q.Messages(q.ctx, "o1", "", 10); err != nil || len(list) != 1 {
		q.Fatal(list, err)
	}
	if list, err := q.Messages(q.ctx, "o2", "", 10); err != nil || len(list) != 0 {
		q.Fatal(list, err)
	}
	if c, err := q.Counts(q.ctx); err != nil || c[mailflow.Ready] != 1 {
		q.Fatal(c, err)
	}
}

func queueLease(q *queue) {
	if _, ok, err := q.NextDue(q.ctx); ok || err != nil {
		q.Fatal(ok, err)
	}
	q.add("m1", "o1", "region/a")
	if next, ok, err := q.NextDue(q.ctx); !ok || err != nil || !next.Equal(flowStart) {
		q.Fatal(next, ok, err)
	}
	if due := q.due(flowStart.Add(-time.Millisecond), "", 10, 10); len(due) != 0 {
		q.Fatal("due too early")
	}
	k := q.due(flowStart, "", 10, 10)[0]
	until := flowStart.Add(time.Minute)
	if !q.take(k, "first", until) || q.take(k, "second", until) {
		q.Fatal("a lease is not exclusive")
	}
	if due := q.due(flowStart, "", 10, 10); len(due) != 0 {
		q.Fatal("leased work is due")
	}
	late := q.due(until, "", 10, 10)
	if len(late) != 1 || !q.take(late[0], "second", until.Add(time.Minute)) {
		q.Fatal("a lease that ended cannot be taken")
	}
}

func queueLostLease(q *queue) {
	q.add("m1", "o1", "region/a")
	k := q.due(flowStart, "", 10, 10)[0]
	q.take(k, "first", flowStart.Add(time.Minute))
	mine := k
	mine.Lease = "first"
	other := k
	other.Lease = "second"
	q.write(func(t *tx.Tx) error {
		if ok, err := q.Reach(t, other, 5, flowStart); ok || err != nil {
			q.Error("another's lease moved the mark", ok, err)
		}
		if ok, err := q.Release(t, other, mailflow.Corrupt, flowStart, "x"); ok || err != nil {
			q.Error("another's lease was released", ok, err)
		}
		ok, err := q.Reach(t, mine, 5, flowStart.Add(2*time.Minute))
		if !ok {
			q.Error("the mark did not move")
		}
		return err
	})
	// The mark moves from where the worker thinks it is, or not at all.
	q.write(func(t *tx.Tx) error {
		if ok, err := q.Reach(t, mine, 6, flowStart); ok || err != nil {
			q.Error("the mark moved twice", ok, err)
		}
		mine.Reached = 5
		ok, err := q.Release(t, mine, mailflow.Ready, flowStart.Add(time.Hour), "full")
		if !ok {
			q.Error("not released")
		}
		return err
	})
	if k, _, err := q.Task(q.ctx, nil, "m1", "region/a"); err != nil || k.Reached != 5 || k.Attempts != 1 || k.Error != "full" || k.Lease != "" {
		q.Fatalf("%+v %v", k, err)
	}
}

func queueTurns(q *queue) {
	for i := range 5 {
		q.add(fmt.Sprintf("m1%d", i), "o1", "region/a")
	}
	q.add("m2", "o2", "region/a")
	q.add("m3", "o3", "region/a")
	orgs := func(after ids.Org, each, limit int) (list []ids.Org) {
		for _, k := range q.due(flowStart, after, each, limit) {
			list = append(list, k.Org)
		}
		return list
	}
	for _, c := range []struct {
		after       ids.Org
		each, limit int
		want        []ids.Org
	}{
		{"", 2, 10, []ids.Org{"o1", "o1", "o2", "o3"}},
		{"o1", 1, 10, []ids.Org{"o2", "o3", "o1"}},
		{"o2", 2, 2, []ids.Org{"o3", "o1"}},
		{"o9", 1, 10, []ids.Org{"o1", "o2", "o3"}},
	} {
		if got := orgs(c.after, c.each, c.limit); !slices.Equal(got, c.want) {
			q.Errorf("after %q, %d each: %v, want %v", c.after, c.each, got, c.want)
		}
	}
}

func queueSettled(q *queue) {
	q.add("m1", "o1", "region/a", "region/b")
	settle := func(hop string) (more bool) {
		q.write(func(t *tx.Tx) (err error) {
			more, err = q.Settle(t, "m1", hop)
			return err
		})
		return more
	}
	if !settle("region/a") {
		q.Fatal("recipients are left, and nobody says so")
	}
	for _, hop := range []string{"region/a", "region/b"} {
		if _, ok, _ := q.Message(q.ctx, nil, "m1"); !ok {
			q.Fatal("the message went before its last task")
		}
		q.write(func(t *tx.Tx) error { return q.RemoveTargets(t, "m1", hop, []int64{1, 2}) })
		if settle(hop) {
			q.Fatal("nobody is left")
		}
		if _, ok, _ := q.Task(q.ctx, nil, "m1", hop); ok {
			q.Fatal("the task stays")
		}
	}
	if _, ok, _ := q.Message(q.ctx, nil, "m1"); ok {
		q.Fatal("the message stays")
	}
}

func queueFailed(q *queue) {
	q.add("m1", "o1", "region/a")
	q.write(func(t *tx.Tx) error {
		if err := q.SetTarget(t, "m1", "region/a", 1, mailflow.Failed, "unknown"); err != nil {
			return err
		}
		if more, err := q.Settle(t, "m1", "region/a"); !more || err != nil {
			q.Error("one is still ready", more, err)
		}
		if err := q.RemoveTargets(t, "m1", "region/a", []int64{2}); err != nil {
			return err
		}
		more, err := q.Settle(t, "m1", "region/a")
		if more {
			q.Error("nobody is ready")
		}
		return err
	})
	k, ok, err := q.Task(q.ctx, nil, "m1", "region/a")
	if err != nil || !ok || k.State != mailflow.Failed {
		q.Fatalf("%+v %v %v", k, ok, err)
	}
	if to, _ := q.Targets(q.ctx, nil, "m1", "region/a", 0, 10); len(to) != 0 {
		q.Fatal("a failed recipient is ready")
	}
	if to, err := q.AllTargets(q.ctx, "m1", "region/a", 0, 10); err != nil || len(to) != 1 || to[0].Error != "unknown" {
		q.Fatalf("%+v %v", to, err)
	}
	if due := q.due(flowStart.Add(time.Hour), "", 10, 10); len(due) != 0 {
		q.Fatal("failed work is due")
	}
}

func queueSeen(q *queue) {
	q.write(func(t *tx.Tx) error { return q.MarkSeen(t, []string{"a/1/1", "a/1/2"}, flowStart) })
	err := q.Write(q.ctx, "", func(t *tx.Tx) error { return q.MarkSeen(t, []string{"a/1/3", "a/1/2"}, flowStart) })
	if !errs.Is(err, errs.Exists) {
		q.Fatal(err)
	}
	seen, err := q.Seen(q.ctx, nil, []string{"a/1/1", "a/1/2", "a/1/3"})
	if err != nil || !seen["a/1/1"] || !seen["a/1/2"] || seen["a/1/3"] {
		q.Fatal(seen, err)
	}
	q.write(func(t *tx.Tx) error {
		n, err := q.ForgetSeen(t, flowStart, 10)
		if n != 0 {
			q.Error("forgot", n)
		}
		return err
	})
	q.write(func(t *tx.Tx) error {
		n, err := q.ForgetSeen(t, flowStart.Add(time.Second), 1)
		if n != 1 {
			q.Error("forgot", n)
		}
		return err
	})
}

func queueBodies(q *queue) {
	q.add("m1", "o1", "region/a")
	q.add("m22", "o1", "region/a")
	found, err := q.Bodies(q.ctx, 7)
	if err != nil || len(found) != 2 || found[0].At.Offset != 200 {
		q.Fatal(found, err)
	}
	q.write(func(t *tx.Tx) error {
		return q.MoveBody(t, found[0].At, mailbox.Place{Pack: 8, Offset: 0, Length: 50})
	})
	if found, err = q.Bodies(q.ctx, 7); err != nil || len(found) != 1 || found[0].ID != "m22" {
		q.Fatal(found, err)
	}
	if m, _, err := q.Message(q.ctx, nil, "m1"); err != nil || m.At != (mailbox.Place{Pack: 8, Offset: 0, Length: 50}) {
		q.Fatal(m, err)
	}
}

func queuePurged(q *queue) {
	for i := range 3 {
		q.add(fmt.Sprintf("m%d", i), "o1", "region/a", "domain/b")
	}
	q.add("other", "o2", "region/a")
	for _, want := range []int{2, 1, 0} {
		q.write(func(t *tx.Tx) error {
			n, err := q.Purge(t, "o1", 2)
			if n != want {
				q.Errorf("%d messages removed, want %d", n, want)
			}
			return err
		})
	}
	if due := q.due(flowStart, "", 10, 10); len(due) != 1 || due[0].Message != "other" {
		q.Fatalf("%+v", due)
	}
}
