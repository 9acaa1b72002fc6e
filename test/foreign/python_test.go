package foreign

import (
	"path/filepath"
	"testing"
)

// TestPython runs a mail program's day in testdata/client.py.
func TestPython(t *testing.T) {
	w := start(t)
	if r := w.program("", "python3", "testdata/client.py", filepath.Join(filepath.Dir(w.CAFile), "endpoints.json")); r.code != 0 || r.out != "ok\n" {
		t.Fatalf("exit %d\n%s", r.code, r)
	}
}
