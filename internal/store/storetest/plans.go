package storetest

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"postroom/internal/store/sqldb"
)

var reads = regexp.MustCompile(`^(SELECT|WITH|INSERT|UPDATE|DELETE)\b`)

// Plans fails for each statement that ran on a SQLite database and reads a whole
// table or index, or all of an organization there, or sorts. What is meant to is
// allowed by a step of a plan ("*" is any), "@", and a part of the statement's text.
func Plans(t *testing.T, db *sqldb.DB, allowed ...string) {
	t.Helper()
	ctx := context.Background()
	texts, err := db.Statements(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if len(texts) == 0 {
		t.Error("no statement ran")
	}
	for _, text := range texts {
		if !reads.MatchString(text) {
			continue
		}
		var steps []string
		err := db.Q(nil).Each(ctx, "EXPLAIN QUERY PLAN "+text, nothings(text), func(scan func(...any) error) error {
			var id, parent, unused int
			var step string
			err := scan(&id, &parent, &unused, &step)
			steps = append(steps, step)
			return err
		})
		if err != nil {
			t.Errorf("%v: %s", err, text)
		}
		for _, step := range steps {
			if bad(step, text, allowed) {
				t.Errorf("%s\n%s\n\t%s", step, text, strings.Join(steps, "\n\t"))
			}
		}
	}
}

var whole = regexp.MustCompile(`^SCAN |TEMP B-TREE|AUTOMATIC|\(org=\?\)$`)

func bad(step, text string, allowed []string) bool {
	if !whole.MatchString(step) || step == "SCAN CONSTANT ROW" || strings.HasSuffix(step, "-ROW VALUES CLAUSE") {
		return false
	}
	return !slices.ContainsFunc(allowed, func(a string) bool {
		meant, part, _ := strings.Cut(a, " @ ")
		return (step == meant || meant == "*") && strings.Contains(text, part)
	})
}

var parameter = regexp.MustCompile(`\$(\d+)`)

// nothings are as many NULLs as a statement has parameters.
func nothings(text string) []any {
	n := 0
	for _, m := range parameter.FindAllStringSubmatch(text, -1) {
		i, _ := strconv.Atoi(m[1])
		n = max(n, i)
	}
	return make([]any, n)
}
