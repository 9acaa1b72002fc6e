package app

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/store/sqldb"
)

// Manifest describes a backup folder. It is written last, so a folder without
// one, or whose files do not fit it, is no backup.
type Manifest struct {
	Format  int       `json:"format"`
	Made    time.Time `json:"made"`
	Version string    `json:"version"`
	// Lineage names the data folder that it comes from: only its own packs are
	// known to be the same when number and length are.
	Lineage string         `json:"lineage"`
	Regions []string       `json:"regions"`
	Schemas map[string]int `json:"schemas"` // newest migration of each
	Files   []BackupFile   `json:"files"`
	// KeyCheck tells whether a master key is the one of this backup, and Seal
	// whether anything above was changed; both are HMACs under it.
	KeyCheck string `json:"key_check"`
	Seal     string `json:"seal"`
}

// BackupFile is a file of a backup: its path below the folder. A pack may have
// grown since: only its first Size bytes count.
type BackupFile struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

const (
	manifestFormat = 1
	manifestName   = "manifest.json"
	manifestLimit  = 256 << 20
	manifestKey    = "postroom backup key check"
)

func hmacOf(key [32]byte, text string) string {
	h := hmac.New(sha256.New, key[:])
	io.WriteString(h, text)
	return hex.EncodeToString(h.Sum(nil))
}

// seal is the HMAC over all but the seal itself.
func (m Manifest) seal(key [32]byte) string {
	m.Seal = ""
	text, _ := json.Marshal(m) // strings, numbers and times: it cannot fail
	return hmacOf(key, string(text))
}

func schemas() map[string]int {
	all := map[string]int{}
	for _, s := range []sqldb.Schema{sqldb.Region, sqldb.Deployment, sqldb.Log} {
		all[string(s)] = sqldb.Version(s)
	}
	return all
}

// ReadManifest reads a backup's manifest and refuses what this version cannot
// restore.
func ReadManifest(folder string) (Manifest, error) {
	const op = "app.ReadManifest"
	var m Manifest
	refuse := func(format string, args ...any) (Manifest, error) {
		return m, errs.Say(op, errs.Invalid, errs.Storage, format, args...)
	}
	f, err := os.Open(filepath.Join(folder, manifestName))
	if errors.Is(err, fs.ErrNotExist) {
		return refuse("%s is no backup, or one that did not finish: it has no %s.", folder, manifestName)
	}
	if err != nil {
		return refuse("The backup %s cannot be read: %v", folder, err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, manifestLimit))
	if err != nil {
		return refuse("The backup %s cannot be read: %v", folder, err)
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return refuse("%s in %s is damaged or cut off: %v", manifestName, folder, err)
	}
	if m.Format != manifestFormat {
		return refuse("The backup %s has format %d; this version of Postroom knows %d.", folder, m.Format, manifestFormat)
	}
	for schema, version := range schemas() {
		if m.Schemas[schema] > version {
			return refuse("The backup %s was made by a newer Postroom (%s). Restore it with that version.", folder, m.Version)
		}
	}
	for _, f := range m.Files {
		if !filepath.IsLocal(f.Name) || f.Size < 0 {
			return refuse("%s in %s is damaged: it names %q.", manifestName, folder, f.Name)
		}
	}
	return m, nil
}

// checkKey tells whether the key is the backup's and the manifest unchanged.
func (m Manifest) checkKey(key [32]byte) error {
	const op = "app.Restore"
	if !hmac.Equal([]byte(hmacOf(key, manifestKey)), []byte(m.KeyCheck)) {
		return errs.Say(op, errs.Config, errs.Storage,
			"The master key is not the one that this backup was made under: no message in it could be opened. Put that key in place first.")
	}
	if !hmac.Equal([]byte(m.seal(key)), []byte(m.Seal)) {
		return errs.Say(op, errs.Invalid, errs.Storage, "%s was changed after the backup: its seal does not fit.", manifestName)
	}
	return nil
}

// CheckBackupKey tells whether the key in a file is the one of a backup, and the
// manifest unchanged since.
func CheckBackupKey(m Manifest, file string) error {
	key, _, err := masterKey(file, false)
	if err != nil {
		return err
	}
	if err := m.checkKey(key); errs.Is(err, errs.Config) {
		return errs.Say("app.CheckBackupKey", errs.Invalid, errs.Storage,
			"The backup was made under another master key than %s: with that key nothing in it can be opened.", file)
	} else if err != nil {
		return err
	}
	return nil
}

// CheckBackup reads every byte of a backup and compares it with the manifest.
// It changes nothing.
func CheckBackup(ctx context.Context, folder string, p Progress) (Manifest, error) {
	m, err := ReadManifest(folder)
	if err != nil {
		return m, err
	}
	var total int64
	for _, f := range m.Files {
		total += f.Size
	}
	meter := p.start("checking the backup", "bytes", total)
	for _, f := range m.Files {
		sum, err := hashFile(ctx, filepath.Join(folder, f.Name), f.Size, meter)
		if err != nil {
			return m, err
		}
		if sum != f.SHA256 {
			return m, errs.Say("app.CheckBackup", errs.Invalid, errs.Storage, "The backup's file %s was altered: its checksum does not fit.", f.Name)
		}
	}
	return m, nil
}

// hashFile is SHA-256 of a file's first size bytes, in hex.
func hashFile(ctx context.Context, name string, size int64, meter io.Writer) (string, error) {
	const op = "app.CheckBackup"
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return "", errs.Say(op, errs.Invalid, errs.Storage, "The backup's file %s is missing.", name)
	}
	if err != nil {
		return "", errs.Say(op, errs.Invalid, errs.Storage, "The backup's file %s cannot be read: %v", name, err)
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(h, meter), contextReader{ctx, io.LimitReader(f, size)})
	if err != nil {
		return "", errs.Say(op, errs.Unavailable, errs.Storage, "The file %s cannot be read: %v", name, err)
	}
	if n < size {
		return "", errs.Say(op, errs.Invalid, errs.Storage, "The backup's file %s is cut off: it has %d of %d bytes.", name, n, size)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// contextReader ends with its context.
type contextReader struct {
	ctx context.Context
	io.Reader
}

func (r contextReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}

// database finds a database's file among those of a backup, by its base name
// below the folder of databases.
func (m Manifest) database(name string) (BackupFile, bool) {
	i := slices.IndexFunc(m.Files, func(f BackupFile) bool {
		_, rest, _ := strings.Cut(f.Name, "/")
		return rest == name && strings.HasPrefix(f.Name, databasesPrefix)
	})
	if i < 0 {
		return BackupFile{}, false
	}
	return m.Files[i], true
}

// packs are the packs of a region in a backup, by number.
func (m Manifest) packs(region string) map[int64]BackupFile {
	all := map[int64]BackupFile{}
	for _, f := range m.Files {
		if n, ok := backupPackNumber(region, f.Name); ok {
			all[n] = f
		}
	}
	return all
}
