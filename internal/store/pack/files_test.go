package pack_test

import (
	"testing"

	"postroom/internal/core/mailbox"
	"postroom/internal/store/pack"
	"postroom/internal/store/storetest"
)

func openFiles(t testing.TB, dir string, o pack.Options) *pack.Files {
	t.Helper()
	p, err := pack.OpenDir(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

func TestFilesContract(t *testing.T) {
	storetest.Packs(t, func(t *testing.T) mailbox.Packs { return openFiles(t, t.TempDir(), pack.Options{}) })
}
