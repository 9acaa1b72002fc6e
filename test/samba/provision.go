package samba

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
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

// fillScript derives no keys for most: a password costs ten times what a user does.
const fillScript = prelude + `
under, name, n, proven, password = args
realm = str(db.domain_dns_name())
db.transaction_start()
for i in range(1, int(n) + 1):
    user, number = "%s%06d" % (name, i), "%06d" % i
    row = {"dn": "CN=%s,%s" % (user, under), "objectClass": "user", "sAMAccountName": user, "userPrincipalName": user + "@" + realm,
           "givenName": "User", "sn": number, "displayName": "User " + number, "userAccountControl": "512"}
    if i <= int(proven):
        row["clearTextPassword"] = password.encode("utf-16-le")
    db.add(row)
    if i % 200 == 0: # its indexes grow slow within a long one
        db.transaction_commit()
        db.transaction_start()
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

// provisioning are the options of the domain and its first controller.
var provisioning = []string{
	"--realm=" + Realm, "--domain=" + Domain, "--server-role=dc", "--dns-backend=NONE", "--adminpass=" + Password,
	"--host-name=" + short(Host), "--host-ip=127.0.0.1", "--option=interfaces=127.0.0.1/8", "--option=bind interfaces only=yes",
}

// provisioned is the cached folder of a domain with one controller (6 s).
func provisioned() (string, error) {
	return kept("samba", append([]string{accountsScript, MailOU}, provisioning...), func(made string) error {
		args := append([]string{"domain", "provision", "--targetdir=" + made}, provisioning...)
		if _, err := tool(3*time.Minute, "samba-tool", args...); err != nil {
			return err
		}
		return python(made, accountsScript, BaseDN, MailOU, Password)
	})
}

// kept answers a folder of the cache, which make fills once on a machine,
// whoever else wants it at the same time. Its name has Samba's version and
// everything that it is made of.
func kept(kind string, of []string, fill func(made string) error) (string, error) {
	version, err := tool(time.Minute, "samba", "--version")
	if err != nil {
		return "", err
	}
	base, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(version + strings.Join(of, "\n")))
	cached := filepath.Join(base, "postroom-test", kind+"-"+hex.EncodeToString(sum[:8]))
	if _, err := os.Stat(cached); !errors.Is(err, fs.ErrNotExist) {
		return cached, err
	}
	if err := os.MkdirAll(filepath.Dir(cached), 0o700); err != nil {
		return "", err
	}
	lock, err := os.OpenFile(cached+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return "", err
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return "", err
	}
	if _, err := os.Stat(cached); err == nil {
		return cached, nil
	}
	made := making(cached)
	if err := os.RemoveAll(made); err != nil {
		return "", err
	}
	if err := fill(made); err != nil {
		return "", err
	}
	return cached, os.Rename(made, cached)
}

// duplicate copies a controller's folder out of the cache: its smb.conf names
// the place where it was made.
func duplicate(cached, part, to string) error {
	if err := os.CopyFS(to, os.DirFS(filepath.Join(cached, part))); err != nil {
		return err
	}
	conf := filepath.Join(to, "etc", "smb.conf")
	b, err := os.ReadFile(conf)
	if err != nil {
		return err
	}
	return os.WriteFile(conf, []byte(strings.ReplaceAll(string(b), filepath.Join(making(cached), part), to)), 0o600)
}

// making is the place where a folder of the cache is filled.
func making(cached string) string { return cached + ".new" }
