// Command bench measures a whole server: it starts cmd/postroom in a
// process of its own over copies of fixtures, with durability on, loads it over
// its protocols, and prints each figure beside what is wanted and, where a disk
// bounds it, beside what that disk did in the same run. It knows nothing of the
// server but its ports, its metrics and what the kernel tells of its process.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"postroom/test/fixture"
)

// options are the command's flags.
type options struct {
	figures string
	seconds time.Duration
	conns   int
	size    int
	idlers  int
	mail    fixture.Sizes
	users   int
	corp    int
	dir     string
	json    bool
	quiet   bool
}

// figure measures one or more rows.
type figure struct {
	name  string
	about string
	run   func(*bench) error
}

// figures in the order in which they run: those that read first, so that each
// finds the fixture as it was made.
var figures = []figure{
	{"start", "start to ready, memory of an empty server", (*bench).start},
	{"fetch", "FETCH and SELECT of a large folder", (*bench).fetch},
	{"range", "the last MB of a message of 36 MB", (*bench).lastMB},
	{"idle", "memory of idle IMAP connections over TLS", (*bench).idle},
	{"notify", "SMTP's 250 to the push in IDLE", (*bench).notify},
	{"single", "deliveries over one connection", (*bench).single},
	{"deliver", "deliveries over many connections, and the search index behind them", (*bench).deliver},
	{"list", "pages of users", (*bench).list},
	{"api", "CreateUser and DescribeUser over HTTP", (*bench).api},
	{"directory", "a corporate directory: first reading, changes, sign-in, memory", (*bench).directory},
	{"console", "Lighthouse's scores of the console, with 100,000 users", (*bench).console},
}

func main() {
	o, err := parse(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	missed, err := run(ctx, o)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	if missed > 0 {
		fmt.Fprintf(os.Stderr, "%d figures are not what is wanted\n", missed)
	}
}

func parse(args []string) (o options, err error) {
	o.mail = fixture.Mail
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.Usage = func() {
		fmt.Fprintln(f.Output(), "go run ./test/bench [flags]")
		f.PrintDefaults()
		fmt.Fprintln(f.Output(), "figures:")
		for _, g := range figures {
			fmt.Fprintf(f.Output(), "  %-9s %s\n", g.name, g.about)
		}
	}
	f.StringVar(&o.figures, "figures", "all", "names of figures, with commas between them")
	seconds := f.Float64("seconds", 60, "how long deliveries run; other loads take a part of it")
	f.IntVar(&o.conns, "conns", 16, "SMTP connections")
	f.IntVar(&o.size, "size", 10<<10, "bytes of a message")
	f.IntVar(&o.idlers, "idle", 1000, "idle IMAP connections")
	f.IntVar(&o.mail.Boxes, "boxes", o.mail.Boxes, "mailboxes that get mail")
	f.IntVar(&o.mail.Each, "each", o.mail.Each, "messages that each of them has already")
	f.IntVar(&o.mail.Big, "big", o.mail.Big, "messages in the large folder")
	f.IntVar(&o.users, "users", fixture.Directory.Users, "users in the directory")
	f.IntVar(&o.corp, "corp", 10_000, "users in Active Directory; ten times as many are mirrored for the memory")
	f.StringVar(&o.dir, "dir", "", "folder for the servers' data, on the disk that counts; empty: a folder for temporary files")
	f.BoolVar(&o.json, "json", false, "print JSON")
	f.BoolVar(&o.quiet, "quiet", false, "do not tell what is being done")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	o.seconds = time.Duration(*seconds * float64(time.Second))
	o.mail.Passwords = min(o.mail.Passwords, o.mail.Boxes)
	if o.seconds < time.Second || o.conns < 1 || o.size < 1000 || o.mail.Boxes < 1 || o.users < 300 || o.mail.Big < 1 || o.corp < 2*signIns {
		return o, fmt.Errorf("a size is too small (at least -seconds 1, -size 1000, -users 300, -corp 400)")
	}
	if f.NArg() > 0 {
		return o, fmt.Errorf("%q is no flag; name figures with -figures", f.Arg(0))
	}
	return o, nil
}

// chosen are the figures that were asked for, in order.
func (o options) chosen() ([]figure, error) {
	if o.figures == "all" {
		return figures, nil
	}
	names := strings.Split(o.figures, ",")
	for _, n := range names {
		if !slices.ContainsFunc(figures, func(f figure) bool { return f.name == n }) {
			return nil, fmt.Errorf("there is no figure %q; -h lists them", n)
		}
	}
	return slices.DeleteFunc(slices.Clone(figures), func(f figure) bool { return !slices.Contains(names, f.name) }), nil
}

// run measures and prints, and returns how many figures are not what is wanted.
func run(ctx context.Context, o options) (missed int, err error) {
	chosen, err := o.chosen()
	if err != nil {
		return 0, err
	}
	dir, err := os.MkdirTemp(o.dir, "postroom-bench-")
	if err != nil {
		return 0, err
	}
	b := &bench{ctx: ctx, options: o, dir: dir, letters: fixture.NewLetters(uint64(time.Now().UnixNano()))}
	defer os.RemoveAll(dir)
	defer b.end()
	if err := b.build(); err != nil {
		return 0, err
	}
	for _, f := range chosen {
		b.say("%s: %s", f.name, f.about)
		if err := f.run(b); err != nil {
			return 0, fmt.Errorf("%s: %w", f.name, err)
		}
	}
	for _, r := range b.rows {
		if r.OK != nil && !*r.OK {
			missed++
		}
	}
	if o.json {
		return missed, json.NewEncoder(os.Stdout).Encode(struct {
			CPUs int   `json:"cpus"`
			Rows []row `json:"rows"`
		}{runtime.NumCPU(), b.rows})
	}
	return missed, printTable(os.Stdout, b.rows)
}

// bench is one run.
type bench struct {
	options
	ctx     context.Context
	dir     string
	binary  string
	letters *fixture.Letters
	mailed  *server // over the mail fixture, while figures of mail run
	asked   *server // over the directory fixture
	rows    []row
}

func (b *bench) say(format string, args ...any) {
	if !b.quiet {
		fmt.Fprintf(os.Stderr, "bench: "+format+"\n", args...)
	}
}

func (b *bench) end() {
	for _, s := range []*server{b.mailed, b.asked} {
		if s != nil {
			s.kill()
		}
	}
}

// onMail is the server over a copy of the mail fixture.
func (b *bench) onMail() (*server, error) {
	if b.mailed != nil {
		return b.mailed, nil
	}
	dir := filepath.Join(b.dir, "mail")
	if err := b.copy(b.mail, dir); err != nil {
		return nil, err
	}
	var err error
	b.mailed, err = b.serve(dir)
	return b.mailed, err
}

// onDirectory is the server over a copy of the directory fixture. The other one
// is stopped: servers do not share the cores.
func (b *bench) onDirectory() (*server, error) {
	if b.asked != nil {
		return b.asked, nil
	}
	if b.mailed != nil {
		b.mailed.kill()
		os.RemoveAll(b.mailed.dir)
		b.mailed = nil
	}
	dir := filepath.Join(b.dir, "directory")
	if err := b.copy(fixture.Sizes{Users: b.users}, dir); err != nil {
		return nil, err
	}
	var err error
	b.asked, err = b.serve(dir)
	return b.asked, err
}

func (b *bench) copy(s fixture.Sizes, dir string) error {
	return fixture.Copy(b.ctx, s, dir, func(text string) { b.say("%s", text) })
}
