package dirstore

import (
	"context"
	"slices"
	"strings"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
	"postroom/internal/core/tx"
	"postroom/internal/store/sqldb"
)

func (s *Entries) MirrorRow(ctx context.Context, v tx.View, org ids.Org) (r directory.MirrorRow, found bool, err error) {
	var looked, full, failing, held, confirmed, asked int64
	r.Org = org
	found, err = s.Q(v).Found(ctx, `SELECT directory, holder, mark, read_n, looked_at, full_at, error, failing_since, impaired, held_at, confirmed, confirmed_at, asked_at
		FROM mirror WHERE org = $1`, []any{string(org)}, &r.Directory, &r.Holder, (*string)(&r.Mark), &r.Read, &looked, &full, &r.Error, &failing,
		&r.Impaired, &held, &r.Confirmed, &confirmed, &asked)
	r.Looked, r.Full, r.FailingSince, r.HeldAt, r.ConfirmedAt, r.AskedAt = at(looked), at(full), at(failing), at(held), at(confirmed), at(asked)
	return r, found, err
}

// TakeMirror knows of no other on SQLite: the store has one process.
func (s *Entries) TakeMirror(t *tx.Tx, org ids.Org, dir, holder string, now, until time.Time) (bool, error) {
	free := ms(now)
	if s.Engine() == sqldb.SQLite {
		free = 1 << 62
	}
	n, err := s.Q(t).Exec(t.Context(), `INSERT INTO mirror (org, directory, holder, lease_until, mark, read_n, looked_at, full_at, error, failing_since,
		impaired, held_at, confirmed, confirmed_at, asked_at) VALUES ($1, $2, $3, $4, '', 0, 0, 0, '', 0, $6, 0, 0, 0, 0)
		ON CONFLICT (org) DO UPDATE SET directory = excluded.directory, holder = excluded.holder, lease_until = excluded.lease_until,
			mark = CASE WHEN mirror.directory = excluded.directory THEN mirror.mark ELSE '' END
		WHERE mirror.holder = excluded.holder OR mirror.lease_until < $5`, string(org), dir, holder, ms(until), free, false)
	return n > 0, err
}

func (s *Entries) LeaveMirror(t *tx.Tx, org ids.Org, holder string) error {
	_, err := s.Q(t).Exec(t.Context(), `UPDATE mirror SET lease_until = 0 WHERE org = $1 AND holder = $2`, string(org), holder)
	return err
}

func (s *Entries) PutMirror(t *tx.Tx, r directory.MirrorRow) error {
	_, err := s.Q(t).Exec(t.Context(), `UPDATE mirror SET mark = $2, read_n = $3, looked_at = $4, full_at = $5, error = $6, failing_since = $7,
		impaired = $8, held_at = $9 WHERE org = $1`, string(r.Org), string(r.Mark), r.Read, ms(r.Looked), ms(r.Full), r.Error, ms(r.FailingSince),
		r.Impaired, ms(r.HeldAt))
	return err
}

func (s *Entries) Confirm(t *tx.Tx, org ids.Org, number int, when time.Time) error {
	_, err := s.Q(t).Exec(t.Context(), `UPDATE mirror SET confirmed = $2, confirmed_at = $3 WHERE org = $1`, string(org), number, ms(when))
	return err
}

func (s *Entries) AskMirror(t *tx.Tx, org ids.Org, when time.Time) error {
	_, err := s.Q(t).Exec(t.Context(), `UPDATE mirror SET asked_at = $2 WHERE org = $1`, string(org), ms(when))
	return err
}

const seenColumns = `dir_key, entry, kind, hash, members, hidden, mail, wanted, fault, again, held, gone_at`

func (s *Entries) seen(ctx context.Context, v tx.View, org ids.Org, where string, args ...any) ([]directory.Seen, error) {
	var list []directory.Seen
	err := s.Q(v).Each(ctx, `SELECT `+seenColumns+` FROM mirrored WHERE `+where, args, func(scan func(...any) error) error {
		x := directory.Seen{Org: org}
		var hash, members []byte
		var gone int64
		err := scan(&x.Key, (*string)(&x.Entry), (*int8)(&x.Kind), &hash, &members, &x.Hidden, &x.Mail, &x.Wanted, &x.Fault,
			&x.Again, &x.Held, &gone)
		x.Hash, x.Members, x.Gone = string(hash), string(members), at(gone)
		list = append(list, x)
		return err
	})
	return list, err
}

func (s *Entries) Seen(ctx context.Context, v tx.View, org ids.Org, keys []string) ([]directory.Seen, error) {
	return seenIn(ctx, s, v, org, "dir_key", keys)
}

func (s *Entries) SeenEntries(ctx context.Context, v tx.View, org ids.Org, list []ids.Entry) ([]directory.Seen, error) {
	return seenIn(ctx, s, v, org, "entry", list)
}

func seenIn[S ~string](ctx context.Context, s *Entries, v tx.View, org ids.Org, column string, list []S) (all []directory.Seen, err error) {
	for part := range slices.Chunk(list, 128) {
		marks, args := inList(2, part)
		some, err := s.seen(ctx, v, org, `org = $1 AND `+column+` IN (`+marks+`)`, append([]any{string(org)}, args...)...)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

func (s *Entries) SeenKeys(ctx context.Context, v tx.View, org ids.Org, fn func(string, bool)) error {
	for after := ""; ; {
		n := 0
		err := s.Q(v).Each(ctx, `SELECT dir_key, held FROM mirrored WHERE org = $1 AND dir_key > $2 AND gone_at = 0 ORDER BY dir_key LIMIT 1000`,
			[]any{string(org), after}, func(scan func(...any) error) error {
				var held bool
				err := scan(&after, &held)
				fn(after, held)
				n++
				return err
			})
		if err != nil || n < 1000 {
			return err
		}
	}
}

var seenWith = map[directory.SeenWhat]string{
	directory.SeenFaults: `org = $1 AND dir_key > $2 AND fault <> '' ORDER BY dir_key LIMIT $3`,
	directory.SeenHeld:   `org = $1 AND dir_key > $2 AND held ORDER BY dir_key LIMIT $3`,
	directory.SeenAgain:  `org = $1 AND dir_key > $2 AND again ORDER BY dir_key LIMIT $3`,
}

func (s *Entries) SeenWith(ctx context.Context, v tx.View, org ids.Org, what directory.SeenWhat, after string, limit int) ([]directory.Seen, error) {
	list, err := s.seen(ctx, v, org, seenWith[what], string(org), after, limit)
	if err != nil || what != directory.SeenAgain || len(list) >= limit {
		return list, err
	}
	free, err := s.seen(ctx, v, org, `org = $1 AND wanted_key <> '' AND NOT again AND dir_key > $2
		AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.org = mirrored.org AND e.name_key = mirrored.wanted_key AND e.gone_at = 0)
		AND NOT EXISTS (SELECT 1 FROM intent i WHERE i.org = mirrored.org AND i.name_key = mirrored.wanted_key)
		ORDER BY dir_key LIMIT $3`, string(org), after, limit-len(list))
	return append(list, free...), err
}

// CountSeen counts by indexes of what it counts. Those that became no entry have a
// fault, which few have.
func (s *Entries) CountSeen(ctx context.Context, v tx.View, org ids.Org) (c directory.SeenCount, err error) {
	const there = `(SELECT COUNT(*) FROM mirrored WHERE org = $1 AND kind = $2 AND gone_at = 0)
		- (SELECT COUNT(*) FROM mirrored WHERE org = $1 AND dir_key > '' AND fault <> '' AND kind = $2 AND entry = '' AND gone_at = 0)`
	err = s.Q(v).QueryRow(ctx, `SELECT `+there+`, `+strings.ReplaceAll(there, "$2", "$3")+`,
		(SELECT COUNT(*) FROM mirrored WHERE org = $1 AND dir_key > '' AND fault <> ''),
		(SELECT COUNT(*) FROM mirrored WHERE org = $1 AND dir_key > '' AND held),
		(SELECT COUNT(*) FROM mirrored WHERE org = $1 AND dir_key > '' AND held AND kind = $2)`,
		string(org), int64(directory.KindUser), int64(directory.KindGroup)).Scan(&c.Users, &c.Groups, &c.Faults, &c.Held, &c.HeldUsers)
	return c, err
}

func (s *Entries) GoneSince(ctx context.Context, v tx.View, org ids.Org, when time.Time) (n int, err error) {
	err = s.Q(v).QueryRow(ctx, `SELECT COUNT(*) FROM mirrored WHERE org = $1 AND kind = $2 AND gone_at >= $3 AND gone_at > 0`,
		string(org), int64(directory.KindUser), ms(when)).Scan(&n)
	return n, err
}

var putSeen = inserting("mirrored", strings.Split("org, "+seenColumns+", wanted_key", ", "), `ON CONFLICT (org, dir_key) DO UPDATE SET
	entry = excluded.entry, kind = excluded.kind, hash = excluded.hash, members = excluded.members, hidden = excluded.hidden, mail = excluded.mail,
	wanted = excluded.wanted, fault = excluded.fault, again = excluded.again, held = excluded.held, gone_at = excluded.gone_at, wanted_key = excluded.wanted_key`)

func (s *Entries) PutSeen(t *tx.Tx, list ...directory.Seen) error {
	return s.insert(t, putSeen, len(list), func(args []any, n int) []any {
		x := &list[n]
		return append(args, string(x.Org), x.Key, string(x.Entry), int64(x.Kind), []byte(x.Hash), []byte(x.Members), x.Hidden, x.Mail, x.Wanted, x.Fault,
			x.Again, x.Held, ms(x.Gone), directory.NameKey(x.Wanted))
	})
}

func (s *Entries) DeleteSeen(t *tx.Tx, org ids.Org, key string) error {
	_, err := s.Q(t).Exec(t.Context(), `DELETE FROM mirrored WHERE org = $1 AND dir_key = $2`, string(org), key)
	return err
}

func (s *Entries) Hold(t *tx.Tx, org ids.Org, keys []string, held bool) error {
	for len(keys) > 0 {
		n := min(len(keys), 128)
		marks, args := inList(3, keys[:n])
		keys = keys[n:]
		_, err := s.Q(t).Exec(t.Context(), `UPDATE mirrored SET held = $2 WHERE org = $1 AND dir_key IN (`+marks+`)`, append([]any{string(org), held}, args...)...)
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Entries) EntriesByName(ctx context.Context, v tx.View, org ids.Org, keys []string) (entries []directory.Entry, intents []string, err error) {
	for len(keys) > 0 {
		n := min(len(keys), 128)
		marks, args := inList(2, keys[:n])
		keys = keys[n:]
		args = append([]any{string(org)}, args...)
		some, err := s.entries(ctx, v, `SELECT `+entryColumns+` FROM entry WHERE org = $1 AND name_key IN (`+marks+`)`, args...)
		if err != nil {
			return nil, nil, err
		}
		entries = append(entries, some...)
		err = s.Q(v).Each(ctx, `SELECT name_key FROM intent WHERE org = $1 AND name_key IN (`+marks+`)`, args, func(scan func(...any) error) error {
			var key string
			err := scan(&key)
			intents = append(intents, key)
			return err
		})
		if err != nil {
			return nil, nil, err
		}
	}
	return entries, intents, nil
}

func (s *Entries) mirroredAddresses(ctx context.Context, v tx.View, org ids.Org, from string, args ...any) ([]directory.MirroredAddress, error) {
	var list []directory.MirroredAddress
	err := s.Q(v).Each(ctx, `SELECT m.entry, m.addr_key, m.domain, m.text, m.given FROM `+from, args, func(scan func(...any) error) error {
		a := directory.MirroredAddress{Org: org}
		err := scan((*string)(&a.Entry), &a.Key, &a.Domain, &a.Text, &a.Given)
		list = append(list, a)
		return err
	})
	return list, err
}

func (s *Entries) MirroredAddresses(ctx context.Context, v tx.View, org ids.Org, e ids.Entry) ([]directory.MirroredAddress, error) {
	return s.mirroredAddresses(ctx, v, org, `mirrored_address m WHERE m.org = $1 AND m.entry = $2 ORDER BY m.addr_key`, string(org), string(e))
}

var putMirroredAddress = inserting("mirrored_address", []string{"org", "entry", "addr_key", "domain", "text", "given"},
	`ON CONFLICT (org, entry, addr_key) DO UPDATE SET text = excluded.text, given = excluded.given`)

func (s *Entries) PutMirroredAddress(t *tx.Tx, list ...directory.MirroredAddress) error {
	return s.insert(t, putMirroredAddress, len(list), func(args []any, n int) []any {
		a := &list[n]
		return append(args, string(a.Org), string(a.Entry), a.Key, a.Domain, a.Text, a.Given)
	})
}

func (s *Entries) DeleteMirroredAddress(t *tx.Tx, org ids.Org, e ids.Entry, key string) error {
	_, err := s.Q(t).Exec(t.Context(), `DELETE FROM mirrored_address WHERE org = $1 AND entry = $2 AND addr_key = $3`, string(org), string(e), key)
	return err
}

// OpenAddresses begins with the verified domains, which are few: most addresses
// that are not given are of domains that are not ours. CROSS JOIN keeps SQLite to it.
func (s *Entries) OpenAddresses(ctx context.Context, v tx.View, org ids.Org, limit int) ([]directory.MirroredAddress, error) {
	return s.mirroredAddresses(ctx, v, org, `mail_domain d CROSS JOIN mirrored_address m
		WHERE d.org = $1 AND d.name > $3 AND d.state = 'VERIFIED' AND m.org = d.org AND m.domain = d.name AND NOT m.given
		AND NOT EXISTS (SELECT 1 FROM address a JOIN entry h ON h.org = a.org AND h.id = a.entry AND h.gone_at = 0
			WHERE a.org = m.org AND a.addr_key = m.addr_key AND a.held)
		AND EXISTS (SELECT 1 FROM entry e WHERE e.org = m.org AND e.id = m.entry AND e.gone_at = 0 AND e.deleted_at = 0) LIMIT $2`, string(org), limit, "")
}

func (s *Entries) MemberIDs(ctx context.Context, v tx.View, org ids.Org, group, after ids.Entry, limit int) ([]ids.Entry, error) {
	var list []ids.Entry
	err := s.Q(v).Each(ctx, `SELECT entry FROM member WHERE org = $1 AND grp = $2 AND entry > $3 ORDER BY entry LIMIT $4`,
		[]any{string(org), string(group), string(after), limit}, func(scan func(...any) error) error {
			var id string
			err := scan(&id)
			list = append(list, ids.Entry(id))
			return err
		})
	return list, err
}

func (s *Entries) Awaited(ctx context.Context, v tx.View, org ids.Org, group ids.Entry) ([]string, error) {
	var list []string
	err := s.Q(v).Each(ctx, `SELECT dir_key FROM mirrored_member WHERE org = $1 AND grp = $2`, []any{string(org), string(group)},
		func(scan func(...any) error) error {
			var key string
			err := scan(&key)
			list = append(list, key)
			return err
		})
	return list, err
}

func (s *Entries) AwaitedOf(ctx context.Context, v tx.View, org ids.Org, keys []string, limit int) ([]directory.AwaitedMember, error) {
	var list []directory.AwaitedMember
	for len(keys) > 0 && len(list) < limit {
		n := min(len(keys), 128)
		marks, args := inList(3, keys[:n])
		keys = keys[n:]
		err := s.Q(v).Each(ctx, `SELECT grp, dir_key FROM mirrored_member WHERE org = $1 AND dir_key IN (`+marks+`) LIMIT $2`,
			append([]any{string(org), limit - len(list)}, args...), func(scan func(...any) error) error {
				var a directory.AwaitedMember
				err := scan((*string)(&a.Group), &a.Key)
				list = append(list, a)
				return err
			})
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (s *Entries) PutAwaited(t *tx.Tx, org ids.Org, a directory.AwaitedMember) error {
	_, err := s.Q(t).Exec(t.Context(), `INSERT INTO mirrored_member (org, grp, dir_key) VALUES ($1, $2, $3) ON CONFLICT (org, grp, dir_key) DO NOTHING`,
		string(org), string(a.Group), a.Key)
	return err
}

func (s *Entries) DeleteAwaited(t *tx.Tx, org ids.Org, a directory.AwaitedMember) error {
	_, err := s.Q(t).Exec(t.Context(), `DELETE FROM mirrored_member WHERE org = $1 AND grp = $2 AND dir_key = $3`, string(org), string(a.Group), a.Key)
	return err
}
