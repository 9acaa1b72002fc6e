package foreign

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/smtp"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"postroom/test/services"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

// soon is how long something that we follow may take on a machine with other
// work. What it took is told beside what is wanted.
const soon = 15 * time.Second

// server is a directory's server of a test, as OpenLDAP's programs reach it.
type server struct {
	address, ca     string // ca is a file
	admin, password string
}

// ldap runs one of OpenLDAP's programs as the directory's administrator.
func (w *world) ldap(s server, in, program string, args ...string) result {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, services.Program(w, program), append([]string{"-x", "-H", "ldaps://" + s.address, "-D", s.admin, "-w", s.password}, args...)...)
	cmd.Stdin, cmd.Env = strings.NewReader(in), []string{"LDAPTLS_CACERT=" + s.ca}
	return w.wait(ctx, cmd)
}

// edit changes the directory by LDIF, as its administrators do.
func (w *world) edit(s server, ldif string, args ...string) {
	w.Helper()
	if r := w.ldap(s, ldif, "ldapmodify", args...); r.code != 0 {
		w.Fatalf("ldapmodify: exit %d\n%s\n%s", r.code, r, ldif)
	}
}

// set replaces an attribute.
func (w *world) set(s server, dn, attribute, value string) {
	w.Helper()
	w.edit(s, fmt.Sprintf("dn: %s\nchangetype: modify\nreplace: %s\n%s: %s\n", dn, attribute, attribute, value))
}

// find are the values of an attribute in the directory.
func (w *world) find(s server, base, filter, attribute string, args ...string) (values []string) {
	w.Helper()
	r := w.ldap(s, "", "ldapsearch", append(args, "-LLL", "-o", "ldif-wrap=no", "-b", base, filter, attribute)...)
	for l := range strings.Lines(r.out) {
		if v, ok := strings.CutPrefix(l, attribute+": "); ok {
			values = append(values, strings.TrimSpace(v))
		} else if v, ok := strings.CutPrefix(l, attribute+":: "); ok {
			b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(v))
			w.ok(err)
			values = append(values, string(b))
		}
	}
	return values
}

// unicodePwd is a password as Active Directory takes it (MS-ADTS 3.1.1.3.1.5.1).
func unicodePwd(password string) string {
	var b []byte
	for _, c := range utf16.Encode([]rune(`"` + password + `"`)) {
		b = append(b, byte(c), byte(c>>8))
	}
	return base64.StdEncoding.EncodeToString(b)
}

// adUser is the LDIF of a new user of Active Directory.
func adUser(dn, name, display, password string, more ...string) string {
	return fmt.Sprintf("dn: %s\nchangetype: add\nobjectClass: user\nsAMAccountName: %s\nuserPrincipalName: %s@corp.example.test\ndisplayName: %s\nuserAccountControl: 512\nunicodePwd:: %s\n%s\n",
		dn, name, name, display, unicodePwd(password), strings.Join(more, "\n"))
}

// failure is what an operation of our own answered.
type failure struct{ Code, Message string }

func (f *failure) Error() string { return f.Code + ": " + f.Message }

// postroom calls an operation that is not in Amazon's SDK.
func (w *world) postroom(operation string, in, out any) error {
	w.Helper()
	body, err := json.Marshal(in)
	w.ok(err)
	r, err := http.NewRequestWithContext(w.Context(), http.MethodPost, w.API, bytes.NewReader(body))
	w.ok(err)
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	r.Header.Set("X-Amz-Target", "Postroom."+operation)
	sum := sha256.Sum256(body)
	who := aws.Credentials{AccessKeyID: w.AccessKey.ID, SecretAccessKey: w.AccessKey.Secret}
	w.ok(w.SignHTTP(w.Context(), who, r, hex.EncodeToString(sum[:]), "workmail", w.Region, time.Time{}))
	answer, err := http.DefaultClient.Do(r)
	w.ok(err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	w.ok(err)
	if answer.StatusCode != http.StatusOK {
		var f struct {
			Type    string `json:"__type"`
			Message string
		}
		w.ok(json.Unmarshal(text, &f))
		return &failure{f.Type, f.Message}
	}
	if out != nil {
		w.ok(json.Unmarshal(text, out))
	}
	return nil
}

// abroad is an organization of a directory, and that directory.
type abroad struct {
	*place
	at   server
	base string // below which its users are
}

// registration is what RegisterDirectory takes.
type registration struct {
	Alias, Kind                                   string
	Servers                                       []string
	CertificateAuthority, Account, Secret, BaseDn string
	ReadOnly                                      bool `json:",omitempty"`
}

// connect registers a directory, makes its organization, and has its first reading.
func (w *world) connect(s server, r registration) *abroad {
	w.Helper()
	p := w.attach(s, r)
	p.follows()
	return p
}

// attach is connect without waiting for the reading. The directory may have other
// servers, which are asked when the first one fails.
func (w *world) attach(s server, r registration, others ...server) *abroad {
	w.Helper()
	for _, one := range append([]server{s}, others...) {
		ca, err := os.ReadFile(one.ca)
		w.ok(err)
		r.Servers, r.CertificateAuthority = append(r.Servers, one.address), r.CertificateAuthority+string(ca)
	}
	var d struct{ DirectoryId string }
	w.ok(w.postroom("RegisterDirectory", r, &d))
	api := w.api(w.Region)
	o, err := api.CreateOrganization(w.Context(), &workmail.CreateOrganizationInput{Alias: &r.Alias, DirectoryId: &d.DirectoryId})
	w.ok(err)
	return &abroad{&place{w, api, o.OrganizationId, r.Alias + ".postroom.test"}, s, r.BaseDn}
}

// synced is part of DescribeDirectorySync.
type synced struct {
	FailingSince, LastSyncDate, LastFullDate   float64
	Phase, Error, DirectoryKind                string
	Writable                                   bool
	Read, Users, Groups, FaultCount, HeldCount int
}

func (a *abroad) sync() (s synced) {
	a.Helper()
	a.ok(a.postroom("DescribeDirectorySync", map[string]any{"OrganizationId": a.id}, &s))
	return s
}

func (a *abroad) follows() {
	a.Helper()
	a.eventually(func() string {
		if s := a.sync(); s.Phase != "FOLLOWING" {
			return fmt.Sprintf("it does not follow: %+v", s)
		}
		return ""
	})
}

// users are all, by name.
func (a *abroad) users() map[string]types.User {
	a.Helper()
	m := map[string]types.User{}
	for p := workmail.NewListUsersPaginator(a.api, &workmail.ListUsersInput{OrganizationId: a.id, MaxResults: aws.Int32(100)}); p.HasMorePages(); {
		page, err := p.NextPage(a.ctx())
		a.ok(err)
		for _, u := range page.Users {
			m[aws.ToString(u.Name)] = u
		}
	}
	return m
}

func (a *abroad) whois(id *string) *workmail.DescribeUserOutput {
	a.Helper()
	d, err := a.api.DescribeUser(a.ctx(), &workmail.DescribeUserInput{OrganizationId: a.id, UserId: id})
	a.ok(err)
	return d
}

// enable takes the addresses that are proposed, and answers the ids by name.
func (a *abroad) enable(from string, names ...string) map[string]*string {
	a.Helper()
	all, list := a.users(), []string{}
	for _, n := range names {
		u, found := all[n]
		if !found || u.State != types.EntityStateDisabled || u.UserRole != types.UserRoleUser {
			a.Fatalf("%s: %v %+v", n, found, u)
		}
		list = append(list, *u.Id)
	}
	var out struct {
		Proposals []struct{ EntityId, Name, Email, Problem string }
	}
	a.ok(a.postroom("ProposeEmailAddresses", map[string]any{"OrganizationId": a.id, "EntityIds": list, "From": from}, &out))
	ids := map[string]*string{}
	for i, p := range out.Proposals {
		if p.Problem != "" || p.Email != a.address(names[i]) {
			a.Fatalf("%+v", p)
		}
		_, err := a.api.RegisterToWorkMail(a.ctx(), &workmail.RegisterToWorkMailInput{OrganizationId: a.id, EntityId: &p.EntityId, Email: &p.Email})
		a.ok(err)
		ids[names[i]] = &p.EntityId
	}
	return ids
}

// within waits until try has nothing to say, at most soon, and tells how long it took.
func (a *abroad) within(what, wanted string, try func() string) {
	a.Helper()
	begun := time.Now()
	a.until(soon, func() string {
		if said := try(); said != "" {
			return what + ": " + said
		}
		return ""
	})
	a.Logf("%s: %v (wanted: %s)", what, time.Since(begun).Round(time.Millisecond), wanted)
}

// login signs in over IMAPS and answers what the server says; the connection
// stays until close is called. host is the TLS server name; "" is localhost.
func (w *world) login(host, user, password string) (says string, ends func()) {
	w.Helper()
	says, ends, err := w.tryLogin(host, user, password)
	w.ok(err)
	return says, ends
}

func (w *world) tryLogin(host, user, password string) (says string, ends func(), err error) {
	c := w.tls.Clone()
	if host != "" {
		c.ServerName = host
	}
	d := tls.Dialer{NetDialer: &net.Dialer{Timeout: limit}, Config: c}
	conn, err := d.DialContext(w.Context(), "tcp", w.IMAPS)
	if err != nil {
		return "", nil, err
	}
	conn.SetDeadline(time.Now().Add(limit)) //nolint:errcheck // what fails then tells
	quote := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	fmt.Fprintf(conn, "a LOGIN \"%s\" \"%s\"\r\n", quote.Replace(user), quote.Replace(password)) //nolint:errcheck // no answer comes then
	for r := bufio.NewScanner(conn); r.Scan(); {
		if says, ok := strings.CutPrefix(r.Text(), "a "); ok {
			return says, func() { conn.Close() }, nil
		}
	}
	conn.Close()
	return "", nil, errors.New("the connection ended before the answer")
}

// in ends the test where a password is refused, out where it is taken.
func (w *world) in(user, password string) {
	w.Helper()
	says, ends := w.login("", user, password)
	ends()
	if !strings.HasPrefix(says, "OK ") {
		w.Fatalf("%s: %s", user, says)
	}
}

func (w *world) out(user, password string) {
	w.Helper()
	says, ends := w.login("", user, password)
	ends()
	if !strings.HasPrefix(says, "NO [AUTHENTICATIONFAILED]") {
		w.Fatalf("%s: %s", user, says)
	}
}

// routes answers what SMTP says to a recipient.
func (w *world) routes(to string) string {
	w.Helper()
	c, err := smtp.Dial(w.SMTP)
	w.ok(err)
	defer c.Close()
	w.ok(c.Hello("client.test"))
	w.ok(c.StartTLS(w.tls))
	w.ok(c.Mail("who@elsewhere.test"))
	if err := c.Rcpt(to); err != nil {
		return err.Error()
	}
	return "250"
}

// like has nothing to say where text begins so.
func like(text, begin string) string {
	if strings.HasPrefix(text, begin) {
		return ""
	}
	return fmt.Sprintf("%q, want %s", text, begin)
}

// code is the type of an answer's error; "" for none.
func code(err error) string {
	var named interface{ ErrorCode() string }
	var mine *failure
	switch {
	case errors.As(err, &named):
		return named.ErrorCode()
	case errors.As(err, &mine):
		return mine.Code
	case err != nil:
		return err.Error()
	}
	return ""
}

// answers ends the test where an error is not of a type.
func (w *world) answers(what string, err error, want string) {
	w.Helper()
	if got := code(err); got != want {
		w.Fatalf("%s: %v, want %s", what, err, want)
	}
}

func (a *abroad) members(group *string) (names []string) {
	a.Helper()
	out, err := a.api.ListGroupMembers(a.ctx(), &workmail.ListGroupMembersInput{OrganizationId: a.id, GroupId: group})
	a.ok(err)
	for _, m := range out.Members {
		names = append(names, *m.Name)
	}
	slices.Sort(names)
	return names
}

func (a *abroad) groups() map[string]*string {
	a.Helper()
	out, err := a.api.ListGroups(a.ctx(), &workmail.ListGroupsInput{OrganizationId: a.id})
	a.ok(err)
	m := map[string]*string{}
	for _, g := range out.Groups {
		m[aws.ToString(g.Name)] = g.Id
	}
	return m
}

func (a *abroad) reset(id *string, password string) error {
	_, err := a.api.ResetPassword(a.ctx(), &workmail.ResetPasswordInput{OrganizationId: a.id, UserId: id, Password: &password})
	return err
}

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// caFile keeps a certificate where programs find it.
func (w *world) caFile(pem string) string {
	w.Helper()
	file := filepath.Join(w.TempDir(), "ca.pem")
	w.ok(os.WriteFile(file, []byte(pem), 0o600))
	return file
}
