package app

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"postroom/internal/base/errs"
)

// storeMark tells a store from an empty folder, also where the rows lie in
// PostgreSQL. It names the databases that were made, so that one that is gone is
// not made anew, empty.
const storeMark = "STORE"

const (
	markHead     = "The data of Postroom. Change nothing here by hand.\n"
	markDatabase = "database "
	markKey      = "key "
	storeKey     = "postroom store key check" // what the mark's key line is an HMAC of
)

// readMark returns the databases that the mark names and the check of its master
// key; none where there is no mark, no check where an older version made it.
func readMark(dir string) (files []string, check string, err error) {
	text, err := os.ReadFile(filepath.Join(dir, storeMark))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", errs.Say("app.New", errs.Config, errs.Storage, "The data folder %s cannot be read: %v", dir, err)
	}
	for line := range strings.Lines(string(text)) {
		if file, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), markDatabase); ok {
			files = append(files, file)
		}
		if c, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), markKey); ok {
			check = c
		}
	}
	return files, check, nil
}

func writeMark(dir string, files []string, check string) error {
	text := markHead + markKey + check + "\n"
	for _, f := range files {
		text += markDatabase + f + "\n"
	}
	return writeFile(filepath.Join(dir, storeMark), []byte(text), 0o600)
}

// expect refuses to go on where a database of an earlier start is gone: SQLite
// would make an empty one, and clients would take that for the truth.
func (a *App) expect(file string) error {
	if !slices.Contains(a.expected, file) {
		return nil
	}
	path := filepath.Join(a.Config.Data, file)
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0:
		return errs.Say("app.New", errs.Config, errs.Storage,
			"The database %s is missing or empty, and this store was made with it. Nothing was changed. Put the file back with its -wal file, or restore a backup into a new folder: postroom restore", path)
	case err != nil:
		return errs.Say("app.New", errs.Config, errs.Storage, "The database %s cannot be read: %v", path, err)
	}
	return nil
}

// recordFiles notes which databases there are, once their names are lasting.
func (a *App) recordFiles() error {
	files := slices.Clone(a.expected)
	for _, f := range a.files {
		if !slices.Contains(files, f) {
			files = append(files, f)
		}
	}
	if len(files) == len(a.expected) && a.proven {
		return nil
	}
	dirs := map[string]bool{}
	for _, f := range files {
		for dir := f; dir != "."; {
			dir = filepath.Dir(dir) // "." too: the mark's own name must not come first
			dirs[dir] = true
		}
	}
	for dir := range dirs {
		if err := syncDir(filepath.Join(a.Config.Data, dir)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return writeMark(a.Config.Data, files, a.keyCheck)
}
