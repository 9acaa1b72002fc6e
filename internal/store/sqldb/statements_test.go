package sqldb

import "testing"

// Parameters lose their numbers only where that changes nothing.
func TestUnnamed(t *testing.T) {
	for text, want := range map[string]string{
		`SELECT 1`: `SELECT 1`,
		`INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4)`:      `INSERT INTO t (a, b) VALUES (?, ?), (?, ?)`,
		`$1 $2 $3 $4 $5 $6 $7 $8 $9 $10 $11`:                  `? ? ? ? ? ? ? ? ? ? ?`,
		`SELECT a FROM t WHERE b = $1 AND (c = $2 OR d = $2)`: `SELECT a FROM t WHERE b = $1 AND (c = $2 OR d = $2)`,
		`UPDATE t SET a = $2 WHERE b = $1`:                    `UPDATE t SET a = $2 WHERE b = $1`,
		`SELECT $1 || $10`:                                    `SELECT $1 || $10`,
		`SELECT $12`:                                          `SELECT $12`,
		`SELECT json_extract(a, '$.b') FROM t WHERE c = $1`:   `SELECT json_extract(a, '$.b') FROM t WHERE c = $1`,
	} {
		if got := unnamed(text); got != want {
			t.Errorf("%s: %s", text, got)
		}
	}
}
