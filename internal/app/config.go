package app

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"

	"postroom/internal/base/errs"

	"github.com/pelletier/go-toml/v2"
)

// Config is what postroom.toml says; Sample explains each key.
type Config struct {
	Data       string   `toml:"data"`
	Host       string   `toml:"host"`
	BaseDomain string   `toml:"base_domain"`
	User       string   `toml:"user"`
	MasterKey  string   `toml:"master_key"`
	Regions    []string `toml:"regions"`
	Resolver   string   `toml:"resolver"`

	Listen   Listen   `toml:"listen"`
	TLS      TLS      `toml:"tls"`
	Database Database `toml:"database"`
	S3       S3       `toml:"s3"`
	Log      Log      `toml:"log"`
	Limits   Limits   `toml:"limits"`

	// Zones answer DNS questions without a resolver, as "NAME TXT VALUE"; for
	// tests and for a network without DNS.
	Zones []string `toml:"zones"`
}

// Listen has the addresses of the heads; an empty one is not served.
type Listen struct {
	SMTP        string `toml:"smtp"`
	Submission  string `toml:"submission"`
	Submissions string `toml:"submissions"`
	IMAP        string `toml:"imap"`
	IMAPS       string `toml:"imaps"`
	HTTP        string `toml:"http"`
	HTTPS       string `toml:"https"`
	Ops         string `toml:"ops"`
}

// Port is one that can be served.
type Port struct {
	Name string // of its key
	Addr string
	TLS  bool // it needs a certificate
}

// Ports are all ports, also those that are not served.
func (l Listen) Ports() []Port {
	return []Port{{"smtp", l.SMTP, false}, {"submission", l.Submission, true}, {"submissions", l.Submissions, true}, {"imap", l.IMAP, false},
		{"imaps", l.IMAPS, true}, {"http", l.HTTP, false}, {"https", l.HTTPS, true}, {"ops", l.Ops, false}}
}

// check refuses what is no address.
func (p Port) check() error {
	if p.Addr == "" {
		return nil
	}
	host, port, err := net.SplitHostPort(p.Addr)
	if err == nil && host != "" && strings.ContainsAny(host, " /") {
		err = errors.New("the host has a character that it cannot have")
	}
	if err == nil {
		_, err = net.LookupPort("tcp", port)
	}
	if err != nil {
		return fmt.Errorf("listen.%s is %q, which is no ADDRESS:PORT such as \":25\" or \"127.0.0.1:8090\": %w", p.Name, p.Addr, err)
	}
	return nil
}

// TLS names the files of the certificate.
type TLS struct {
	Cert string `toml:"cert"`
	Key  string `toml:"key"`
}

// Database is PostgreSQL, or nothing: SQLite in the data folder.
type Database struct {
	DSN string `toml:"dsn"`
}

// S3 is a bucket for the bodies, or nothing: packs in the data folder.
type S3 struct {
	Endpoint  string `toml:"endpoint"`
	Bucket    string `toml:"bucket"`
	Prefix    string `toml:"prefix"`
	Region    string `toml:"region"`
	AccessKey string `toml:"access_key"`
	Secret    string `toml:"secret"`
	PathStyle bool   `toml:"path_style"`
}

// Log is how the process logs to standard error.
type Log struct {
	Level  string `toml:"level"`
	Format string `toml:"format"`
}

// Limits are what an installation may want to set.
type Limits struct {
	MessageMB    int64 `toml:"message_mb"`
	QuotaMB      int64 `toml:"quota_mb"`
	RecoverDays  int   `toml:"recover_days"`
	SnapshotsMB  int   `toml:"snapshots_mb"`
	PerAddress   int   `toml:"connections_per_address"`
	RewriteHours int   `toml:"rewrite_hours"`
}

// Sample is the commented configuration that `postroom config` prints.
//
//go:embed sample.toml
var Sample string

// Load reads a configuration file. What it does not say has the sample's
// values; a key it does not know is an error that names the line. Relative paths are
// below the file's folder.
func Load(file string) (Config, error) {
	const op = "app.Load"
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return Config{}, errs.Say(op, errs.Config, errs.Nothing, "There is no file %s. Make one with: postroom config > %s", file, file)
	}
	if err != nil {
		return Config{}, errs.Say(op, errs.Config, errs.Nothing, "%s cannot be read: %v", file, err)
	}
	c, err := Parse(string(text))
	if err != nil {
		return c, errs.Say(op, errs.Config, errs.Nothing, "%s: %v", file, errs.Public(err))
	}
	// A path is meant from where the file lies, not from where someone stands.
	dir, err := filepath.Abs(filepath.Dir(file))
	if err != nil {
		return c, errs.Say(op, errs.Config, errs.Nothing, "%s: %v", file, err)
	}
	for _, path := range []*string{&c.Data, &c.MasterKey, &c.TLS.Cert, &c.TLS.Key} {
		if *path != "" && !filepath.IsAbs(*path) {
			*path = filepath.Join(dir, *path)
		}
	}
	return c, nil
}

// Parse is Load of a text.
func Parse(text string) (Config, error) {
	const op = "app.Parse"
	var c Config
	if err := strict(Sample, &c); err != nil {
		return c, errs.E(op, errs.Internal, errs.Nothing, err)
	}
	if err := strict(text, &c); err != nil {
		return c, errs.Say(op, errs.Config, errs.Nothing, "%v", err)
	}
	return c, c.check(op)
}

func strict(text string, c *Config) error {
	d := toml.NewDecoder(strings.NewReader(text)).DisallowUnknownFields()
	err := d.Decode(c)
	var unknown *toml.StrictMissingError
	var wrong *toml.DecodeError
	switch {
	case errors.As(err, &unknown):
		row, _ := unknown.Errors[0].Position()
		return fmt.Errorf("line %d: there is no key %q. The keys are shown by: postroom config", row, strings.Join(unknown.Errors[0].Key(), "."))
	case errors.As(err, &wrong):
		row, column := wrong.Position()
		if key := strings.Join(wrong.Key(), "."); key != "" {
			if want := wantedType(reflect.TypeFor[Config](), wrong.Key()); want != "" {
				return fmt.Errorf("line %d: %s must be %s", row, key, want)
			}
		}
		return fmt.Errorf("line %d, column %d: %s", row, column, wrong.Error())
	}
	return err
}

// wantedType says in words what a key of the configuration takes.
func wantedType(t reflect.Type, key []string) string {
	for _, word := range key {
		if t.Kind() != reflect.Struct {
			return ""
		}
		found := false
		for i := range t.NumField() {
			if f := t.Field(i); f.Tag.Get("toml") == word {
				t, found = f.Type, true
				break
			}
		}
		if !found {
			return ""
		}
	}
	switch t.Kind() {
	case reflect.String:
		return "text in quotes, such as \"text\""
	case reflect.Bool:
		return "true or false, without quotes"
	case reflect.Int, reflect.Int64:
		return "a whole number, without quotes"
	case reflect.Slice:
		return "a list of texts, such as [\"one\", \"two\"]"
	case reflect.Struct:
		return "a table, such as [" + strings.Join(key, ".") + "], with its keys below it"
	}
	return ""
}

var regionName = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-[0-9]{1,2}$`)

func (c *Config) check(op string) error {
	bad := func(format string, args ...any) error {
		return errs.Say(op, errs.Config, errs.Nothing, format, args...)
	}
	if len(c.Regions) == 0 {
		return bad("regions is empty: name at least one, such as \"us-east-1\"")
	}
	seen := map[string]bool{}
	for _, r := range c.Regions {
		if !regionName.MatchString(r) || seen[r] {
			return bad("regions: %q is not a region's name such as us-east-1, or stands there twice", r)
		}
		seen[r] = true
	}
	switch {
	case c.Data == "":
		return bad("data is empty: it names the folder of the store")
	case c.Host == "":
		return bad("host is empty: it is this server's name in mail and DNS records")
	case c.BaseDomain == "":
		return bad("base_domain is empty: each organization gets ALIAS.BASE_DOMAIN")
	case (c.TLS.Cert == "") != (c.TLS.Key == ""):
		return bad("tls: cert and key go together")
	case c.S3.Bucket != "" && c.Database.DSN == "" && len(c.S3.Endpoint) == 0:
		return bad("s3: a bucket without endpoint needs database.dsn too")
	case c.Limits.MessageMB < 1 || c.Limits.MessageMB > 1024:
		return bad("limits.message_mb is from 1 to 1024")
	}
	for _, p := range c.Listen.Ports() {
		if err := p.check(); err != nil {
			return bad("%v", err)
		}
	}
	if c.Resolver != "" {
		if _, _, err := net.SplitHostPort(c.Resolver); err != nil {
			return bad("resolver is %q, which is no ADDRESS:PORT: %v", c.Resolver, err)
		}
	}
	if c.MasterKey == "" {
		c.MasterKey = filepath.Join(c.Data, "master.key")
	}
	return nil
}

// ConfigOf is the configuration of a data folder that was made without one (by
// dev, or a restore): SQLite and packs in it, its regions.
func ConfigOf(dir string) (Config, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return Config{}, err
	}
	c, err := DevConfig(dir, 0)
	if err != nil {
		return c, err
	}
	entries, err := os.ReadDir(filepath.Join(dir, "regions"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return c, errs.Say("app.ConfigOf", errs.Config, errs.Storage, "The data folder %s cannot be read: %v", dir, err)
	}
	if len(entries) == 0 {
		return c, nil
	}
	c.Regions = nil
	for _, e := range entries {
		c.Regions = append(c.Regions, e.Name())
	}
	return c, c.check("app.ConfigOf")
}
