package dirstore

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
	"postroom/internal/core/tx"
)

var putWord = inserting("entry_word", []string{"org", "word", "kind", "entry"}, "")

// putWords writes what new entries are found by beside their keys.
func (s *Entries) putWords(t *tx.Tx, list ...*directory.Entry) error {
	var rows [][4]any
	for _, e := range list {
		for w := range strings.FieldsSeq(wordsOf(e)) {
			rows = append(rows, [4]any{string(e.Org), w, int64(e.Kind), string(e.ID)})
		}
	}
	return s.insert(t, putWord, len(rows), func(args []any, n int) []any { return append(args, rows[n][:]...) })
}

// wordsOf are the words that an entry has in entry_word. A Deleted one keeps
// them in its row alone.
func wordsOf(e *directory.Entry) string {
	if e.State == directory.Deleted {
		return ""
	}
	return directory.LaterWords(sortKeys(e))
}

// changeWords writes what is other than it was.
func (s *Entries) changeWords(t *tx.Tx, e *directory.Entry, was string) error {
	now := wordsOf(e)
	if now == was {
		return nil
	}
	before, after := strings.Fields(was), strings.Fields(now)
	if gone := without(before, after); len(gone) > 0 {
		args := arguments{string(e.Org), int64(e.Kind), string(e.ID)}
		if _, err := s.exec(t, `DELETE FROM entry_word WHERE org = $1 AND kind = $2 AND entry = $3 AND word IN (`+in(&args, gone)+`)`, args...); err != nil {
			return err
		}
	}
	for _, w := range without(after, before) {
		_, err := s.exec(t, `INSERT INTO entry_word (org, word, kind, entry) VALUES ($1, $2, $3, $4)`, string(e.Org), w, int64(e.Kind), string(e.ID))
		if err != nil {
			return err
		}
	}
	return nil
}

func without(list, others []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(w string) bool { return slices.Contains(others, w) })
}

// arguments are those of a statement that is put together.
type arguments []any

// add answers the parameter that stands for v.
func (a *arguments) add(v any) string {
	*a = append(*a, v)
	return "$" + strconv.Itoa(len(*a))
}

// in is inList behind the arguments that are there.
func in[S ~string](a *arguments, list []S) (marks string) {
	marks, args := inList(len(*a)+1, list)
	*a = append(*a, args...)
	return marks
}

// begins is the condition that a column begins with a text.
func begins(a *arguments, column, text string) string {
	return column + ` >= ` + a.add(text) + ` AND ` + column + ` < ` + a.add(text+top)
}

// held is the condition that an address that e holds begins with a text. It is
// told so that PostgreSQL, too, looks at the few of the entry, and not for each
// entry at all that begin so (an index of addresses) or once at all (EXISTS).
func held(a *arguments, text string) string {
	return `(SELECT COUNT(*) FROM address a WHERE a.org = e.org AND a.entry = e.id AND a.held AND ` + begins(a, "(a.addr_key || '')", text) + `) > 0`
}

// fits is the condition that a query fits e, for entries that are tried one by one.
func fits(a *arguments, q directory.Beginning) string {
	switch {
	case q.Key == "":
		return ""
	case len(q.Words) == 0:
		return ` AND (` + begins(a, "e.sort_key", q.Key) + ` OR ` + begins(a, "e.display_key", q.Key) + ` OR ` + held(a, q.Key) + `)`
	case q.Key == q.Words[0]:
		return haveWords(a, q.Words)
	}
	return ` AND (TRUE` + haveWords(a, q.Words) + ` OR ` + held(a, q.Key) + `)`
}

// haveWords is the condition that each text begins a word of e or an address of its.
func haveWords(a *arguments, list []string) (where string) {
	for _, w := range list {
		where += ` AND (` + begins(a, "e.sort_key", w) + ` OR ` + begins(a, "e.display_key", w) + ` OR e.words LIKE ` + a.add("% "+w+"%") + ` OR ` + held(a, w) + `)`
	}
	return where
}

// search asks for those that a query fits, by indexes.
type search struct {
	org  ids.Org
	kind directory.Kind // 0: all
	directory.Beginning
	filter func(*arguments) string // of e
	limit  int                     // of each way
}

// way is what follows FROM; e is the entry that is found.
type way struct {
	from string
	args arguments
}

// ways are those to find by name, by display name, by later words and by address
// all that fit, each in the order of its index. One word leads; an entry that it
// finds is tried for the others.
func (s *Entries) ways(ctx context.Context, v tx.View, q search) ([]way, error) {
	lead, others := q.Key, []string(nil)
	if len(q.Words) > 0 {
		i, err := s.rarest(ctx, v, q)
		if err != nil {
			return nil, err
		}
		lead, others = q.Words[i], slices.Delete(slices.Clone(q.Words), i, i+1)
	}
	var list []way
	add := func(from, kind, key, text string, others []string) {
		a := arguments{string(q.org)}
		where := begins(&a, key, text)
		if q.kind != 0 {
			where += ` AND ` + kind + ` = ` + a.add(int64(q.kind))
		}
		from += ` AND ` + where + q.filter(&a) + haveWords(&a, others)
		list = append(list, way{from + ` ORDER BY ` + key + ` LIMIT ` + a.add(q.limit), a})
	}
	if q.kind == 0 {
		add(`entry e WHERE e.org = $1`, "e.kind", "e.name_key", lead, others)
	} else {
		add(`entry e WHERE e.org = $1 AND e.deleted_at = 0`, "e.kind", "e.sort_key", lead, others)
	}
	if q.kind == 0 || q.kind == directory.KindUser {
		add(`entry e WHERE e.org = $1 AND e.kind = 1 AND e.deleted_at = 0`, "e.kind", "e.display_key", lead, others)
	}
	if len(q.Words) > 0 {
		add(`entry_word w CROSS JOIN entry e WHERE w.org = $1 AND e.org = w.org AND e.id = w.entry`, "w.kind", "w.word", lead, others)
	}
	const address = `address a CROSS JOIN entry e WHERE a.org = $1 AND a.held AND e.org = a.org AND e.id = a.entry`
	add(address, "e.kind + 0", "a.addr_key", lead, others) // no index of kinds
	if lead != q.Key {
		add(address, "e.kind + 0", "a.addr_key", q.Key, nil)
	}
	return list, nil
}

// countBeginning counts the keys that begin with a text: of each index at most $5,
// of that of addresses, which does not have all that is asked for, a thousand. The
// order makes PostgreSQL take that index.
const countBeginning = `SELECT
	(SELECT COUNT(*) FROM (SELECT 1 FROM entry WHERE org = $1 AND kind = $2 AND deleted_at = 0 AND sort_key >= $3 AND sort_key < $4 ORDER BY sort_key LIMIT $5) n) +
	(SELECT COUNT(*) FROM (SELECT 1 FROM entry WHERE org = $1 AND kind = $2 AND deleted_at = 0 AND display_key >= $3 AND display_key < $4 ORDER BY display_key LIMIT $5) n) +
	(SELECT COUNT(*) FROM (SELECT 1 FROM entry_word WHERE org = $1 AND word >= $3 AND word < $4 ORDER BY word LIMIT $5) n) +
	(SELECT COUNT(*) FROM (SELECT 1 FROM address WHERE org = $1 AND held AND addr_key >= $3 AND addr_key < $4 ORDER BY addr_key LIMIT 1000) n)`

// rarest answers which word of a query leads to the fewest entries. It counts
// further only where all have many.
func (s *Entries) rarest(ctx context.Context, v tx.View, q search) (rarest int, err error) {
	if len(q.Words) == 1 {
		return 0, nil
	}
	kind := cmp.Or(q.kind, directory.KindUser)
	for _, limit := range []int{1000, 10_000} {
		least := 0
		for i, w := range q.Words {
			var n int
			if err := s.Q(v).QueryRow(ctx, countBeginning, string(q.org), int64(kind), w, w+top, limit).Scan(&n); err != nil {
				return 0, err
			}
			if i == 0 || n < least {
				least, rarest = n, i
			}
		}
		if least < limit {
			break
		}
	}
	return rarest, nil
}
