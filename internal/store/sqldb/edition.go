package sqldb

import "postroom/internal/core/tx"

// Edition numbers what a store seldom changes and often reads: an answer that was
// read after Edition is right for as long as the number stays. It is unknown on
// PostgreSQL, where other processes write too.
func (db *DB) Edition() (n uint64, known bool) {
	return db.edition.Load(), db.engine == SQLite
}

// NewEdition is for who changes something of that in t. The new number is there
// before Write answers.
func (db *DB) NewEdition(t *tx.Tx) {
	t.AfterCommit(func() { db.edition.Add(1) })
}
