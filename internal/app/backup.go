package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/store/mailstore"
	"postroom/internal/store/sqldb"
)

// Names below a backup folder: manifest.json, databases-TIME/deployment.db …,
// databases-TIME/regions/NAME/region.db …, packs/NAME/NNNNNNNN.pack.
const databasesPrefix = "databases-"

func backupPackName(region string, pack int64) string {
	return path.Join("packs", region, fmt.Sprintf("%08d.pack", pack))
}

func backupPackNumber(region, name string) (int64, bool) {
	digits, ok := strings.CutPrefix(name, "packs/"+region+"/")
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseInt(strings.TrimSuffix(digits, ".pack"), 10, 64)
	return n, err == nil && backupPackName(region, n) == name
}

// BackupReport is what a backup did.
type BackupReport struct {
	Folder    string        `json:"folder"`
	Files     int           `json:"files"`
	Bytes     int64         `json:"bytes"`  // of the whole backup
	Copied    int64         `json:"copied"` // of them this time
	Took      time.Duration `json:"took"`
	MasterKey string        `json:"master_key"` // the file that is not in it
}

// Backup copies the store as it is now into a folder, while mail flows: the
// databases at one moment, then the packs up to what those refer to. A folder
// that has a backup of this data folder gets only what is new. A failure leaves
// the backup that was there before.
func (a *App) Backup(ctx context.Context, to string, p Progress) (BackupReport, error) {
	const op = "app.Backup"
	start := time.Now()
	b := &backup{App: a, to: to, progress: p, have: map[string]BackupFile{}}
	report := BackupReport{Folder: to, MasterKey: a.Config.MasterKey}
	unlock, err := b.prepare()
	if err != nil {
		return report, err
	}
	defer unlock()
	for _, r := range a.Regions {
		release, err := a.pin(ctx, r)
		if err != nil {
			return report, err
		}
		defer release()
	}
	err = b.run(ctx)
	if err != nil {
		os.RemoveAll(filepath.Join(to, b.databases))
		var e *errs.Error
		if !errors.As(err, &e) {
			err = errs.Say(op, errs.Unavailable, errs.Storage, "The backup into %s did not finish: %v. What was there before is still good.", to, err)
		}
		return report, err
	}
	b.tidy()
	report.Files, report.Copied, report.Took = len(b.manifest.Files), b.copied, time.Since(start)
	for _, f := range b.manifest.Files {
		report.Bytes += f.Size
	}
	return report, nil
}

type backup struct {
	*App
	to        string
	key       [32]byte
	databases string
	progress  Progress
	have      map[string]BackupFile // of the backup that is there, where its packs can be trusted
	manifest  Manifest
	copied    int64
}

// prepare makes the folder, takes it for this backup, and reads what it has.
func (b *backup) prepare() (unlock func(), err error) {
	const op = "app.Backup"
	if !filepath.IsAbs(b.to) {
		return nil, errs.Say(op, errs.Invalid, errs.Storage, "The backup folder %q is not an absolute path.", b.to)
	}
	if data, err := filepath.Abs(b.Config.Data); err == nil && (b.to == data || strings.HasPrefix(b.to, data+"/")) {
		return nil, errs.Say(op, errs.Invalid, errs.Storage, "The backup folder %s lies inside the data folder; one disk fault would take both.", b.to)
	}
	if b.key, err = b.backupKey(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(b.to, 0o700); err != nil {
		return nil, errs.Say(op, errs.Config, errs.Storage, "The backup folder %s cannot be made: %v", b.to, err)
	}
	old, oldErr := ReadManifest(b.to)
	if oldErr == nil && old.KeyCheck != hmacOf(b.key, manifestKey) {
		return nil, errs.Say(op, errs.Config, errs.Storage,
			"The folder %s has a backup under another master key than %s, and keeps it. Name a new folder, or put the right key in place.", b.to, b.Config.MasterKey)
	}
	entries, err := os.ReadDir(b.to)
	if err != nil {
		return nil, errs.Say(op, errs.Config, errs.Storage, "The backup folder %s cannot be read: %v", b.to, err)
	}
	for _, e := range entries {
		if n := e.Name(); n != manifestName && n != "packs" && n != "lock" && !strings.HasPrefix(n, databasesPrefix) && !strings.HasPrefix(n, ".new-") {
			return nil, errs.Say(op, errs.Invalid, errs.Storage, "The folder %s has %q, which is not of a backup. Name a new folder or one with an earlier backup.", b.to, n)
		}
	}
	lineage, err := b.lineage()
	if err != nil {
		return nil, err
	}
	l, err := takeLock(b.to)
	if err != nil {
		return nil, errs.Say(op, errs.InUse, errs.Storage, "The backup folder %s is in use by another backup, or cannot be written.", b.to).Because(err)
	}
	if oldErr == nil && old.Lineage == lineage {
		for _, f := range old.Files {
			b.have[f.Name] = f
		}
	}
	now := b.Clock.Now().UTC()
	b.databases = databasesPrefix + now.Format("20060102T150405.000Z")
	b.manifest = Manifest{Format: manifestFormat, Made: now, Version: Version(), Lineage: lineage, Regions: b.Config.Regions, Schemas: schemas()}
	return l.release, nil
}

// backupKey reads the master key's file and proves that it is the store's: a
// backup under another could never be restored.
func (a *App) backupKey() (key [32]byte, err error) {
	if key, _, err = masterKey(a.Config.MasterKey, false); err == nil && hmacOf(key, storeKey) != a.keyCheck {
		err = wrongKey(a.Config.MasterKey)
	}
	return key, err
}

// lineage names this data folder; a restored one gets another name.
func (a *App) lineage() (string, error) {
	file := filepath.Join(a.Config.Data, "lineage")
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		text = []byte(ids.Hex(16))
		err = writeFile(file, text, 0o600)
	}
	return string(text), err
}

func (b *backup) run(ctx context.Context) error {
	extents, err := b.copyDatabases(ctx)
	if err != nil {
		return err
	}
	for _, r := range b.Regions {
		if err := b.copyPacks(ctx, r, extents[r.Name]); err != nil {
			return err
		}
	}
	slices.SortFunc(b.manifest.Files, func(x, y BackupFile) int { return strings.Compare(x.Name, y.Name) })
	b.manifest.KeyCheck = hmacOf(b.key, manifestKey)
	b.manifest.Seal = b.manifest.seal(b.key)
	return writeJSON(filepath.Join(b.to, manifestName), b.manifest, 0o600)
}

// copyDatabases takes all states at one moment, copies them, and answers how
// long each region's packs must be.
func (b *backup) copyDatabases(ctx context.Context) (map[string]map[int64]int64, error) {
	type part struct {
		name string
		snap *sqldb.Snapshot
	}
	var parts []part
	defer func() {
		for _, p := range parts {
			p.snap.Close()
		}
	}()
	take := func(name string, db *sqldb.DB) (*sqldb.Snapshot, error) {
		s, err := db.Snapshot(ctx)
		if err == nil {
			parts = append(parts, part{name, s})
		}
		return s, err
	}
	extents := map[string]map[int64]int64{}
	for _, r := range b.Regions {
		s, err := take("regions/"+r.Name+"/region.db", r.DB)
		if err != nil {
			return nil, err
		}
		extents[r.Name] = map[int64]int64{}
		if err := errors.Join(mailstore.Extents(ctx, s, extents[r.Name]), mailstore.QueueExtents(ctx, s, extents[r.Name])); err != nil {
			return nil, err
		}
		if _, err := take("regions/"+r.Name+"/log.db", r.LogDB); err != nil {
			return nil, err
		}
	}
	// The deployment comes last: it knows every claim that a region relies on.
	for name, db := range map[string]*sqldb.DB{"deployment.db": b.DB, "deployment-log.db": b.LogDB} {
		if _, err := take(name, db); err != nil {
			return nil, err
		}
	}
	for _, p := range parts {
		if err := b.copyDatabase(ctx, p.name, p.snap); err != nil {
			return nil, err
		}
	}
	return extents, nil
}

func (b *backup) copyDatabase(ctx context.Context, name string, s *sqldb.Snapshot) error {
	rel := path.Join(b.databases, name)
	file := filepath.Join(b.to, rel)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	unit := "bytes"
	if b.Config.Database.DSN != "" {
		unit = "rows"
	}
	m := b.progress.start("copying "+name, unit, 0)
	if err := s.CopyTo(ctx, file, m.at); err != nil {
		return err
	}
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	sum, err := hashFile(ctx, file, info.Size(), io.Discard)
	if err != nil {
		return err
	}
	b.add(BackupFile{rel, info.Size(), sum}, true)
	return syncDir(filepath.Dir(file))
}

func (b *backup) add(f BackupFile, copied bool) {
	b.manifest.Files = append(b.manifest.Files, f)
	if copied {
		b.copied += f.Size
	}
}

func (b *backup) copyPacks(ctx context.Context, r *Region, extents map[int64]int64) error {
	dir := filepath.Join(b.to, "packs", r.Name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	var total int64
	for _, n := range extents {
		total += n
	}
	m := b.progress.start("copying packs of "+r.Name, "bytes", total)
	packs := make([]int64, 0, len(extents))
	for n := range extents {
		packs = append(packs, n)
	}
	slices.Sort(packs)
	for _, n := range packs {
		name := backupPackName(r.Name, n)
		if old, ok := b.have[name]; ok && old.Size == extents[n] {
			if info, err := os.Stat(filepath.Join(b.to, name)); err == nil && info.Size() >= old.Size {
				b.add(old, false)
				m.add(old.Size)
				continue
			}
		}
		f, err := b.copyPack(ctx, r, n, extents[n], m)
		if err != nil {
			return err
		}
		b.add(f, true)
	}
	return errors.Join(syncDir(dir), syncDir(filepath.Dir(dir)), syncDir(b.to))
}

// copyPack copies a pack's first length bytes beside its place, then into it.
func (b *backup) copyPack(ctx context.Context, r *Region, pack, length int64, m *meter) (BackupFile, error) {
	f := BackupFile{Name: backupPackName(r.Name, pack), Size: length}
	from, err := r.Packs.ReadPack(ctx, pack, length)
	if err != nil {
		return f, fmt.Errorf("pack %d of %s: %w", pack, r.Name, err)
	}
	defer from.Close()
	file := filepath.Join(b.to, f.Name)
	tmp, err := os.OpenFile(file+".part", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return f, err
	}
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(tmp, h, m), contextReader{ctx, from})
	if err == nil && n != length {
		err = errs.Say("app.Backup", errs.Internal, errs.Storage, "Pack %d of %s has %d bytes, and messages lie up to %d.", pack, r.Name, n, length)
	}
	if err == nil {
		err = tmp.Sync()
	}
	if err = errors.Join(err, tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), file)
	}
	if err != nil {
		os.Remove(tmp.Name())
		return f, err
	}
	f.SHA256 = hex.EncodeToString(h.Sum(nil))
	return f, nil
}

// tidy removes what an earlier backup left and this one does not need. What
// cannot be removed only takes room.
func (b *backup) tidy() {
	keep := map[string]bool{}
	for _, f := range b.manifest.Files {
		keep[f.Name] = true
	}
	entries, _ := os.ReadDir(b.to)
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), databasesPrefix) && e.Name() != b.databases || strings.HasPrefix(e.Name(), ".new-") {
			os.RemoveAll(filepath.Join(b.to, e.Name()))
		}
	}
	packs := os.DirFS(b.to)
	names, _ := fs.Glob(packs, "packs/*/*")
	for _, n := range names {
		if !keep[n] {
			os.Remove(filepath.Join(b.to, n))
		}
	}
}
