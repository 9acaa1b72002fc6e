package sqldb

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// Announce tells the other processes on this database, after a commit; a text
// has at most 8,000 bytes. It may be lost: who needs to know looks too. On
// SQLite there are no others.
func (db *DB) Announce(ctx context.Context, text string) error {
	if db.engine != Postgres {
		return nil
	}
	_, err := db.reads.ExecContext(ctx, `SELECT pg_notify($1, $2)`, "postroom_"+db.opt.Name, text)
	return err
}

// Listen calls f for each text that any process announces, this one too, until
// ctx ends. A connection that breaks is made again. On SQLite it returns at once.
func (db *DB) Listen(ctx context.Context, f func(text string)) {
	if db.engine != Postgres {
		return
	}
	for ctx.Err() == nil {
		if err := db.listen(ctx, f); err != nil && ctx.Err() == nil {
			db.log.Warn("notices are not heard; changes of other processes come by polling until they are", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

func (db *DB) listen(ctx context.Context, f func(text string)) error {
	c, err := pgx.Connect(ctx, db.opt.DSN)
	if err != nil {
		return err
	}
	defer c.Close(context.WithoutCancel(ctx))
	if _, err := c.Exec(ctx, `LISTEN `+pgx.Identifier{"postroom_" + db.opt.Name}.Sanitize()); err != nil {
		return err
	}
	for {
		n, err := c.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		f(n.Payload)
	}
}
