package cli

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"postroom/internal/app"
	"postroom/internal/base/dnsx"
	"postroom/internal/base/errs"
	"postroom/internal/store/sqldb"

	"golang.org/x/sys/unix"
)

// doctorCmd only looks: it makes no folder, binds a port for a moment and closes
// it, and opens no database file that a server does not have open.
type doctorCmd struct{ machineFlags }

// finding is one line of the doctor.
type finding struct {
	Check string `json:"check"`
	State string `json:"state"` // ok, warn, fail
	Says  string `json:"says"`
}

type doctor struct {
	env    *env
	config app.Config
	status *app.Status // of the server that runs; nil: none
	found  []finding
	user   string // as whom the server runs, where that is not who looks
	uid    int    // his
	blind  bool   // this user cannot look into the store
}

const (
	lookTime  = 10 * time.Second
	freeFail  = 256 << 20 // bytes
	freeWarn  = 5 << 30
	certWarn  = 21 * 24 * time.Hour
	clockSkew = 5 * time.Minute
)

func (c *doctorCmd) Run(e *env) error {
	config, err := c.config()
	if err != nil {
		return err
	}
	d := &doctor{env: e, config: config, uid: os.Geteuid()}
	d.runsAs()
	ctx, cancel := context.WithTimeout(e.ctx, 6*lookTime)
	defer cancel()
	d.access()
	if !d.blind {
		d.server(ctx)
	}
	if !d.blind { // what another user's server has would look like a fault
		d.folder()
		d.masterKey()
		d.database(ctx)
		d.ports()
		d.clock()
	}
	d.space()
	d.certificate()
	d.dns(ctx)
	failed := false
	for _, f := range d.found {
		failed = failed || f.State == "fail"
	}
	if c.JSON {
		if err := e.own(d.found); err != nil {
			return err
		}
	} else {
		for _, f := range d.found {
			e.printf("%-4s  %-16s  %s\n", f.State, f.Check, f.Says)
		}
	}
	if failed {
		return ended(exitDamaged)
	}
	return nil
}

func (d *doctor) say(check, state, format string, args ...any) {
	d.found = append(d.found, finding{check, state, fmt.Sprintf(format, args...)})
}

func (d *doctor) ok(check, format string, args ...any)   { d.say(check, "ok", format, args...) }
func (d *doctor) warn(check, format string, args ...any) { d.say(check, "warn", format, args...) }
func (d *doctor) fail(check, format string, args ...any) { d.say(check, "fail", format, args...) }

// runsAs finds out as whom the server runs: rights are checked for him.
func (d *doctor) runsAs() {
	name := d.config.User
	if name == "" {
		return
	}
	u, err := user.Lookup(name)
	if err != nil {
		d.fail("user", "this machine has no user %q: make it (useradd --system), or change user", name)
		return
	}
	if uid, _ := strconv.Atoi(u.Uid); uid != d.uid {
		d.user, d.uid = name, uid
		if os.Geteuid() != 0 {
			d.fail("user", "user is %s: only root can become that user; start the server (and the doctor) as root or as %s", name, name)
		}
	}
}

// access stops where this user cannot look into the store: nothing that it then
// sees says anything about the store.
func (d *doctor) access() {
	dir := d.config.Data
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrPermission):
		d.blind = true
		d.fail("folder", "%s cannot be seen by this user: run the doctor as the server's user, or as root", dir)
	case err == nil && info.IsDir() && unix.Access(dir, unix.R_OK|unix.X_OK) != nil:
		d.blind = true
		d.fail("folder", "%s belongs to %s and this user cannot look into it, so nothing of the store was checked: run the doctor as %s, or as root",
			dir, app.Owner(info), app.Owner(info))
	}
}

// unreadable says that a file is another user's, which is no damage.
func (d *doctor) unreadable(check, file string) {
	owner := "another user"
	if info, err := os.Stat(file); err == nil {
		owner = app.Owner(info)
	}
	d.fail(check, "%s belongs to %s and cannot be read by this user, so it was not checked: run the doctor as the server's user, or as root", file, owner)
}

func (d *doctor) server(ctx context.Context) {
	var s app.Status
	err := app.Control(ctx, d.config.Data, "status", nil, &s, nil)
	switch {
	case errors.Is(err, app.ErrNoServer):
		d.ok("server", "none runs on %s", d.config.Data)
	case errs.Is(err, errs.Denied):
		d.blind = true
		d.fail("server", "%s", sentence(err))
	case err != nil:
		d.fail("server", "%s", sentence(err))
	case s.Ready != "":
		d.status = &s
		d.fail("server", "version %s runs as process %d and is not ready: %s", s.Version, s.PID, s.Ready)
	default:
		d.status = &s
		d.ok("server", "version %s runs as process %d", s.Version, s.PID)
	}
}

func (d *doctor) folder() {
	dir := d.config.Data
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		up := filepath.Dir(dir)
		for !exists(up) && up != filepath.Dir(up) {
			up = filepath.Dir(up)
		}
		if unix.Access(up, unix.W_OK) != nil {
			d.fail("folder", "%s does not exist and cannot be made: make it, and give it to the server's user (chown)", dir)
			return
		}
		d.ok("folder", "%s does not exist yet; the first start makes it%s", dir, map[bool]string{true: " for " + d.user}[d.user != ""])
		return
	case err != nil:
		d.fail("folder", "%s cannot be seen: %v", dir, err)
		return
	case !info.IsDir():
		d.fail("folder", "%s is no folder; name another in the configuration (data)", dir)
		return
	case unix.Access(dir, unix.R_OK|unix.W_OK|unix.X_OK) != nil:
		d.fail("folder", "%s cannot be written by this user: run as the server's user, or give it to him (chown)", dir)
		return
	}
	uid, name := d.uid, d.user
	if name == "" && uid == 0 { // root looks after the folder's owner
		name = app.Owner(info)
		uid = app.OwnerID(info)
	}
	if uid == os.Geteuid() {
		if err := app.CheckOwner(dir); err != nil {
			d.fail("folder", "%s", sentence(err))
			return
		}
	} else if path, owner, err := app.Foreign(dir, uid); err != nil {
		d.fail("folder", "%s cannot be read through: %v", dir, err)
		return
	} else if path != "" {
		d.fail("folder", "%s belongs to %s, and the server runs as %s: give him all of it (chown -R %s %s)", path, owner, name, name, dir)
		return
	}
	if info.Mode().Perm()&0o077 != 0 {
		d.warn("folder", "%s can be entered by other users (%v): chmod 700 %s", dir, info.Mode().Perm(), dir)
		return
	}
	if exists(filepath.Join(dir, "RESTORING")) {
		d.fail("folder", "a restore into %s did not finish: empty it (the master key stays) and restore again", dir)
		return
	}
	if exists(filepath.Join(dir, "first-start")) {
		d.warn("folder", "%s still has the first sign-in and the master key: note them in a safe place and delete it", filepath.Join(dir, "first-start"))
		return
	}
	d.ok("folder", "%s can be written, by its owner only", dir)
}

func (d *doctor) space() {
	at := d.config.Data
	for !exists(at) && at != filepath.Dir(at) {
		at = filepath.Dir(at)
	}
	var s unix.Statfs_t
	if err := unix.Statfs(at, &s); err != nil {
		d.warn("space", "the free space of %s is not known: %v", at, err)
		return
	}
	free := int64(s.Bavail) * s.Bsize
	switch {
	case s.Files > 0 && s.Ffree < 10_000:
		d.fail("space", "the file system of %s has only %d inodes left", at, s.Ffree)
	case free < freeFail:
		d.fail("space", "%s free on %s: mail is refused when nothing is left; make room", size(free), at)
	case free < freeWarn:
		d.warn("space", "%s free on %s: make room soon", size(free), at)
	default:
		d.ok("space", "%s free on %s", size(free), at)
	}
}

func (d *doctor) masterKey() {
	file := d.config.MasterKey
	info, err := os.Stat(file)
	started := exists(filepath.Join(d.config.Data, "STORE"))
	switch {
	case errors.Is(err, fs.ErrNotExist) && started:
		d.fail("master key", "%s is missing: put your copy back; without it no message can be opened", file)
	case errors.Is(err, fs.ErrNotExist):
		d.ok("master key", "%s is made at the first start; keep a copy apart from the backups", file)
	case err != nil:
		d.fail("master key", "%s cannot be seen: %v", file, err)
	case info.Size() != 32:
		d.fail("master key", "%s has %d bytes and needs 32: put your copy back", file, info.Size())
	case info.Mode().Perm()&0o077 != 0:
		d.warn("master key", "%s can be read by others: chmod 600 %s", file, file)
	case unix.Access(file, unix.R_OK) != nil:
		d.unreadable("master key", file)
	case d.user != "" && !app.Readable(info, d.uid):
		d.fail("master key", "%s belongs to %s and cannot be read by %s, as whom the server runs: chown %s %s", file, app.Owner(info), d.user, d.user, file)
	default:
		if _, err := app.CheckKey(d.config); started && err != nil {
			d.fail("master key", "%s", sentence(err))
			return
		}
		d.ok("master key", "%s; keep a copy apart from the backups", file)
	}
}

// database asks PostgreSQL; SQLite's files are only looked at, where no server
// has them.
func (d *doctor) database(ctx context.Context) {
	if d.config.Database.DSN == "" {
		for _, name := range append([]string{"deployment.db"}, regionFiles(d.config)...) {
			file := filepath.Join(d.config.Data, name)
			head := make([]byte, 16)
			f, err := os.Open(file)
			if errors.Is(err, fs.ErrNotExist) {
				if exists(filepath.Join(d.config.Data, "STORE")) && name == "deployment.db" {
					d.fail("database", "%s is missing: restore a backup", file)
					return
				}
				continue
			}
			if err == nil {
				_, err = f.ReadAt(head, 0)
				f.Close()
			}
			if errors.Is(err, fs.ErrPermission) {
				d.unreadable("database", file)
				return
			}
			if err != nil && !errors.Is(err, io.EOF) {
				d.fail("database", "%s cannot be read: %v", file, err)
				return
			}
			if err != nil || string(head) != "SQLite format 3\x00" {
				d.fail("database", "%s is no SQLite database: restore a backup", file)
				return
			}
		}
		d.ok("database", "SQLite in %s", d.config.Data)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	version, err := sqldb.Probe(ctx, d.config.Database.DSN)
	if err != nil {
		d.fail("database", "%s", sentence(err))
		return
	}
	d.ok("database", "%s, sorts by bytes", version)
}

func regionFiles(c app.Config) (names []string) {
	for _, r := range c.Regions {
		names = append(names, filepath.Join("regions", r, "region.db"))
	}
	return names
}

func (d *doctor) ports() {
	l := d.config.Listen
	dev := exists(filepath.Join(d.config.Data, "dev.json"))
	if dev && d.status == nil && d.config.User == "" && l == devListen() {
		l = app.DevPorts(d.config.Data)
	}
	any := false
	for _, p := range l.Ports() {
		name, addr := p.Name, p.Addr
		if addr == "" {
			continue
		}
		any = true
		check := "port " + name
		if d.status != nil {
			if at := d.status.Bound[name]; at != "" {
				d.ok(check, "%s, open by the server", at)
			} else if d.config.TLS.Cert == "" && p.TLS {
				d.warn(check, "%s is not served: it needs a certificate (tls.cert, tls.key)", addr)
			} else {
				d.warn(check, "%s is not open in the server that runs: was it started with this configuration?", addr)
			}
			continue
		}
		d.bind(check, addr, dev)
	}
	if !any {
		d.warn("ports", "the configuration serves none")
	}
	if host, _, err := net.SplitHostPort(l.Ops); err == nil && l.Ops != "" {
		if a, err := netip.ParseAddr(host); host != "localhost" && (err != nil || !a.IsLoopback()) {
			d.warn("port ops", "%s shows metrics to others than this machine: use 127.0.0.1, or a firewall", l.Ops)
		}
	}
}

// devListen is what a folder of dev has without a server: any free ports.
func devListen() app.Listen {
	c, err := app.DevConfig("", 0)
	if err != nil {
		panic(err) // of our own sample
	}
	return c.Listen
}

func (d *doctor) bind(check, addr string, dev bool) {
	l, err := net.Listen("tcp", addr)
	switch {
	case err == nil:
		l.Close()
		d.ok(check, "%s is free", addr)
	case errors.Is(err, syscall.EADDRINUSE) && dev:
		d.fail(check, "%s is in use by another program: take other ports with postroom dev --ports BASE", addr)
	case errors.Is(err, syscall.EADDRINUSE):
		d.fail(check, "%s is in use by another program: stop it (ss -ltnp shows which), or change listen.%s", addr, strings.TrimPrefix(check, "port "))
	case errors.Is(err, syscall.EACCES):
		d.fail(check, "%s needs root: start as root with user set, or with CAP_NET_BIND_SERVICE (the systemd unit has it)", addr)
	default:
		d.fail(check, "%s cannot be opened: %v", addr, err)
	}
}

func (d *doctor) certificate() {
	t := d.config.TLS
	if t.Cert == "" {
		if exists(filepath.Join(d.config.Data, "dev.json")) {
			d.ok("certificate", "dev makes its own")
			return
		}
		d.warn("certificate", "none (tls.cert, tls.key): only ports without TLS are served, and nobody can sign in to mail")
		return
	}
	pair, err := tls.LoadX509KeyPair(t.Cert, t.Key)
	if errors.Is(err, fs.ErrPermission) {
		d.fail("certificate", "%s with %s cannot be read by this user, so it was not checked: run the doctor as the server's user, or as root", t.Cert, t.Key)
		return
	}
	if err != nil {
		d.fail("certificate", "%s with %s does not load: %v", t.Cert, t.Key, err)
		return
	}
	if info, err := os.Stat(t.Key); d.user != "" && err == nil && !app.Readable(info, d.uid) {
		d.warn("certificate", "%s cannot be read by %s: the server, which becomes that user, will not take a renewed one until it starts again", t.Key, d.user)
	}
	left := time.Until(pair.Leaf.NotAfter)
	switch {
	case left <= 0:
		d.fail("certificate", "%s expired on %s: renew it; the server reads the new files by itself", t.Cert, pair.Leaf.NotAfter.Local().Format("2006-01-02"))
	case time.Now().Before(pair.Leaf.NotBefore):
		d.fail("certificate", "%s is valid only from %s: check the clock", t.Cert, pair.Leaf.NotBefore.Local().Format("2006-01-02 15:04"))
	case pair.Leaf.VerifyHostname(d.config.Host) != nil:
		d.fail("certificate", "%s is not for %s (host) but for %s: get one for it", t.Cert, d.config.Host, strings.Join(pair.Leaf.DNSNames, ", "))
	case left < certWarn:
		d.warn("certificate", "%s expires on %s: renew it", t.Cert, pair.Leaf.NotAfter.Local().Format("2006-01-02"))
	default:
		d.ok("certificate", "%s for %s until %s", t.Cert, d.config.Host, pair.Leaf.NotAfter.Local().Format("2006-01-02"))
	}
}

// clock looks at what the kernel knows of its own clock, and at the newest file
// of the store: time that went back breaks signatures and numbers.
func (d *doctor) clock() {
	now := time.Now()
	for _, name := range []string{"deployment.db-wal", "deployment.db", "STORE"} {
		if info, err := os.Stat(filepath.Join(d.config.Data, name)); err == nil && info.ModTime().After(now.Add(clockSkew)) {
			d.fail("clock", "this machine says %s, but the store was written at %s: set the clock", now.Format("2006-01-02 15:04"), info.ModTime().Format("2006-01-02 15:04"))
			return
		}
	}
	var t unix.Timex
	state, err := unix.Adjtimex(&t)
	if err != nil || state == 5 /* TIME_ERROR */ || t.Status&0x40 /* STA_UNSYNC */ != 0 {
		d.warn("clock", "%s, and not kept by a time server: signatures of API calls allow 5 minutes; run chrony or systemd-timesyncd", now.Format("2006-01-02 15:04:05 MST"))
		return
	}
	d.ok("clock", "%s, kept by a time server", now.Format("2006-01-02 15:04:05 MST"))
}

func (d *doctor) dns(ctx context.Context) {
	host := d.config.Host
	if host == "localhost" || strings.HasSuffix(host, ".localhost") || strings.HasSuffix(host, ".test") {
		d.ok("dns", "%s is a name for this machine only; nothing to look up", host)
		return
	}
	r := dnsx.System{Via: d.config.Resolver}
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	addrs, err := r.IP(ctx, host)
	switch {
	case err != nil && !errors.Is(err, dnsx.ErrNotFound):
		d.fail("dns", "%s cannot be looked up: %v", host, err)
		return
	case len(addrs) == 0:
		d.fail("dns", "%s has no address: set its A or AAAA record to this machine", host)
		return
	}
	mine, _ := net.InterfaceAddrs()
	here := false
	for _, a := range addrs {
		for _, m := range mine {
			if n, ok := m.(*net.IPNet); ok && n.IP.Equal(net.IP(a.AsSlice())) {
				here = true
			}
		}
	}
	if here {
		d.ok("dns", "%s is %v, this machine", host, addrs)
	} else {
		d.warn("dns", "%s is %v, no address of this machine: right only behind NAT or a load balancer", host, addrs)
	}
	d.mx(ctx, r)
}

// mx looks at the base domain, in which every organization has its test domain.
func (d *doctor) mx(ctx context.Context, r dnsx.System) {
	base := d.config.BaseDomain
	if strings.HasSuffix(base, ".test") {
		d.warn("dns mx", "base_domain is %s, which no other server can reach: organizations get no mail at their test domains", base)
		return
	}
	list, err := r.MX(ctx, "any."+base)
	if err != nil || len(list) == 0 {
		d.warn("dns mx", "mail for ALIAS.%s does not come here: set a record *.%s MX 10 %s", base, base, d.config.Host)
		return
	}
	d.ok("dns mx", "*.%s goes to %s", base, list[0].Host)
}
