package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/core/auth"
	"postroom/internal/core/directory"
	"postroom/internal/core/org"
	"postroom/internal/core/provision"
)

// Account is the account number in ARNs; the deployment has one.
const Account = "000000000000"

// Endpoints is endpoints.json: where everything answers and how to sign in. A
// head that is not there has no key.
type Endpoints struct {
	Region       string        `json:"region"`
	Regions      []string      `json:"regions"`
	Account      string        `json:"account"`
	API          string        `json:"api,omitempty"`
	Console      string        `json:"console,omitempty"`
	HTTPS        string        `json:"https,omitempty"`
	SMTP         string        `json:"smtp,omitempty"`
	Submission   string        `json:"submission,omitempty"`
	Submissions  string        `json:"submissions,omitempty"`
	IMAP         string        `json:"imap,omitempty"`
	IMAPS        string        `json:"imaps,omitempty"`
	Metrics      string        `json:"metrics,omitempty"`
	CAFile       string        `json:"ca_file"`
	Admin        SignIn        `json:"admin"`
	AccessKey    AccessKey     `json:"access_key"`
	Organization SampleOrg     `json:"organization"`
	Users        []*SampleUser `json:"users"`
}

// SignIn is an administrator's.
type SignIn struct {
	Username string `json:"username"`
	Password string `json:"password"`
}

// AccessKey signs calls.
type AccessKey struct {
	ID     string `json:"id"`
	Secret string `json:"secret"`
}

// SampleOrg is the organization that dev makes.
type SampleOrg struct {
	ID     string `json:"id"`
	Alias  string `json:"alias"`
	Domain string `json:"domain"`
}

// SampleUser is a user of it.
type SampleUser struct {
	ID       string `json:"id"`
	Username string `json:"username"`
	Email    string `json:"email"`
	Password string `json:"password"`
}

const (
	devBase  = 8000
	devAlias = "example"
)

const devPortHint = "Another program has it: take others with --ports BASE, or free ones with --ports 0 (make run: PORTS=BASE)."

var devUsers = []string{"alice", "bob"}

// DevConfig is the configuration of `postroom dev`: loopback only, ports from
// base on, or free ones where base is 0.
func DevConfig(dir string, base int) (Config, error) {
	c, err := Parse("")
	if err != nil {
		return c, err
	}
	port := func(offset int) string {
		if base == 0 {
			return "127.0.0.1:0"
		}
		return "127.0.0.1:" + strconv.Itoa(base+offset)
	}
	c.Data, c.MasterKey = dir, filepath.Join(dir, "master.key")
	c.Regions = []string{"us-east-1", "eu-west-1"}
	c.Log = Log{Level: "info", Format: "text"}
	c.Limits.PerAddress = 10000
	c.Listen = Listen{SMTP: port(25), Submission: port(587), Submissions: port(465), IMAP: port(143), IMAPS: port(993),
		HTTP: port(0), HTTPS: port(443), Ops: port(90)}
	return c, nil
}

// DevPorts are the addresses that a folder's last dev served; those of a first
// start where it was never ready.
func DevPorts(dir string) Listen {
	first, err := DevConfig(dir, devBase)
	var e Endpoints
	text, readErr := os.ReadFile(filepath.Join(dir, "endpoints.json"))
	if err != nil || readErr != nil || json.Unmarshal(text, &e) != nil || e.SMTP == "" {
		return first.Listen
	}
	host := func(address string) string {
		u, err := url.Parse(address)
		if err != nil {
			return ""
		}
		return u.Host
	}
	return Listen{SMTP: e.SMTP, Submission: e.Submission, Submissions: e.Submissions, IMAP: e.IMAP, IMAPS: e.IMAPS,
		HTTP: host(e.API), HTTPS: host(e.HTTPS), Ops: host(e.Metrics)}
}

// Dev starts a server for trying out and for tests: its certificate, sample
// organization and sign-ins are made once and kept in dir. endpoints.json is
// written when all of it answers.
func Dev(ctx context.Context, c Config, log *slog.Logger) (*App, *Endpoints, error) {
	return DevWith(ctx, c, Options{Log: log})
}

// DevWith is Dev with other options.
func DevWith(ctx context.Context, c Config, o Options) (*App, *Endpoints, error) {
	dir := c.Data
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, errs.Say("app.Dev", errs.Config, errs.Storage, "The folder %s cannot be made: %v", dir, err)
	}
	file := filepath.Join(dir, "endpoints.json")
	pair, ca, err := localCertificate(dir, "localhost", "*."+c.BaseDomain)
	if err != nil {
		return nil, nil, err
	}
	c.TLS = pair
	o.portHint, o.locked = devPortHint, func() error {
		if err := checkDev(dir); err != nil {
			return err
		}
		if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	a, err := New(ctx, c, o)
	if err != nil {
		return nil, nil, err
	}
	e, err := a.dev(ctx, ca)
	if err == nil {
		err = a.writeEndpoints(e, file)
	}
	if err != nil {
		a.Close(ctx)
		return nil, nil, err
	}
	return a, e, nil
}

const (
	devKept = "dev.json"
	devMark = "dev.begun" // dev makes its sample here; until dev.json is written
)

// checkDev refuses a store that dev did not make: it would give the administrator
// and two users new passwords.
func checkDev(dir string) error {
	has := func(name string) bool {
		_, err := os.Stat(filepath.Join(dir, name))
		return err == nil
	}
	switch {
	case has(devKept) || has(devMark):
		return nil
	case has(storeMark):
		return errs.Say("app.Dev", errs.Config, errs.Storage,
			"The store in %s was not made by postroom dev, which would give its administrator and the users %s new passwords. Serve it with postroom serve, or allow that with --reset-passwords.",
			dir, strings.Join(devUsers, " and "))
	}
	return TakeOver(dir)
}

// TakeOver lets Dev work on a store that it did not make, such as a restored one,
// and set the passwords of its sample there.
func TakeOver(dir string) error {
	return writeFile(filepath.Join(dir, devMark), []byte("postroom dev makes its sample here.\n"), 0o600)
}

// keepPassword notes a new password of the administrator where dev shows the old.
func (a *App) keepPassword(name, password string) error {
	for _, file := range []string{devKept, "endpoints.json"} {
		file = filepath.Join(a.Config.Data, file)
		text, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		var e Endpoints
		if err == nil {
			err = json.Unmarshal(text, &e)
		}
		if err == nil && e.Admin.Username == name {
			e.Admin.Password = password
			err = writeJSON(file, e, 0o600)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *App) dev(ctx context.Context, ca string) (*Endpoints, error) {
	e := &Endpoints{CAFile: ca}
	kept := filepath.Join(a.Config.Data, devKept)
	data, err := os.ReadFile(kept)
	if err == nil {
		err = json.Unmarshal(data, e)
	} else if errors.Is(err, fs.ErrNotExist) {
		err = a.sample(ctx, e)
		if err == nil {
			if data, err = json.MarshalIndent(e, "", " "); err == nil {
				err = writeFile(kept, data, 0o600)
			}
		}
	}
	if err != nil {
		return nil, err
	}
	if err := os.Remove(filepath.Join(a.Config.Data, devMark)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	e.CAFile = ca // not the kept one: the folder may have been moved
	return e, a.Start(ctx)
}

// sample makes what dev shows. A start that was killed in the middle is taken
// up again.
func (a *App) sample(ctx context.Context, e *Endpoints) error {
	operator := a.Auth.Operator("dev")
	e.Admin = SignIn{auth.FirstAdministrator, a.FirstPassword}
	if a.FirstPassword == "" {
		var err error
		if e.Admin.Password, err = a.Auth.ResetAdministrator(ctx, auth.FirstAdministrator); err != nil {
			return err
		}
	}
	admins := a.Auth.For(operator).Call("dev", "", 0)
	admin, err := admins.FindAdministrator(ctx, auth.FirstAdministrator)
	if err != nil {
		return err
	}
	key, secret, err := admins.CreateAccessKey(ctx, admin.ID)
	if err != nil {
		return err
	}
	e.AccessKey = AccessKey{key.ID, secret}

	door := a.Regions[0].Provision.For(operator)
	o, err := door.CreateOrganization(ctx, "dev", "", org.NewOrganization{Alias: devAlias})
	if errs.Is(err, errs.Exists) {
		o, err = a.Regions[0].Orgs.ByAlias(ctx, nil, devAlias)
	}
	if err != nil {
		return err
	}
	e.Organization = SampleOrg{string(o.ID), o.Alias, o.DefaultDomain}
	view, err := door.Organization(ctx, o.ID, provision.Write, "dev", "", 0)
	if err != nil {
		return err
	}
	for _, name := range devUsers {
		u := &SampleUser{Username: name, Email: name + "@" + o.DefaultDomain, Password: auth.NewPassword()}
		made, err := view.CreateUserWithMailbox(ctx, directory.NewUser{Name: name, DisplayName: name, Password: u.Password}, u.Email)
		if errs.Is(err, errs.Exists) {
			if made, err = view.DescribeUser(ctx, name); err == nil {
				err = view.ResetPassword(ctx, string(made.ID), u.Password)
			}
		}
		if err != nil {
			return err
		}
		u.ID = string(made.ID)
		e.Users = append(e.Users, u)
	}
	return nil
}

// writeEndpoints fills in the ports and writes the file when each answers.
func (a *App) writeEndpoints(e *Endpoints, file string) error {
	for name, addr := range a.bound {
		c, err := net.DialTimeout("tcp", addr, 5*time.Second)
		if err != nil {
			return errs.Say("app.Dev", errs.Unavailable, errs.Nothing, "The port for %s does not answer.", name).Because(err)
		}
		c.Close()
	}
	b := a.bound
	e.Region, e.Regions, e.Account = a.Config.Regions[0], a.Config.Regions, Account
	e.SMTP, e.Submission, e.Submissions, e.IMAP, e.IMAPS = b["smtp"], b["submission"], b["submissions"], b["imap"], b["imaps"]
	// Passkeys need a name; for a browser localhost is as good as TLS.
	_, port, _ := net.SplitHostPort(b["http"])
	e.Console = "http://localhost:" + port + consolePath
	e.API, e.HTTPS, e.Metrics = "http://"+b["http"]+"/", "https://"+b["https"]+"/", "http://"+b["ops"]+"/metrics"
	data, err := json.MarshalIndent(e, "", " ")
	if err != nil {
		return err
	}
	return writeFile(file, append(data, '\n'), 0o600)
}

// Table shows the addresses and sign-ins, for the terminal.
func (e *Endpoints) Table() string {
	rows := [][2]string{{"Console", e.Console}, {"API", e.API}, {"API over TLS", e.HTTPS}, {"SMTP (MX)", e.SMTP}, {"Submission, STARTTLS", e.Submission},
		{"Submission, TLS", e.Submissions}, {"IMAP, STARTTLS", e.IMAP}, {"IMAP, TLS", e.IMAPS}, {"Metrics", e.Metrics}, {"CA certificate", e.CAFile},
		{"Regions", fmt.Sprint(e.Regions)}, {"Administrator", e.Admin.Username + "  " + e.Admin.Password},
		{"Access key", e.AccessKey.ID + "  " + e.AccessKey.Secret}, {"Organization", e.Organization.ID + "  " + e.Organization.Alias}}
	for _, u := range e.Users {
		rows = append(rows, [2]string{"User " + u.Username, u.Email + "  " + u.Password})
	}
	text := ""
	for _, r := range rows {
		text += fmt.Sprintf("  %-22s %s\n", r[0], r[1])
	}
	return text
}
