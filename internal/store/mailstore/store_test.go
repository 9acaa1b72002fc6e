package mailstore_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/auth"
	"postroom/internal/core/mailbox"
	"postroom/internal/core/tx"
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
		db := open(t, sqldb.Options{DSN: services.Postgres(t, services.NoFsync)})
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

// What one process changes wakes who watches in another, without polling.
func TestNoticesBetweenProcesses(t *testing.T) {
	dsn := services.Postgres(t)
	var both [2]*mailbox.Service
	for i := range both {
		db := open(t, sqldb.Options{DSN: dsn})
		packs, err := pack.OpenDir(t.TempDir(), pack.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { packs.Close() })
		both[i] = mailbox.New(mailbox.Options{Store: mailstore.New(db), Packs: packs, Keys: benchKeys{}, Poll: time.Hour})
		t.Cleanup(both[i].Close)
	}
	ctx, org := t.Context(), ids.NewOrg()
	var id ids.Mailbox
	err := mailstore.New(open(t, sqldb.Options{DSN: dsn})).Write(ctx, org, func(x *tx.Tx) (err error) {
		id, err = both[0].Provision(ctx, x, org, ids.NewEntry(), 1<<30)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	m, err := both[1].OpenFor(ctx, id, auth.Actor{})
	if err != nil {
		t.Fatal(err)
	}
	w := m.Watch()
	defer w.Close()
	deadline := time.After(30 * time.Second)
	for { // the other's ear may not be open yet
		text := "Subject: x\r\n\r\n"
		p, err := both[0].Prepare(ctx, org, strings.NewReader(text), int64(len(text)))
		if err == nil {
			_, err = both[0].Deliver(ctx, p, mailbox.Origin{}, []mailbox.Target{{Mailbox: id}})
		}
		if err != nil {
			t.Fatal(err)
		}
		select {
		case <-w.C:
			return
		case <-time.After(100 * time.Millisecond):
		case <-deadline:
			t.Fatal("the other process heard nothing")
		}
	}
}
