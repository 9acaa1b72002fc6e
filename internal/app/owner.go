package app

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"postroom/internal/base/errs"

	"golang.org/x/sys/unix"
)

// machineUser is a user of this machine.
type machineUser struct {
	name     string
	uid, gid int
}

// runAs is the configured user where it is another than who started; nil: none.
func runAs(c Config) (*machineUser, error) {
	if c.User == "" {
		return nil, nil
	}
	u, err := user.Lookup(c.User)
	if err != nil {
		return nil, errs.Say("app.New", errs.Config, errs.Nothing, "user: this machine has no user %q. Make it (useradd --system), or name another.", c.User).Because(err)
	}
	m := &machineUser{name: c.User}
	m.uid, _ = strconv.Atoi(u.Uid)
	m.gid, _ = strconv.Atoi(u.Gid)
	if m.uid == os.Getuid() {
		return nil, nil
	}
	if os.Getuid() != 0 {
		return nil, errs.Say("app.New", errs.Config, errs.Nothing, "user is %s, and only root can become that user: start as root or as %s.", c.User, c.User)
	}
	return m, nil
}

// keeperOf is the owner of the data folder where root runs a command on it: what the
// command makes must not be root's.
func keeperOf(dir string) *machineUser {
	info, err := os.Stat(dir)
	if err != nil || os.Geteuid() != 0 || OwnerID(info) <= 0 {
		return nil
	}
	s := info.Sys().(*syscall.Stat_t)
	return &machineUser{userName(int(s.Uid)), int(s.Uid), int(s.Gid)}
}

// become gives up root for good. The data folder is made for the user where it
// is missing; what is there must be that user's already.
func (m *machineUser) become(data string) error {
	bad := func(err error) error {
		return errs.Say("app.New", errs.Config, errs.Nothing, "The server cannot become the user %s: %v", m.name, err)
	}
	if err := m.makeFolder(data); err != nil {
		return bad(err)
	}
	if err := errors.Join(syscall.Setgroups([]int{m.gid}), syscall.Setgid(m.gid), syscall.Setuid(m.uid)); err != nil {
		return bad(err)
	}
	return nil
}

// makeFolder makes the data folder for the user; those above stay root's, and
// can be passed.
func (m *machineUser) makeFolder(dir string) error {
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	up := filepath.Dir(dir)
	var made []string
	for missing := up; ; missing = filepath.Dir(missing) {
		if _, err := os.Stat(missing); err == nil || missing == filepath.Dir(missing) {
			break
		}
		made = append(made, missing)
	}
	if err := os.MkdirAll(up, 0o755); err != nil {
		return err
	}
	for _, one := range made {
		if err := os.Chmod(one, 0o755); err != nil { // whatever the umask is
			return err
		}
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	return os.Chown(dir, m.uid, m.gid)
}

// give makes the key and everything in a folder the user's: after a restore by root.
func (m *machineUser) give(dir, key string) error {
	if err := os.Lchown(key, m.uid, m.gid); err != nil {
		return err
	}
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, m.uid, m.gid)
	})
}

// ours tells whether a path below the data folder is of the store; others may
// lie there, such as a certificate.
func ours(path string) bool {
	switch top, _, _ := strings.Cut(path, "/"); top {
	case ".", storeMark, "lock", "lineage", "regions", "first-start", "master.key", "dev.json", "endpoints.json":
		return true
	default:
		return strings.HasPrefix(top, "deployment.db") || strings.HasPrefix(top, "deployment-log.db")
	}
}

// Foreign returns the first file or folder of the store that a user other than
// uid owns, and that user; empty: none.
func Foreign(dir string, uid int) (path, owner string, err error) {
	return firstOf(dir, func(_ string, s *syscall.Stat_t) bool { return int(s.Uid) != uid })
}

// firstOf walks the store for a file or folder.
func firstOf(dir string, is func(path string, s *syscall.Stat_t) bool) (path, owner string, err error) {
	err = filepath.WalkDir(dir, func(p string, _ fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(dir, p)
		if errors.Is(err, fs.ErrNotExist) || !ours(rel) {
			return nil // gone while we looked, or not of the store
		}
		info, lerr := os.Lstat(p)
		if errors.Is(lerr, fs.ErrNotExist) {
			return nil
		}
		if lerr != nil {
			return lerr
		}
		if s, ok := info.Sys().(*syscall.Stat_t); ok && is(p, s) {
			path, owner = p, userName(int(s.Uid))
			return fs.SkipAll
		}
		return err
	})
	return path, owner, err
}

func userName(uid int) string {
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return u.Username
	}
	return "the user " + strconv.Itoa(uid)
}

// CheckOwner refuses a store that this user cannot write: a server that cannot
// must not say that it is ready.
func CheckOwner(dir string) error {
	uid := os.Geteuid()
	if uid == 0 {
		return nil
	}
	me := userName(uid)
	path, owner, err := firstOf(dir, func(p string, _ *syscall.Stat_t) bool { return unix.Access(p, unix.R_OK|unix.W_OK) != nil })
	switch {
	case err != nil:
		return errs.Say("app.New", errs.Config, errs.Storage, "The data folder %s cannot be read as %s: %v", dir, me, err)
	case path != "":
		return errs.Say("app.New", errs.Config, errs.Storage,
			"%s belongs to %s and cannot be written by %s, as whom this program runs. Run it as the owner, or give the store to this user: chown -R %s %s", path, owner, me, me, dir)
	}
	return nil
}

// keepPrivate takes from others what an older version or a copy left open to
// them: the data folder, the databases, the master key.
func keepPrivate(c Config, log *slog.Logger) error {
	paths := []string{c.Data, filepath.Join(c.Data, "regions")}
	for _, pattern := range []string{"deployment*.db*", "regions/*", "regions/*/*.db*"} {
		found, _ := filepath.Glob(filepath.Join(c.Data, pattern))
		paths = append(paths, found...)
	}
	for _, p := range append(paths, c.MasterKey) {
		info, err := os.Stat(p)
		if err != nil || info.Mode().Perm()&0o077 == 0 {
			continue // what is missing is told where it is needed
		}
		mode := info.Mode().Perm() &^ 0o077
		if err := os.Chmod(p, mode); err == nil {
			log.Warn("other users could open this; now they cannot", "path", p, "was", octal(info.Mode()), "now", octal(mode))
			continue
		}
		if p == c.MasterKey && info.Mode().Perm()&0o007 != 0 {
			return errs.Say("app.New", errs.Config, errs.Storage, "The master key %s can be read by every user of this machine, and its mode cannot be changed by this one: chmod 600 %s", p, p)
		}
		log.Warn("other users can open this: chmod it", "path", p, "mode", octal(info.Mode()))
	}
	return nil
}

func octal(m fs.FileMode) string { return fmt.Sprintf("%04o", m.Perm()) }

// Owner names the user to whom a file belongs.
func Owner(info fs.FileInfo) string { return userName(OwnerID(info)) }

// OwnerID is that user's number; -1 where it is not known.
func OwnerID(info fs.FileInfo) int {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(s.Uid)
	}
	return -1
}

// Readable tells whether a file's mode lets a user read it, by his own group too.
func Readable(info fs.FileInfo, uid int) bool {
	mode := info.Mode().Perm()
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok || uid == 0 {
		return true
	}
	if int(s.Uid) == uid {
		return mode&0o400 != 0
	}
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil && u.Gid == strconv.Itoa(int(s.Gid)) {
		return mode&0o040 != 0
	}
	return mode&0o004 != 0
}
