package sqldb

import (
	"context"
	"database/sql"
	"embed"
	"io/fs"

	"postroom/internal/base/errs"

	"github.com/pressly/goose/v3"
)

// The migrations of each Schema, in the common subset of both engines. A file
// that only one engine needs is named *_sqlite.sql or *_postgres.sql.
//
//go:embed migrations
var migrations embed.FS

// inGo are the migrations that SQL alone cannot make.
var inGo = map[Schema][]func(Engine) *goose.Migration{Region: {wordsMigration}}

// migrate brings the schema to the newest version, each step in a transaction.
func (db *DB) migrate(ctx context.Context, on *sql.DB) error {
	dir, err := fs.Sub(migrations, "migrations/"+string(db.opt.Schema))
	if err != nil {
		return err
	}
	dialect := goose.DialectSQLite3
	other := "_postgres.sql"
	if db.engine == Postgres {
		dialect, other = goose.DialectPostgres, "_sqlite.sql"
	}
	var programs []*goose.Migration
	for _, m := range inGo[db.opt.Schema] {
		programs = append(programs, m(db.engine))
	}
	p, err := goose.NewProvider(dialect, on, without{dir, other}, goose.WithDisableGlobalRegistry(true), goose.WithGoMigrations(programs...))
	if err != nil {
		return err
	}
	current, target, err := p.GetVersions(ctx)
	if err != nil {
		return errs.E("sqldb.Open", errs.Unavailable, errs.Storage, err)
	}
	if current > target {
		return errs.Say("sqldb.Open", errs.Config, errs.Storage,
			"The database was written by a newer Postroom (schema %s %d, this one knows %d). Start that version, or restore a backup made before the upgrade.",
			db.opt.Schema, current, target)
	}
	if _, err := p.Up(ctx); err != nil {
		return errs.Say("sqldb.Open", errs.Unavailable, errs.Storage,
			"The schema could not be upgraded; the database is as it was before the step that failed.").Because(err)
	}
	return nil
}

// Version is the number of the newest migration of a schema.
func Version(schema Schema) int {
	files, _ := fs.Glob(migrations, "migrations/"+string(schema)+"/*.sql")
	return len(files) + len(inGo[schema])
}

// without hides the files of the other engine.
type without struct {
	fs.FS
	suffix string
}

func (w without) ReadDir(name string) ([]fs.DirEntry, error) {
	all, err := fs.ReadDir(w.FS, name)
	kept := all[:0]
	for _, e := range all {
		if n := e.Name(); len(n) < len(w.suffix) || n[len(n)-len(w.suffix):] != w.suffix {
			kept = append(kept, e)
		}
	}
	return kept, err
}

func (w without) Glob(pattern string) ([]string, error) {
	all, err := fs.Glob(w.FS, pattern)
	kept := all[:0]
	for _, n := range all {
		if len(n) < len(w.suffix) || n[len(n)-len(w.suffix):] != w.suffix {
			kept = append(kept, n)
		}
	}
	return kept, err
}
