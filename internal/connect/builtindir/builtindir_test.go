package builtindir_test

import (
	"testing"

	"postroom/internal/connect/builtindir"
	"postroom/internal/connect/dirtest"
	"postroom/internal/core/directory"
)

func TestSource(t *testing.T) {
	dirtest.Source(t, func(_ *testing.T, store directory.Store, hasher directory.Hasher) directory.Source {
		return builtindir.New(store, hasher)
	})
}
