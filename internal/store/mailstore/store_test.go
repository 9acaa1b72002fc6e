package mailstore_test

import (
	"path/filepath"
	"testing"

	"postroom/internal/core/mailbox"
	"postroom/internal/store/mailstore"
	"postroom/internal/store/pack"
	"postroom/internal/store/sqldb"
	"postroom/internal/store/storetest"
	"postroom/test/services"
)

func TestSQLiteFiles(t *testing.T) {
	storetest.Mailbox(t, func(t *testing.T) (mailbox.Store, mailbox.Packs) {
		db := open(t, sqldb.Options{Path: filepath.Join(t.TempDir(), "region.db")})
		packs, err := pack.OpenDir(t.TempDir(), pack.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { packs.Close() })
		return mailstore.New(db), packs
	})
}

func TestPostgresS3(t *testing.T) {
	s3 := services.S3(t)
	storetest.Mailbox(t, func(t *testing.T) (mailbox.Store, mailbox.Packs) {
		db := open(t, sqldb.Options{DSN: services.Postgres(t)})
		packs, err := pack.OpenS3(t.Context(), pack.S3Options{Endpoint: s3.Endpoint, Bucket: s3.Bucket, Region: "us-east-1",
			AccessKey: s3.AccessKey, Secret: s3.Secret, PathStyle: true, Prefix: t.Name()})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { packs.Close() })
		return mailstore.New(db), packs
	})
}

func open(t *testing.T, o sqldb.Options) *sqldb.DB {
	o.Schema = sqldb.Region
	db, err := sqldb.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}
