package authstore_test

import (
	"path/filepath"
	"testing"

	"postroom/internal/core/audit"
	"postroom/internal/core/auth"
	"postroom/internal/store/authstore"
	"postroom/internal/store/dirstore"
	"postroom/internal/store/sqldb"
	"postroom/internal/store/storetest"
	"postroom/test/services"
)

func TestSQLite(t *testing.T) {
	storetest.Auth(t, func(t *testing.T) (auth.Store, audit.Store) {
		return open(t, sqldb.Options{Path: filepath.Join(t.TempDir(), "deployment.db")})
	})
}

func TestPostgres(t *testing.T) {
	storetest.Auth(t, func(t *testing.T) (auth.Store, audit.Store) {
		return open(t, sqldb.Options{DSN: services.Postgres(t, services.NoFsync)})
	})
}

func open(t *testing.T, o sqldb.Options) (auth.Store, audit.Store) {
	o.Schema = sqldb.Deployment
	db, err := sqldb.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return authstore.New(db), dirstore.NewAudit(db)
}

func TestSignIns(t *testing.T) {
	for name, o := range map[string]func(t *testing.T) sqldb.Options{
		"SQLite":     func(t *testing.T) sqldb.Options { return sqldb.Options{Path: filepath.Join(t.TempDir(), "region.db")} },
		"PostgreSQL": func(t *testing.T) sqldb.Options { return sqldb.Options{DSN: services.Postgres(t, services.NoFsync)} },
	} {
		t.Run(name, func(t *testing.T) {
			storetest.SignIns(t, func(t *testing.T) auth.SignInStore {
				options := o(t)
				options.Schema = sqldb.Region
				db, err := sqldb.Open(t.Context(), options)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { db.Close() })
				return authstore.NewSignIns(db)
			})
		})
	}
}
