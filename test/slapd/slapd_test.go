package slapd

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"postroom/test/services"
)

func TestStart(t *testing.T) {
	s := Start(t)
	s.Fill(MailOU, "u", 3)
	cmd := exec.CommandContext(t.Context(), services.Program(t, "ldapsearch"), "-x", "-ZZ", "-H", "ldap://"+s.Address, "-D", Reader, "-w", Password,
		"-b", MailOU, "-LLL", "(uid=u000003)", "entryUUID")
	cmd.Env = []string{"LDAPTLS_CACERT=" + filepath.Join(s.Dir, "ca.pem")}
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "entryUUID") {
		t.Fatalf("%v\n%s", err, out)
	}
}
