package sqldb

import (
	"context"

	"postroom/internal/base/errs"

	"github.com/jackc/pgx/v5"
)

// Probe looks at a PostgreSQL database without changing it and returns the
// server's version; errs.Config where it does not sort by bytes.
func Probe(ctx context.Context, dsn string) (version string, err error) {
	const op = "sqldb.Probe"
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return "", errs.Say(op, errs.Unavailable, errs.Storage, "PostgreSQL does not answer at the DSN.").Because(err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var collate, name string
	err = conn.QueryRow(ctx, `SELECT 'PostgreSQL ' || current_setting('server_version'), datcollate, datname FROM pg_database WHERE datname = current_database()`).
		Scan(&version, &collate, &name)
	if err != nil {
		return "", errs.Say(op, errs.Unavailable, errs.Storage, "PostgreSQL does not answer.").Because(err)
	}
	return version, checkCollate(op, collate, name)
}

// checkCollate refuses a database that does not sort by bytes.
func checkCollate(op, collate, name string) error {
	if collate == "C" || collate == "POSIX" {
		return nil
	}
	return errs.Say(op, errs.Config, errs.Storage,
		"The database sorts by %q, and Postroom needs bytes. Make one with: CREATE DATABASE %s TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'",
		collate, name)
}
