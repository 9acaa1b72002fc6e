package directory

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
)

// members of a group as its directory has them.
type members struct {
	key, sum string
	keys     []string
}

// memberRows are how many memberships one Write changes.
const memberRows = 800

// join makes members of those that groups waited for: few, after the first reading.
func (m *Mirror) join(ctx context.Context, keys []string) error {
	if list, err := m.s.Store.AwaitedOf(ctx, nil, m.org, keys, 1); err != nil || len(list) == 0 {
		return err
	}
	seen, err := m.s.Store.Seen(ctx, nil, m.org, keys)
	if err != nil {
		return err
	}
	by := idsOf(seen)
	keys = slices.Collect(maps.Keys(by))
	for {
		list, err := m.s.Store.AwaitedOf(ctx, nil, m.org, keys, memberRows/3)
		if err != nil || len(list) == 0 {
			return err
		}
		err = m.write(ctx, func(t *tx.Tx) error {
			touched := map[ids.Entry]int{}
			for _, a := range list {
				if err := m.s.Store.DeleteAwaited(t, m.org, a); err != nil {
					return err
				}
				ok, err := m.s.Store.PutMember(t, m.org, a.Group, by[a.Key])
				if err != nil {
					return err
				}
				if ok {
					touched[a.Group]++
				}
			}
			for id, n := range touched {
				if err := m.touch(t, id, n, 0); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}

// touch gives a group whose members changed its next revision.
func (m *Mirror) touch(t *tx.Tx, group ids.Entry, in, out int) error {
	e, found, err := m.s.Store.Entry(t.Context(), t, m.org, group)
	if err != nil || !found {
		return err
	}
	e.Revision++
	if err := m.s.Store.Update(t, &e); err != nil {
		return err
	}
	return m.v.record(t, &e, fmt.Sprintf("in the directory: %d members more, %d less", in, out))
}

// memberStep is one change of a membership: of an entry, or of one that is awaited.
type memberStep struct {
	group, entry ids.Entry
	awaited      string
	in           bool
	done         *members // the last step of this group
	count        [2]int   // with done: in, out
}

// putMembers makes the members of groups what they are in the directory. Only
// what differs is written; the hash comes last, so that a crash leaves it to be done.
func (m *Mirror) putMembers(ctx context.Context, groups []members) error {
	var steps []memberStep
	for i := range groups {
		some, err := m.memberSteps(ctx, &groups[i])
		if err != nil {
			return err
		}
		steps = append(steps, some...)
		for len(steps) >= memberRows {
			if err := m.putSteps(ctx, steps[:memberRows]); err != nil {
				return err
			}
			steps = steps[memberRows:]
		}
	}
	if len(steps) == 0 {
		return nil
	}
	return m.putSteps(ctx, steps)
}

// memberSteps finds what differs.
func (m *Mirror) memberSteps(ctx context.Context, g *members) ([]memberStep, error) {
	store := m.s.Store
	rows, err := store.Seen(ctx, nil, m.org, []string{g.key})
	if err != nil || len(rows) == 0 || rows[0].Entry == "" {
		return nil, err
	}
	group := rows[0].Entry
	has := map[ids.Entry]bool{}
	for after := ids.Entry(""); ; {
		page, err := store.MemberIDs(ctx, nil, m.org, group, after, 1000)
		if err != nil {
			return nil, err
		}
		for _, id := range page {
			has[id], after = true, id
		}
		if len(page) < 1000 {
			break
		}
	}
	list, err := store.Awaited(ctx, nil, m.org, group)
	if err != nil {
		return nil, err
	}
	awaited := make(map[string]bool, len(list))
	for _, key := range list {
		awaited[key] = true
	}
	var steps []memberStep
	var count [2]int
	for keys := g.keys; len(keys) > 0; {
		n := min(len(keys), 500)
		some, err := store.Seen(ctx, nil, m.org, keys[:n])
		if err != nil {
			return nil, err
		}
		by := idsOf(some)
		for _, key := range keys[:n] {
			id, known := by[key]
			switch {
			case known && has[id]:
				delete(has, id)
			case known:
				steps = append(steps, memberStep{group: group, entry: id, in: true})
				count[0]++
			case awaited[key]:
				delete(awaited, key)
			case len(key) <= 256 && searchable(key):
				steps = append(steps, memberStep{group: group, awaited: key, in: true})
			}
		}
		keys = keys[n:]
	}
	for id := range has {
		steps = append(steps, memberStep{group: group, entry: id})
		count[1]++
	}
	for key := range awaited {
		steps = append(steps, memberStep{group: group, awaited: key})
	}
	return append(steps, memberStep{group: group, done: g, count: count}), nil
}

func (m *Mirror) putSteps(ctx context.Context, steps []memberStep) error {
	return m.write(ctx, func(t *tx.Tx) error {
		for i := range steps {
			if err := m.putStep(t, &steps[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

func (m *Mirror) putStep(t *tx.Tx, s *memberStep) (err error) {
	store := m.s.Store
	switch {
	case s.done != nil:
		rows, err := store.Seen(t.Context(), t, m.org, []string{s.done.key})
		if err != nil || len(rows) == 0 {
			return err
		}
		rows[0].Members = s.done.sum
		if err := store.PutSeen(t, rows[0]); err != nil || s.count == [2]int{} {
			return err
		}
		return m.touch(t, s.group, s.count[0], s.count[1])
	case s.awaited != "" && s.in:
		err = store.PutAwaited(t, m.org, AwaitedMember{s.group, s.awaited})
	case s.awaited != "":
		err = store.DeleteAwaited(t, m.org, AwaitedMember{s.group, s.awaited})
	case s.in:
		_, err = store.PutMember(t, m.org, s.group, s.entry)
	default:
		_, err = store.DeleteMember(t, m.org, s.group, s.entry)
	}
	return err
}

// idsOf are the ids of some that were seen, by key.
func idsOf(list []Seen) map[string]ids.Entry {
	by := make(map[string]ids.Entry, len(list))
	for _, s := range list {
		if s.Entry != "" {
			by[s.Key] = s.Entry
		}
	}
	return by
}
