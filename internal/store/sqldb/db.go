// Package sqldb is the database under core's stores: SQLite or PostgreSQL, one
// SQL text for both, the migrations, and the one way to write (tx.Store). It
// knows tables only through the migrations; what rows mean is the stores'
// business. It refuses to build SQL.
package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/core/tx"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"modernc.org/sqlite" // and its "sqlite" driver
)

// The log's times are nothing that a commit must wait for (fdatasync(2)). Where
// the system has no such call, SQLite goes on with fsync.
func init() { sqlite.Fdatasync(true) } //nolint:errcheck // see above

// Engine is which database runs below.
type Engine uint8

const (
	SQLite Engine = iota
	Postgres
)

// Schema names a set of tables, which is a folder of migrations/.
type Schema string

const (
	Region     Schema = "region"     // organizations, directory, mailboxes, queue of one region
	Deployment Schema = "deployment" // administrators, keys, sessions, regions, claims
	Log        Schema = "log"        // audit records of reads and refusals
	Search     Schema = "search"     // the search index
)

// Options say where a database is. Exactly one of Path and DSN is set. On
// PostgreSQL each schema of the deployment is a schema of the database; Name
// keeps those of several regions apart.
type Options struct {
	Path   string // SQLite: the file
	DSN    string // PostgreSQL: a URL
	Schema Schema
	Name   string // PostgreSQL: schema's name; default is Schema
	Log    *slog.Logger
}

// DB is an open database with all migrations done.
type DB struct {
	engine  Engine
	opt     Options
	log     *slog.Logger
	reads   *sql.DB
	writes  *sql.DB // PostgreSQL: same as reads
	copies  *sql.DB // SQLite only: copies the log beside the writer
	stmts   stmts
	writer  *writer // SQLite only
	failed  atomic.Pointer[error]
	edition atomic.Uint64
	close   sync.Once
}

// Open opens the database, makes it where it is missing, and migrates it.
func Open(ctx context.Context, opt Options) (*DB, error) {
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	if opt.Name == "" {
		opt.Name = string(opt.Schema)
	}
	db := &DB{opt: opt, log: opt.Log.With("schema", opt.Name)}
	var err error
	if opt.DSN != "" {
		db.engine = Postgres
		err = db.openPostgres(ctx)
	} else {
		err = db.openSQLite(ctx)
		var ours *errs.Error
		if err != nil && ctx.Err() == nil && (!errors.As(err, &ours) || ours.Public == "" || Corrupt(err)) {
			err = errs.Say("sqldb.Open", errs.Unavailable, errs.Storage,
				"The database %s cannot be opened. It may be damaged: look at the disk, then restore a backup (postroom restore). SQLite says: %v", opt.Path, err).Because(err)
		}
	}
	if err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// Engine tells which database runs below.
func (db *DB) Engine() Engine { return db.engine }

// Failed returns the fault after which nothing is written any more: a failed
// fsync, whose data may be lost although a second one would succeed
// (reliability: never retry it). The process should end and start again.
func (db *DB) Failed() error {
	if p := db.failed.Load(); p != nil {
		return *p
	}
	return nil
}

func (db *DB) openSQLite(ctx context.Context) error {
	q := url.Values{}
	// The writer alone checkpoints (see checkpoint), never in a delivery's commit.
	for _, p := range []string{"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "wal_autocheckpoint(0)",
		"temp_store(MEMORY)", "secure_delete(FAST)", "foreign_keys(0)", "journal_size_limit(268435456)"} {
		q.Add("_pragma", p)
	}
	dsn := func(extra ...string) string {
		v := url.Values{"_pragma": append([]string(nil), q["_pragma"]...)}
		v["_pragma"] = append(v["_pragma"], extra...)
		return "file:" + (&url.URL{Path: db.opt.Path}).EscapedPath() + "?" + v.Encode()
	}
	writing := dsn("cache_size(-32768)")
	if gather() {
		writing += "&vfs=" + logVFS
	}
	var err error
	if db.writes, err = sql.Open("sqlite", writing); err != nil {
		return err
	}
	db.writes.SetMaxOpenConns(1)
	if err := db.migrate(ctx, db.writes); err != nil {
		return err
	}
	if err := db.settle(ctx); err != nil {
		return err
	}
	if db.copies, err = sql.Open("sqlite", dsn()); err != nil {
		return err
	}
	db.copies.SetMaxOpenConns(1)
	if db.reads, err = sql.Open("sqlite", dsn("cache_size(-4096)", "query_only(1)")); err != nil {
		return err
	}
	// One that is closed at each lull would be opened, and its statements prepared,
	// at each rush.
	db.reads.SetMaxOpenConns(4 * runtime.NumCPU())
	db.reads.SetMaxIdleConns(4 * runtime.NumCPU())
	db.reads.SetConnMaxIdleTime(time.Minute)
	db.writer, err = newWriter(ctx, db)
	return err
}

// settle moves what the log has into the database before anything is added. After
// an fsync that failed, the log of the process before may be sound in memory and
// not on the disk: a commit behind such a place would be lost with it.
func (db *DB) settle(ctx context.Context) error {
	_, err := db.writes.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	switch {
	case fsyncFailed(err):
		return errs.Say("sqldb.Open", errs.Unavailable, errs.Storage, "The disk does not keep the database %s. Look at the disk before you start again.", db.opt.Path).Because(err)
	case err != nil: // a full disk: what is there can be read
		db.log.Warn("checkpoint", "error", err)
	}
	return nil
}

func (db *DB) openPostgres(ctx context.Context) error {
	cfg, err := pgx.ParseConfig(db.opt.DSN)
	if err != nil {
		return errs.Say("sqldb.Open", errs.Invalid, errs.Storage, "The PostgreSQL DSN is not understood.").Because(err)
	}
	cfg.RuntimeParams["search_path"] = db.opt.Name
	cfg.RuntimeParams["application_name"] = "postroom"
	pool := stdlib.OpenDB(*cfg)
	pool.SetMaxOpenConns(24)
	pool.SetMaxIdleConns(24)
	db.reads, db.writes = pool, pool
	var collate string
	if err := pool.QueryRowContext(ctx, `SELECT datcollate FROM pg_database WHERE datname = current_database()`).Scan(&collate); err != nil {
		return errs.Say("sqldb.Open", errs.Unavailable, errs.Storage, "PostgreSQL does not answer.").Because(err)
	}
	if err := checkCollate("sqldb.Open", collate, cfg.Database); err != nil {
		return err
	}
	if _, err := pool.ExecContext(ctx, `CREATE SCHEMA IF NOT EXISTS `+pgx.Identifier{db.opt.Name}.Sanitize()); err != nil {
		return err
	}
	return db.migrate(ctx, pool)
}

// Close ends writing after the functions that wait, and closes.
func (db *DB) Close() (err error) {
	db.close.Do(func() {
		if db.writer != nil {
			db.writer.stop()
		}
		for _, s := range db.stmts.byText {
			s.Close()
		}
		for _, pool := range []*sql.DB{db.reads, db.copies} {
			if pool != nil {
				err = errors.Join(err, pool.Close())
			}
		}
		if db.writes != nil && db.writes != db.reads {
			err = errors.Join(err, db.writes.Close())
		}
	})
	return err
}

// Write runs fn in a transaction of its own (tx.Store).
func (db *DB) Write(ctx context.Context, fair org, fn func(*tx.Tx) error) error {
	if err := db.Failed(); err != nil {
		return errs.E("sqldb.Write", errs.Unavailable, errs.Storage, err)
	}
	if db.engine == Postgres {
		return db.writePostgres(ctx, fn)
	}
	return db.writer.write(ctx, fair, fn)
}

// writePostgres runs fn in READ COMMITTED and again after a deadlock or a
// serialization failure.
func (db *DB) writePostgres(ctx context.Context, fn func(*tx.Tx) error) error {
	for try := 0; ; try++ {
		t, err := db.tryPostgres(ctx, fn)
		if err == nil {
			t.Committed()
			return nil
		}
		var pg *pgconn.PgError
		if !errors.As(err, &pg) || (pg.Code != "40P01" && pg.Code != "40001") || try == 9 || ctx.Err() != nil {
			return wrapped("sqldb.Write", err)
		}
	}
}

func (db *DB) tryPostgres(ctx context.Context, fn func(*tx.Tx) error) (_ *tx.Tx, err error) {
	sqlTx, err := db.writes.BeginTx(ctx, nil)
	if err != nil {
		return nil, errs.E("sqldb.Write", errs.Unavailable, errs.Storage, err)
	}
	defer sqlTx.Rollback()
	h := &handle{db: db, pg: sqlTx}
	t := tx.New(ctx, h, func(root string) error { return h.lockRow(ctx, root) })
	if err := guarded(t, fn); err != nil {
		return nil, err
	}
	if err := sqlTx.Commit(); err != nil {
		return nil, err
	}
	return t, nil
}

// guarded turns a panic of fn into an error, so that one bad function does not
// take the others of its batch with it.
func guarded(t *tx.Tx, fn func(*tx.Tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			buf := make([]byte, 8<<10)
			err = errs.E("sqldb.Write", errs.Internal, errs.Storage, fmt.Errorf("panic: %v\n%s", p, buf[:runtime.Stack(buf, false)]))
		}
	}()
	return fn(t)
}

// wrapped leaves errors of the house as they are and marks foreign ones.
func wrapped(op string, err error) error {
	var e *errs.Error
	if err == nil || errors.As(err, &e) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if diskFault(err) {
		return errs.Say(op, errs.Unavailable, errs.Storage, "The change could not be stored. Try again later.").Because(err)
	}
	return errs.E(op, errs.Internal, errs.Storage, err)
}

// sqliteCode is SQLite's extended result code, 0 where err is not from SQLite.
func sqliteCode(err error) int {
	var c interface{ Code() int }
	if errors.As(err, &c) {
		return c.Code()
	}
	return 0
}

// Corrupt tells whether err says that an SQLite file is damaged.
func Corrupt(err error) bool {
	const corrupt, notadb = 11, 26
	code := sqliteCode(err) & 0xff
	return code == corrupt || code == notadb
}

// Check reads the whole database and returns what is wrong with its structure, at
// most 100 sentences. PostgreSQL checks its own pages.
func (db *DB) Check(ctx context.Context) (faults []string, err error) {
	if db.engine == Postgres {
		return nil, nil
	}
	err = db.Q(nil).Each(ctx, `PRAGMA integrity_check(100)`, nil, func(scan func(...any) error) error {
		var said string
		err := scan(&said)
		if said != "ok" && err == nil {
			faults = append(faults, said)
		}
		return err
	})
	if Corrupt(err) {
		return append(faults, err.Error()), nil
	}
	return faults, err
}

// Path is the SQLite file; empty on PostgreSQL.
func (db *DB) Path() string { return db.opt.Path }

func fsyncFailed(err error) bool {
	const ioerrFsync, ioerrDirFsync = 1034, 1290
	code := sqliteCode(err)
	return code == ioerrFsync || code == ioerrDirFsync
}

// diskFault tells a disk that is full, read-only or failing from a fault of ours.
func diskFault(err error) bool {
	const busy, nomem, readonly, ioerr, full, cantopen = 5, 7, 8, 10, 13, 14
	switch sqliteCode(err) & 0xff {
	case busy, nomem, readonly, ioerr, full, cantopen:
		return true
	}
	return false
}
