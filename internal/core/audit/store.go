package audit

import (
	"context"

	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
)

// Store keeps chains in one database: a region's, the deployment's or a log's.
type Store interface {
	tx.Store
	// Next takes the chain until the end of t and answers the next number and the last hash.
	Next(t *tx.Tx, org ids.Org) (seq int64, prev []byte, err error)
	// Append writes a link and makes it the chain's head.
	Append(t *tx.Tx, l Link) error
	// Page answers at most f.Limit records that fit f, newest first, with ids below f.After where that is set.
	Page(ctx context.Context, f Filter) ([]Record, error)
	// Chain answers links of a chain from number after+1 on, in order.
	Chain(ctx context.Context, org ids.Org, after int64, limit int) ([]Link, error)
	// Head answers the number and hash of the chain's last record; 0 for none.
	Head(ctx context.Context, org ids.Org) (seq int64, hash []byte, err error)
}
