package flowstore_test

import (
	"path/filepath"
	"testing"

	"postroom/internal/core/mailflow"
	"postroom/internal/store/flowstore"
	"postroom/internal/store/sqldb"
	"postroom/internal/store/storetest"
	"postroom/test/services"
)

func TestSQLite(t *testing.T) {
	storetest.Flow(t, func(t *testing.T) mailflow.Store {
		return open(t, sqldb.Options{Path: filepath.Join(t.TempDir(), "region.db")})
	})
}

func TestPostgres(t *testing.T) {
	storetest.Flow(t, func(t *testing.T) mailflow.Store {
		return open(t, sqldb.Options{DSN: services.Postgres(t, services.NoFsync)})
	})
}

func open(t *testing.T, o sqldb.Options) mailflow.Store {
	o.Schema = sqldb.Region
	db, err := sqldb.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return flowstore.New(db)
}
