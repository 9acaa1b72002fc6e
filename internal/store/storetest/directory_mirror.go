package storetest

import (
	"context"
	"slices"
	"strings"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/connect/dirtest"
	"postroom/internal/core/directory"
	"postroom/internal/core/tx"
)

func (o *office) mirror(f *dirtest.Foreign) *directory.Mirror {
	return o.dir.Mirror(o.org.ID, directory.MirrorConfig{Directory: "d-0123456789@1", Zone: time.UTC,
		Open: func(context.Context) (directory.Foreign, error) { return f, nil }})
}

func (o *office) turn(m *directory.Mirror) {
	o.Helper()
	o.clock.Move(6 * time.Second)
	ours, err := m.Turn(o.ctx)
	o.must(err)
	o.equal(ours, true)
}

func (o *office) sync() directory.SyncState {
	o.Helper()
	s, err := o.view().DescribeDirectorySync(o.ctx)
	o.must(err)
	return s
}

func refKeys(list []directory.Ref) (keys []string) {
	for _, r := range list {
		keys = append(keys, r.Key)
	}
	return keys
}

// mirrored: a directory of several pages is taken over, its members, addresses
// and faults with it, and followed.
func mirrored(o *office) {
	f := dirtest.NewForeign()
	m := o.mirror(f)
	_, err := o.view().DescribeDirectorySync(o.ctx)
	o.want(err, errs.Unsupported, errs.Directory)
	list := f.Fill(300)
	later := directory.Ref{Key: ids.NewUUID(), Name: "later"}
	group := f.Add(directory.Identity{Ref: directory.Ref{Name: "all", Kind: directory.KindGroup}, Mirrored: directory.Mirrored{Members: append(refKeys(list), later.Key)}}, "")
	_, err = o.view().CreateResource(o.ctx, directory.NewResource{Name: "lounge", Type: directory.Room}, nil)
	o.must(err)
	clash := f.Add(directory.Identity{Ref: directory.Ref{Name: "Lounge"}, Mirrored: directory.Mirrored{Mail: "l@corp.example", Addresses: []directory.Address{
		{Kind: directory.SMTP, Text: "a@example.postroom.test"}, {Kind: directory.X500, Text: "/o=Corp/cn=a"}, {Kind: directory.SMTP, Text: "a@not-ours.example"}}}}, "")
	other := f.Add(directory.Identity{Ref: directory.Ref{Name: "other"}, Mirrored: directory.Mirrored{Addresses: []directory.Address{{Kind: directory.SMTP, Text: "A@example.postroom.test"}}}}, "")
	o.turn(m)
	s := o.sync()
	o.equal([]any{s.Phase, s.Users, s.Groups, s.Faults, len(s.FaultList)}, []any{directory.SyncFollowing, 302, 1, 2, 2})
	members, err := o.s.Entries.MemberIDs(o.ctx, nil, o.org.ID, group.Entry, "", 1000)
	o.must(err)
	o.equal(len(members), 300)
	proposed, err := o.view().ProposeEmailAddresses(o.ctx, []ids.Entry{other.Entry, clash.Entry}, "", directory.FromMail)
	o.must(err)
	o.equal([]any{proposed[0].Email, proposed[1].Email}, []any{"other@example.postroom.test", "l@example.postroom.test"})

	f.Add(directory.Identity{Ref: later}, "")
	f.Edit(group.Key, func(i *directory.Identity) { i.Members = append(refKeys(list[:10]), later.Key) })
	f.Edit(clash.Key, func(i *directory.Identity) { i.Addresses = nil })
	o.must(o.view().DeleteResource(o.ctx, "lounge"))
	o.turn(m)
	o.turn(m)
	s = o.sync()
	o.equal([]any{s.Users, s.Faults, s.Held}, []any{303, 0, 0})
	members, err = o.s.Entries.MemberIDs(o.ctx, nil, o.org.ID, group.Entry, "", 1000)
	o.must(err)
	o.equal(len(members), 11)
	e, err := o.dir.ByAddress(o.ctx, nil, o.org.ID, "a@example.postroom.test")
	o.must(err)
	o.equal([]any{e.ID, e.Name}, []any{other.Entry, "other"})
	e, err = o.dir.ByName(o.ctx, nil, o.org.ID, "lounge")
	o.must(err)
	o.equal(e.ID, clash.Entry)
}

// mirrorBrakes: what many would leave by is kept until it is confirmed.
func mirrorBrakes(o *office) {
	f := dirtest.NewForeign()
	m := o.mirror(f)
	list := f.Fill(300)
	o.turn(m)
	f.MoveUnseen(true, refKeys(list[:200])...)
	o.turn(m)
	s := o.sync()
	o.equal([]any{s.Phase, s.Held, s.HeldUsers, len(s.HeldNames)}, []any{directory.SyncPaused, 200, 200, 20})
	f.MoveUnseen(false, list[0].Key)
	o.must(o.view().ConfirmDirectoryChanges(o.ctx, 200))
	o.turn(m)
	s = o.sync()
	o.equal([]any{s.Phase, s.Held, s.Users, s.Confirmed}, []any{directory.SyncFollowing, 0, 101, false})
	gone, err := o.s.Entries.GoneSince(o.ctx, nil, o.org.ID, officeStart)
	o.must(err)
	o.equal(gone, 199)
	left, err := o.s.Entries.Left(o.ctx, nil, o.clock.Now().Add(time.Second), "", "", 1000)
	o.must(err)
	o.equal(len(left), 199)
	// Without a mailbox they are Deleted at once, and forgotten 30 days later; so is what was seen of them.
	o.equal(o.reload(directory.Entry{Org: o.org.ID, ID: list[1].Entry}).State, directory.Deleted)
	o.clock.Move(31 * 24 * time.Hour)
	o.must(o.dir.Forget(o.ctx))
	rows, err := o.s.Entries.Seen(o.ctx, nil, o.org.ID, []string{list[1].Key})
	o.must(err)
	o.equal(len(rows), 0)
	_, err = o.dir.ByID(o.ctx, nil, o.org.ID, list[1].Entry)
	o.want(err, errs.NotFound, errs.Entry)
}

// mirrorLease: of two processes one mirrors, and the other after it died.
func mirrorLease(o *office) {
	f := dirtest.NewForeign()
	f.Fill(10)
	first, second := o.mirror(f), o.mirror(f)
	o.turn(first)
	ours, err := second.Turn(o.ctx)
	o.must(err)
	if !ours { // else the store knows that there is no other process
		o.turn(first)
		o.clock.Move(31 * time.Second)
	}
	o.turn(second)
	f.AnotherServer()
	ours, err = second.Turn(o.ctx)
	o.must(err)
	o.equal(ours, true)
	if ours, _ = first.Turn(o.ctx); ours {
		if n, err := second.Turn(o.ctx); n || err != nil {
			o.Fatal("both mirror", err)
		}
	}
}

// seenKept: what was seen is kept whole, by organization.
func seenKept(o *office) {
	other := o.organization("other")
	row := directory.Seen{Org: o.org.ID, Key: "k1", Entry: "entry-000001", Kind: directory.KindGroup, Hash: "h\x00\xff", Members: "m", Hidden: true, Mail: "m@x.example",
		Wanted: "Wanted", Fault: "fault", Again: true, Held: true, Gone: officeStart}
	o.must(o.s.Entries.Write(o.ctx, o.org.ID, func(t *tx.Tx) error {
		if err := o.s.Entries.PutSeen(t, directory.Seen{Org: other.ID, Key: "k1", Kind: directory.KindUser}); err != nil {
			return err
		}
		if err := o.s.Entries.PutSeen(t, directory.Seen{Org: o.org.ID, Key: "k1", Kind: directory.KindUser}); err != nil {
			return err
		}
		return o.s.Entries.PutSeen(t, row)
	}))
	got, err := o.s.Entries.Seen(o.ctx, nil, o.org.ID, []string{"k0", "k1", "k2"})
	o.must(err)
	o.equal(got, []directory.Seen{row})
	byEntry, err := o.s.Entries.SeenEntries(o.ctx, nil, o.org.ID, []ids.Entry{"entry-000001", "entry-000009"})
	o.must(err)
	o.equal(byEntry, []directory.Seen{row})
	o.must(o.s.Entries.Write(o.ctx, o.org.ID, func(t *tx.Tx) error { return o.s.Entries.DeleteSeen(t, o.org.ID, "k1") }))
	var keys []string
	for _, org := range []ids.Org{o.org.ID, other.ID} {
		o.must(o.s.Entries.SeenKeys(o.ctx, nil, org, func(key string, _ bool) { keys = append(keys, key) }))
	}
	o.equal(slices.Compact(keys), "[k1]")
	// A name that waits for an intent is not free; then it is.
	o.must(o.s.Entries.Write(o.ctx, o.org.ID, func(t *tx.Tx) error {
		if err := o.s.Entries.PutIntent(t, directory.Intent{Org: o.org.ID, ID: "i", NameKey: "wanted", Created: officeStart}); err != nil {
			return err
		}
		return o.s.Entries.PutSeen(t, directory.Seen{Org: o.org.ID, Key: "k3", Kind: directory.KindUser, Wanted: "Wanted"})
	}))
	again := func() string {
		list, err := o.s.Entries.SeenWith(o.ctx, nil, o.org.ID, directory.SeenAgain, "", 10)
		o.must(err)
		var keys []string
		for _, s := range list {
			keys = append(keys, s.Key)
		}
		return strings.Join(keys, " ")
	}
	o.equal(again(), "")
	o.must(o.s.Entries.Write(o.ctx, o.org.ID, func(t *tx.Tx) error { return o.s.Entries.DeleteIntent(t, o.org.ID, "i") }))
	o.equal(again(), "k3")
	// An organization that is deleted takes it along.
	o.must(o.s.Orgs.Write(o.ctx, o.org.ID, func(t *tx.Tx) error {
		_, err := o.s.Orgs.Erase(t, o.org.ID, 900)
		return err
	}))
	got, err = o.s.Entries.Seen(o.ctx, nil, o.org.ID, []string{"k3"})
	o.must(err)
	o.equal(len(got), 0)
}
