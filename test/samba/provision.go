package samba

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"postroom/test/services"
)

const prelude = `
import sys
from samba.samdb import SamDB
from samba.param import LoadParm
from samba.auth import system_session
lp = LoadParm()
lp.load(sys.argv[1] + "/etc/smb.conf")
db = SamDB(url=sys.argv[1] + "/private/sam.ldb", session_info=system_session(), lp=lp)
args = sys.argv[2:]
`

// accountsScript makes the service accounts and the OU that Writer rules.
const accountsScript = prelude + `
from samba.sd_utils import SDUtils
from samba.dcerpc import security
from samba.ndr import ndr_unpack
base, ou, password = args
db.transaction_start()
for name in ("svc-reader", "svc-writer"):
    db.newuser(name, password)
    db.setexpiry("(sAMAccountName=%s)" % name, 0, no_expiry_req=True)
db.setexpiry("(sAMAccountName=Administrator)", 0, no_expiry_req=True)
db.create_ou(ou)
raw = db.search(base=base, expression="(sAMAccountName=svc-writer)", attrs=["objectSid"])[0]["objectSid"][0]
sid = ndr_unpack(security.dom_sid, raw)
SDUtils(db).dacl_add_ace(ou, "(A;CI;RPWPCRCCDCLCLORCWOWDSDDTSW;;;%s)" % sid)
db.transaction_commit()
`

const fillScript = prelude + `
under, name, n, password = args
under = under[:-len(db.domain_dn())-1] if under.lower().endswith("," + str(db.domain_dn()).lower()) else None
db.transaction_start()
for i in range(1, int(n) + 1):
    db.newuser("%s%06d" % (name, i), password, userou=under, givenname="User", surname="%06d" % i)
db.transaction_commit()
`

func python(dir, script string, args ...string) error {
	_, err := tool(10*time.Minute, "python3", append([]string{"-c", script, dir}, args...)...)
	return err
}

// tool runs a program of the table of services.
func tool(within time.Duration, name string, args ...string) (string, error) {
	program, err := services.Find(name)
	if err != nil {
		return "", err
	}
	return run(within, program, args...)
}

var provisioning sync.Mutex

// copyProvisioned makes a folder of a provisioned domain. The first call on a
// machine provisions one (6 s) into the cache; its name has Samba's version and
// everything that it was made of.
func copyProvisioned(to string) error {
	provisioning.Lock()
	defer provisioning.Unlock()
	version, err := tool(time.Minute, "samba", "--version")
	if err != nil {
		return err
	}
	options := []string{
		"--realm=" + Realm, "--domain=" + Domain, "--server-role=dc", "--dns-backend=NONE", "--adminpass=" + Password,
		"--host-name=" + strings.SplitN(Host, ".", 2)[0], "--host-ip=127.0.0.1", "--option=interfaces=127.0.0.1/8", "--option=bind interfaces only=yes",
	}
	sum := sha256.Sum256([]byte(version + strings.Join(options, "\n") + accountsScript + MailOU))
	base, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	cached := filepath.Join(base, "postroom-test", "samba-"+hex.EncodeToString(sum[:8]))
	if err := provision(cached, options); err != nil {
		return err
	}
	if err := os.CopyFS(to, os.DirFS(cached)); err != nil {
		return err
	}
	return rewrite(filepath.Join(to, "etc", "smb.conf"), cached, to)
}

// provision fills the cached folder, once, whoever else wants it at the same time.
func provision(cached string, options []string) error {
	if _, err := os.Stat(cached); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(cached), 0o700); err != nil {
		return err
	}
	lock, err := os.OpenFile(cached+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return err
	}
	if _, err := os.Stat(cached); err == nil {
		return nil
	}
	made := cached + ".new"
	if err := os.RemoveAll(made); err != nil {
		return err
	}
	args := append([]string{"domain", "provision", "--targetdir=" + made}, options...)
	if _, err := tool(3*time.Minute, "samba-tool", args...); err != nil {
		return err
	}
	if err := python(made, accountsScript, BaseDN, MailOU, Password); err != nil {
		return err
	}
	if err := rewrite(filepath.Join(made, "etc", "smb.conf"), made, cached); err != nil {
		return err
	}
	return os.Rename(made, cached)
}

func rewrite(file, old, replaced string) error {
	b, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return os.WriteFile(file, []byte(strings.ReplaceAll(string(b), old, replaced)), 0o600)
}
