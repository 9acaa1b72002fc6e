package dirstore_test

import (
	"path/filepath"
	"testing"

	"postroom/internal/store/dirstore"
	"postroom/internal/store/sqldb"
	"postroom/internal/store/storetest"
	"postroom/test/services"
)

func TestSQLite(t *testing.T) {
	storetest.Directory(t, func(t *testing.T) storetest.DirectoryStores {
		dir := t.TempDir()
		return open(t, func(s sqldb.Schema) sqldb.Options { return sqldb.Options{Path: filepath.Join(dir, string(s)+".db")} })
	})
}

func TestPostgres(t *testing.T) {
	storetest.Directory(t, func(t *testing.T) storetest.DirectoryStores {
		dsn := services.Postgres(t, services.NoFsync)
		return open(t, func(sqldb.Schema) sqldb.Options { return sqldb.Options{DSN: dsn} })
	})
}

func open(t *testing.T, options func(sqldb.Schema) sqldb.Options) storetest.DirectoryStores {
	db := func(schema sqldb.Schema) *sqldb.DB {
		o := options(schema)
		o.Schema = schema
		db, err := sqldb.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		return db
	}
	region := db(sqldb.Region)
	return storetest.DirectoryStores{
		Orgs: dirstore.NewOrgs(region), Claims: dirstore.NewClaims(db(sqldb.Deployment)), Entries: dirstore.NewEntries(region),
		Grants: dirstore.NewGrants(region), Trail: dirstore.NewAudit(region), Log: dirstore.NewAudit(db(sqldb.Log)),
	}
}
