package dirstore

import (
	"strconv"
	"strings"

	"postroom/internal/core/tx"
)

// rowsAtOnce are the numbers of rows that one statement inserts: few, since each
// is a statement of its own that stays prepared. On PostgreSQL each is a way there
// and back; to SQLite they are all one.
var rowsAtOnce = [...]int{64, 8, 1}

// insertion is an INSERT of rows, by few statements where there are many.
type insertion struct {
	columns int
	texts   [len(rowsAtOnce)]string // by rowsAtOnce
}

// inserting makes the INSERT into columns of a table; tail follows the values.
func inserting(table string, columns []string, tail string) *insertion {
	i := &insertion{columns: len(columns)}
	for k, rows := range rowsAtOnce {
		var b strings.Builder
		b.WriteString(`INSERT INTO ` + table + ` (` + strings.Join(columns, ", ") + `) VALUES `)
		for n := range rows * i.columns {
			switch {
			case n == 0:
				b.WriteByte('(')
			case n%i.columns == 0:
				b.WriteString("), (")
			default:
				b.WriteString(", ")
			}
			b.WriteString("$" + strconv.Itoa(n+1))
		}
		b.WriteString(") " + tail)
		i.texts[k] = b.String()
	}
	return i
}

// insert runs an INSERT of n rows; row appends the values of one. With ON CONFLICT
// no two of them may have the same key.
func (b base) insert(t *tx.Tx, i *insertion, n int, row func(args []any, n int) []any) error {
	args := make([]any, 0, min(n, rowsAtOnce[0])*i.columns)
	for done, k := 0, 0; done < n; {
		if n-done < rowsAtOnce[k] {
			k++
			continue
		}
		args = args[:0]
		for range rowsAtOnce[k] {
			args = row(args, done)
			done++
		}
		if _, err := b.Q(t).Exec(t.Context(), i.texts[k], args...); err != nil {
			return err
		}
	}
	return nil
}
