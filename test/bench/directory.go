package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"postroom/internal/connect/ldapdir"
	"postroom/internal/core/directory"
	"postroom/test/samba"
	"postroom/test/services"
	"postroom/test/slapd"
)

const (
	signIns     = 200 // by users who were not proven before; as many are bound beside, all of samba.Proven
	changesSeen = 30
)

// directory measures an organization of Active Directory: Samba's domain
// controller, beside OpenLDAP's programs; and the memory that a large one takes.
func (b *bench) directory() error {
	h := services.NewHost(b.dir)
	defer h.End()
	if err := h.Do(func() error { return b.activeDirectory(h) }); err != nil {
		return err
	}
	h.End()
	return h.Do(func() error { return b.manyMirrored(h) })
}

// corp is an organization of a directory, on a server of its own.
type corp struct {
	*caller
	controller
	org string
}

func (b *bench) activeDirectory(h *services.Host) error {
	dc := samba.Start(h)
	b.say("directory: %d users for Samba", b.corp)
	dc.Fill(samba.MailOU, "u", b.corp)
	dc.Restart() // with the whole of its database known
	c := corp{controller: controller{dc.Address, dc.CA, filepath.Join(dc.Dir, "ca.pem"), samba.Admin, samba.Password}}
	s, err := b.serve(filepath.Join(b.dir, "corp"))
	if err != nil {
		return err
	}
	defer s.kill()
	if c.caller, err = s.caller(); err != nil {
		return err
	}
	defer c.conn.Close()
	if err := b.firstReading(&c); err != nil {
		return err
	}
	if err := b.changes(&c); err != nil {
		return err
	}
	return b.signIns(&c)
}

// firstReading is ours, between two of ldapsearch.
func (b *bench) firstReading(c *corp) error {
	attributes := []string{"objectClass", "objectGUID", "objectSid", "userAccountControl", "isCriticalSystemObject", "servicePrincipalName", "cn"}
	attributes = append(attributes, slices.Sorted(maps.Values(ldapdir.Preset(directory.MicrosoftAD)))...)
	search := func() (time.Duration, error) {
		var out bytes.Buffer
		took, err := b.ldap(c.controller, samba.Writer, "", &out, "ldapsearch", append([]string{"-LLL", "-E", "pr=500/noprompt", "-b", samba.MailOU,
			"(|(&(objectCategory=person)(objectClass=user))(objectClass=group))"}, attributes...)...)
		if n := bytes.Count(out.Bytes(), []byte("\nobjectGUID:: ")); err == nil && n != b.corp {
			err = fmt.Errorf("ldapsearch gives %d users", n)
		}
		return took, err
	}
	if _, err := search(); err != nil { // Samba's caches
		return err
	}
	before, err := search()
	if err != nil {
		return err
	}
	ours, err := b.connect(c, "MICROSOFT_AD", samba.Writer, samba.MailOU, b.corp)
	if err != nil {
		return err
	}
	after, err := search()
	if err != nil {
		return err
	}
	beside := (before + after) / 2
	b.below(fmt.Sprintf("first reading of %d users of Samba, to ldapsearch paging them", b.corp), "times", ours.Seconds()/beside.Seconds(), 1.2).
		beside("%s s; ldapsearch before %s s, behind %s s", number(ours.Seconds()), number(before.Seconds()), number(after.Seconds()))
	return nil
}

// connect makes the organization of a directory and answers how long its first reading took.
func (b *bench) connect(c *corp, kind, account, base string, users int) (time.Duration, error) {
	var d struct{ DirectoryId string }
	if err := c.call("Postroom.RegisterDirectory", map[string]any{"Alias": "corp", "Kind": kind, "Servers": []string{c.address}, "CertificateAuthority": c.ca,
		"Account": account, "Secret": c.password, "BaseDn": base}, &d); err != nil {
		return 0, err
	}
	var o struct{ OrganizationId string }
	if err := c.call("CreateOrganization", map[string]any{"Alias": "corp", "DirectoryId": d.DirectoryId}, &o); err != nil {
		return 0, err
	}
	c.org = o.OrganizationId
	for begun := time.Now(); ; {
		var s struct {
			Phase, Error string
			Users        int
		}
		if err := c.call("Postroom.DescribeDirectorySync", map[string]any{"OrganizationId": c.org}, &s); err != nil {
			return 0, err
		}
		took := time.Since(begun)
		switch {
		case s.Phase == "FOLLOWING" && s.Users == users:
			return took, nil
		case s.Error != "" || s.Phase == "FOLLOWING" || took > 15*time.Minute:
			return 0, fmt.Errorf("the first reading is %+v after %v", s, took)
		}
		if err := b.sleep(20 * time.Millisecond); err != nil {
			return 0, err
		}
	}
}

// changes made by ldapmodify are looked for in the first page of ListUsers.
func (b *bench) changes(c *corp) error {
	var list times
	for i := range changesSeen {
		name := fmt.Sprintf("Changed %d", i)
		ldif := fmt.Sprintf("dn: CN=u000001,%s\nchangetype: modify\nreplace: displayName\ndisplayName: %s\n", samba.MailOU, name)
		begun := time.Now()
		if _, err := b.ldap(c.controller, c.admin, ldif, nil, "ldapmodify"); err != nil {
			return err
		}
		for {
			var page struct {
				Users []struct{ DisplayName string }
			}
			if err := c.call("ListUsers", map[string]any{"OrganizationId": c.org, "MaxResults": 1}, &page); err != nil {
				return err
			}
			if len(page.Users) == 1 && page.Users[0].DisplayName == name {
				break
			}
			if time.Since(begun) > time.Minute {
				return fmt.Errorf("the change %s is not in ListUsers: %+v", name, page)
			}
			if err := b.sleep(5 * time.Millisecond); err != nil {
				return err
			}
		}
		list = append(list, time.Since(begun))
	}
	b.below("change in Active Directory to ListUsers, notified", "ms", ms(list.at(.5)), 1000).
		beside("longest of %d: %s ms; with the time of ldapmodify itself", changesSeen, number(ms(list.at(1))))
	return nil
}

// signIns are each a user's first, so that the directory is asked; a bare bind of another user goes before each.
func (b *bench) signIns(c *corp) error {
	ids := map[string]string{}
	for token := ""; len(ids) < 2*signIns; {
		in := map[string]any{"OrganizationId": c.org, "MaxResults": 100}
		if token != "" {
			in["NextToken"] = token
		}
		var page struct {
			Users     []struct{ Id, Name string }
			NextToken string
		}
		if err := c.call("ListUsers", in, &page); err != nil {
			return err
		}
		for _, u := range page.Users {
			ids[u.Name] = u.Id
		}
		token = page.NextToken
	}
	names := slices.Sorted(maps.Keys(ids))
	for _, n := range names[:signIns] {
		if err := c.call("RegisterToWorkMail", map[string]any{"OrganizationId": c.org, "EntityId": ids[n], "Email": n + "@corp.postroom.test"}, nil); err != nil {
			return err
		}
	}
	bare, err := c.binder()
	if err != nil {
		return err
	}
	defer bare.conn.Close()
	var bound, signed times
	for i, n := range names[:signIns] {
		took, err := bare.bind(names[signIns+i]+"@corp.example.test", samba.Password)
		if err != nil {
			return err
		}
		bound = append(bound, took)
		if took, err = c.s.signIn(n+"@corp.postroom.test", samba.Password); err != nil {
			return err
		}
		signed = append(signed, took)
	}
	b.below("sign-in over IMAP, more than Samba's bare bind", "ms", ms(signed.at(.5)-bound.at(.5)), 5).
		beside("medians of %d: %s ms, bind %s ms", signIns, number(ms(signed.at(.5))), number(ms(bound.at(.5))))
	return nil
}

// signIn is the time from LOGIN to its answer, on a connection that is there.
func (s *server) signIn(user, password string) (time.Duration, error) {
	c, err := s.greeted()
	if err != nil {
		return 0, err
	}
	defer c.conn.Close()
	begun := time.Now()
	_, err = c.do(fmt.Sprintf("LOGIN %q %q", user, password))
	return time.Since(begun), err
}

// manyMirrored is the memory that a server takes more when it has mirrored many
// users, of OpenLDAP's slapd, which is filled sooner.
func (b *bench) manyMirrored(h *services.Host) error {
	dir := slapd.Start(h)
	mirrored := 10 * b.corp
	b.say("directory: %d users for slapd", mirrored)
	dir.Fill(slapd.MailOU, "u", mirrored)
	s, err := b.serve(filepath.Join(b.dir, "mirrored"))
	if err != nil {
		return err
	}
	defer s.kill()
	c := corp{controller: controller{dir.Address, dir.CA, filepath.Join(dir.Dir, "ca.pem"), slapd.Admin, slapd.Password}}
	if c.caller, err = s.caller(); err != nil {
		return err
	}
	defer c.conn.Close()
	if err := b.sleep(3 * time.Second); err != nil {
		return err
	}
	before, err := s.pss()
	if err != nil {
		return err
	}
	took, err := b.connect(&c, "LDAP", slapd.Writer, slapd.MailOU, mirrored)
	if err != nil {
		return err
	}
	if err := b.sleep(3 * time.Second); err != nil {
		return err
	}
	after, err := s.pss()
	if err != nil {
		return err
	}
	most, err := s.peak()
	if err != nil {
		return err
	}
	b.below(fmt.Sprintf("memory for %d mirrored users (PSS)", mirrored), "MB", after-before, 200).
		beside("of slapd, first reading in %s s; %s MB before, %s MB behind it, RSS at most %s MB", number(took.Seconds()), number(before), number(after), number(most))
	return nil
}

// peak is the most memory that it ever had, in MB.
func (s *server) peak() (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) == 3 && f[0] == "VmHWM:" {
			kb, err := strconv.ParseFloat(f[1], 64)
			return kb * 1024 / 1e6, err
		}
	}
	return 0, fmt.Errorf("status has no VmHWM")
}
