package searchstore

import (
	"context"

	"postroom/internal/base/ids"
	"postroom/internal/core/search"
	"postroom/internal/core/tx"
)

const stateColumns = `mailbox, epoch, through, purged, loose, block, layout`

func scanState(scan func(...any) error) (st search.State, err error) {
	err = scan(&st.Mailbox, &st.Epoch, &st.Through, &st.Purged, &st.Loose, &st.Block, &st.Layout)
	return st, err
}

// State implements search.Store.
func (s *Store) State(ctx context.Context, id ids.Mailbox) (search.State, error) {
	var st search.State
	err := s.q().Each(ctx, `SELECT `+stateColumns+` FROM search_box WHERE mailbox = $1`, []any{id}, func(scan func(...any) error) (err error) {
		st, err = scanState(scan)
		return err
	})
	return st, err
}

// States implements search.Store.
func (s *Store) States(ctx context.Context, after, last ids.Mailbox, n int) (list []search.State, err error) {
	err = s.q().Each(ctx, `SELECT `+stateColumns+` FROM search_box WHERE mailbox > $1 AND mailbox <= $2 ORDER BY mailbox LIMIT $3`, []any{after, last, n},
		func(scan func(...any) error) error {
			st, err := scanState(scan)
			list = append(list, st)
			return err
		})
	return list, err
}

// SetState implements search.Store.
func (s *Store) SetState(t *tx.Tx, old, st search.State) (bool, error) {
	if old.Layout == 0 {
		n, err := s.in(t).Exec(t.Context(), `INSERT INTO search_box (`+stateColumns+`) VALUES ($1,$2,$3,$4,$5,$6,$7) ON CONFLICT (mailbox) DO NOTHING`,
			st.Mailbox, st.Epoch, st.Through, st.Purged, st.Loose, st.Block, st.Layout)
		return n == 1, err
	}
	n, err := s.in(t).Exec(t.Context(), `UPDATE search_box SET epoch = $2, through = $3, purged = $4, loose = $5, block = $6, layout = $7
		WHERE mailbox = $1 AND layout = $8 AND through = $9`, st.Mailbox, st.Epoch, st.Through, st.Purged, st.Loose, st.Block, st.Layout, old.Layout, old.Through)
	return n == 1, err
}

// AddLoose implements search.Store.
func (s *Store) AddLoose(t *tx.Tx, id ids.Mailbox, docs []search.Doc) error {
	for _, d := range docs {
		grams := d.Grams
		if grams == nil {
			grams = []byte{}
		}
		if _, err := s.in(t).Exec(t.Context(), `INSERT INTO search_loose (mailbox, item, complete, grams) VALUES ($1,$2,$3,$4)`, id, d.Item, d.Complete, grams); err != nil {
			return err
		}
	}
	return nil
}

// Loose implements search.Store.
func (s *Store) Loose(ctx context.Context, id ids.Mailbox, n int, f func(search.Doc) error) error {
	text, args := `SELECT item, complete, grams FROM search_loose WHERE mailbox = $1 ORDER BY item`, []any{id}
	if n >= 0 {
		text, args = text+` LIMIT $2`, append(args, n)
	}
	rows, err := s.q().Query(ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	var d search.Doc
	for rows.Next() {
		if err := rows.Scan(&d.Item, &d.Complete, &d.Grams); err != nil {
			return err
		}
		if err := f(d); err != nil {
			return err
		}
	}
	return rows.Err()
}

// RemoveLoose implements search.Store.
func (s *Store) RemoveLoose(t *tx.Tx, id ids.Mailbox, items []ids.Item) error {
	for _, item := range items {
		if _, err := s.in(t).Exec(t.Context(), `DELETE FROM search_loose WHERE mailbox = $1 AND item = $2`, id, item); err != nil {
			return err
		}
	}
	return nil
}

// AddBlock implements search.Store.
func (s *Store) AddBlock(t *tx.Tx, id ids.Mailbox, b *search.Block) error {
	q := s.in(t)
	if _, err := q.Exec(t.Context(), `INSERT INTO search_block (mailbox, block, items, incomplete) VALUES ($1,$2,$3,$4)`, id, b.Number, b.Items, b.Incomplete); err != nil {
		return err
	}
	for part, p := range b.Parts {
		if len(p) == 0 {
			continue
		}
		if _, err := q.Exec(t.Context(), `INSERT INTO search_part (mailbox, part, block, postings) VALUES ($1,$2,$3,$4)`, id, part, b.Number, p); err != nil {
			return err
		}
	}
	return nil
}

// Blocks implements search.Store.
func (s *Store) Blocks(ctx context.Context, id ids.Mailbox) (list []search.Block, err error) {
	err = s.q().Each(ctx, `SELECT block, items, incomplete FROM search_block WHERE mailbox = $1 ORDER BY block`, []any{id}, func(scan func(...any) error) error {
		var b search.Block
		err := scan(&b.Number, &b.Items, &b.Incomplete)
		list = append(list, b)
		return err
	})
	return list, err
}

// Part implements search.Store.
func (s *Store) Part(ctx context.Context, id ids.Mailbox, part uint8, f func(block int64, postings []byte) error) error {
	rows, err := s.q().Query(ctx, `SELECT block, postings FROM search_part WHERE mailbox = $1 AND part = $2`, id, int64(part))
	if err != nil {
		return err
	}
	defer rows.Close()
	var block int64
	var postings []byte
	for rows.Next() {
		if err := rows.Scan(&block, &postings); err != nil {
			return err
		}
		if err := f(block, postings); err != nil {
			return err
		}
	}
	return rows.Err()
}

// FillParts implements search.Store.
func (s *Store) FillParts(ctx context.Context, id ids.Mailbox, b *search.Block) error {
	q := s.q()
	for part := range b.Parts {
		if _, err := q.Found(ctx, `SELECT postings FROM search_part WHERE mailbox = $1 AND part = $2 AND block = $3`, []any{id, part, b.Number}, &b.Parts[part]); err != nil {
			return err
		}
	}
	return nil
}

// RemoveBlock implements search.Store.
func (s *Store) RemoveBlock(t *tx.Tx, id ids.Mailbox, block int64) error {
	q := s.in(t)
	for part := range search.PartCount {
		if _, err := q.Exec(t.Context(), `DELETE FROM search_part WHERE mailbox = $1 AND part = $2 AND block = $3`, id, part, block); err != nil {
			return err
		}
	}
	_, err := q.Exec(t.Context(), `DELETE FROM search_block WHERE mailbox = $1 AND block = $2`, id, block)
	return err
}

// Empty implements search.Store.
func (s *Store) Empty(t *tx.Tx, id ids.Mailbox, n int) (bool, error) {
	q, ctx := s.in(t), t.Context()
	held, err := q.Exec(ctx, `UPDATE search_box SET through = $2 WHERE mailbox = $1 AND through = $2`, id, int64(search.Emptying))
	if err != nil || held == 0 {
		return false, err
	}
	for _, text := range []string{
		`DELETE FROM search_loose WHERE mailbox = $1 AND item IN (SELECT item FROM search_loose WHERE mailbox = $1 ORDER BY item LIMIT $2)`,
		`DELETE FROM search_block WHERE mailbox = $1 AND block IN (SELECT block FROM search_block WHERE mailbox = $1 ORDER BY block LIMIT $2)`,
	} {
		if gone, err := q.Exec(ctx, text, id, n); err != nil || gone > 0 {
			return true, err
		}
	}
	gone, err := q.Exec(ctx, `DELETE FROM search_part WHERE mailbox = $1 AND part = (SELECT MIN(part) FROM search_part WHERE mailbox = $1)
		AND block IN (SELECT block FROM search_part WHERE mailbox = $1 AND part = (SELECT MIN(part) FROM search_part WHERE mailbox = $1) ORDER BY block LIMIT $2)`, id, n)
	if err != nil || gone > 0 {
		return true, err
	}
	_, err = q.Exec(ctx, `DELETE FROM search_box WHERE mailbox = $1`, id)
	return false, err
}
