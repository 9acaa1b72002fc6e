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

// plans are what may read more than it answers.
var plans = []string{
	"SCAN up @ WITH RECURSIVE up", "SCAN down @ WITH RECURSIVE down", // the rows of the recursion itself
	"SEARCH audit_head USING INDEX sqlite_autoindex_audit_head_1 (org=?) @ audit_head",                                    // one row
	"SEARCH mail_domain USING COVERING INDEX sqlite_autoindex_mail_domain_1 (org=?) @ SELECT COUNT(*)",                    // 1,000 at most
	"SEARCH tag USING INDEX sqlite_autoindex_tag_1 (org=?) @ FROM tag",                                                    // 50 at most
	"SEARCH entry_count USING INDEX sqlite_autoindex_entry_count_1 (org=?) @ SELECT kind, shown",                          // a row for each kind, state and role
	"SEARCH claim USING INDEX claim_org (org=?) @ FROM claim", "USE TEMP B-TREE FOR ORDER BY @ FROM claim WHERE org = $1", // an organization's domains
	"USE TEMP B-TREE FOR ORDER BY @ FROM member m JOIN entry e ON e.org = m.org AND e.id = m.grp", // one entry's groups
	"* @ SELECT e.id, COUNT(*) OVER () FROM",                                                      // one group's members: sorted, their number told with the page
	"SEARCH mirror USING INDEX sqlite_autoindex_mirror_1 (org=?) @ mirror",                        // one row
	"SCAN foreign_directory USING COVERING INDEX foreign_directory_alias @ SELECT COUNT(*)",       // 100 at most
	"SCAN foreign_directory USING COVERING INDEX foreign_directory_org @ SELECT COUNT(*)",
	"SEARCH foreign_directory USING INDEX foreign_directory_org (org=?) @ UPDATE",                                // one
	"SCAN foreign_directory @ SELECT id, org, revision",                                                          // 100 at most
	"SCAN d @ FROM foreign_directory d", "SEARCH s USING INDEX mirrored_held (org=?) @ FROM foreign_directory d", // 100 at most, and the first of each
	"SEARCH sign_in_name USING INDEX sign_in_name_org (org=?) @ FROM sign_in_name",  // 200 at most
	"SEARCH sign_in_name USING INDEX sign_in_name_region (region=?) @ WHERE region", // of each organization with a foreign directory
	"SCAN n @ SELECT COUNT(*) FROM (SELECT 1",                                       // so many are counted at most
	"* @ WHERE org = $1 LIMIT $2)",                                                  // all of a deleted organization, in slices
}

func open(t *testing.T, options func(sqldb.Schema) sqldb.Options) storetest.DirectoryStores {
	db := func(schema sqldb.Schema) *sqldb.DB {
		o := options(schema)
		o.Schema = schema
		db, err := sqldb.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if db.Engine() == sqldb.SQLite {
				storetest.Plans(t, db, plans...)
			}
			db.Close()
		})
		return db
	}
	region := db(sqldb.Region)
	return storetest.DirectoryStores{
		Orgs: dirstore.NewOrgs(region), Claims: dirstore.NewClaims(db(sqldb.Deployment)), Entries: dirstore.NewEntries(region),
		Grants: dirstore.NewGrants(region), Trail: dirstore.NewAudit(region), Log: dirstore.NewAudit(db(sqldb.Log)),
	}
}
