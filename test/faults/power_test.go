package faults

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"postroom/internal/app"
	"postroom/test/house"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

// disk is what a disk may have at the moment when the power fails: of each file
// what an fsync of it covers, and any part of what came later, in sectors; of
// each folder the names that an fsync of the folder covers, and any later ones.
type disk struct {
	names map[string]*inode // as the process sees them
	sure  map[string]*inode // lasting
	loose []*call           // changes of names that no fsync covers
	made  map[*call]*inode
	odds  float64 // that a write is kept which no fsync covers
}

type inode struct {
	dir   bool
	sure  []byte
	size  int64 // as the process sees it
	loose []*call
}

const sector = 512

// at builds the state at a moment of the recording.
func at(calls []*call, moment int, odds float64) *disk {
	d := &disk{names: map[string]*inode{}, sure: map[string]*inode{}, made: map[*call]*inode{}, odds: odds}
	for _, c := range calls {
		if c.begin > moment {
			break
		}
		d.do(c, moment)
	}
	return d
}

func (d *disk) do(c *call, moment int) {
	f := d.names[c.path]
	switch c.kind {
	case opCreate, opMkdir:
		if f == nil {
			f = &inode{dir: c.kind == opMkdir}
			d.names[c.path], d.made[c] = f, f
			d.loose = append(d.loose, c)
		}
	case opRename:
		d.names[c.to] = f
		delete(d.names, c.path)
		d.made[c] = f
		d.loose = append(d.loose, c)
	case opRemove:
		delete(d.names, c.path)
		d.loose = append(d.loose, c)
	case opWrite:
		if c.at < 0 { // it appends; the place is fixed now
			whole := *c
			whole.at = f.size
			c = &whole
		}
		f.size = max(f.size, c.at+int64(len(c.data)))
		f.loose = append(f.loose, c)
	case opTruncate:
		f.size = c.size
		f.loose = append(f.loose, c)
	case opSync:
		if c.end <= moment {
			d.sync(c, f)
		}
	}
}

// sync makes lasting what had ended before the fsync began.
func (d *disk) sync(c *call, f *inode) {
	if f != nil && !f.dir {
		var later []*call
		for _, w := range f.loose {
			if w.end < c.begin {
				f.sure = apply(f.sure, w, nil)
			} else {
				later = append(later, w)
			}
		}
		f.loose = later
		return
	}
	var later []*call
	for _, n := range d.loose {
		if filepath.Dir(n.path) == c.path && n.end < c.begin {
			d.name(n)
		} else {
			later = append(later, n)
		}
	}
	d.loose = later
}

// name makes a change of a name lasting.
func (d *disk) name(n *call) {
	switch n.kind {
	case opRemove:
		delete(d.sure, n.path)
	case opRename:
		delete(d.sure, n.path)
		d.sure[n.to] = d.made[n]
	default:
		d.sure[n.path] = d.made[n]
	}
}

// apply makes a write; keep says which of its sectors arrive, nil: all.
func apply(to []byte, w *call, keep func() bool) []byte {
	if w.kind == opTruncate {
		if keep != nil && !keep() {
			return to
		}
		return append(to, make([]byte, max(0, w.size-int64(len(to))))...)[:w.size]
	}
	for from := int64(0); from < int64(len(w.data)); {
		next := min(int64(len(w.data)), (w.at+from)/sector*sector+sector-w.at)
		if keep == nil || keep() {
			if end := w.at + next; end > int64(len(to)) {
				to = append(to, make([]byte, end-int64(len(to)))...)
			}
			copy(to[w.at+from:], w.data[from:next])
		}
		from = next
	}
	return to
}

// write puts a state into a folder: from is where it was recorded.
func (d *disk) write(t *testing.T, from, dir string) {
	t.Helper()
	keep := func() bool { return rand.Float64() < d.odds }
	for _, n := range d.loose {
		if keep() {
			d.name(n)
		}
	}
	content := map[*inode][]byte{}
	for path, f := range d.sure {
		rest, ok := strings.CutPrefix(path, from)
		// A name is there when all folders above it are.
		for up := filepath.Dir(path); ok && up != from; up = filepath.Dir(up) {
			ok = d.sure[up] != nil
		}
		if !ok {
			continue
		}
		target := dir + rest
		if f.dir {
			if err := os.MkdirAll(target, 0o700); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
			t.Fatal(err)
		}
		if _, ok := content[f]; !ok {
			text := bytes.Clone(f.sure)
			for _, w := range f.loose {
				text = apply(text, w, keep)
			}
			content[f] = text
		}
		if err := os.WriteFile(target, content[f], 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// recording is a server's first start and its work, as its disk saw it.
type recording struct {
	config app.Config
	calls  []*call
	lines  int
	ledger house.Ledger
	users  map[string]int // name: moment of the answer
	orgs   map[string]int
}

func record(t *testing.T) *recording {
	r := &recording{config: house.Config(t, t.TempDir()), users: map[string]int{}, orgs: map[string]int{}}
	child := house.Launch(t, r.config, house.Options{Gate: true})
	trace := filepath.Join(t.TempDir(), "trace")
	stop := attach(t, child.Process.Pid, "-y", "-s", "33554432", "-e", traced, "-o", trace)
	child.Open()
	child.Ready()
	requests := map[string]string{} // request id: what was made
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			s, err := house.Dial(child.Endpoints)
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			for i := range 10 {
				if err := r.ledger.Deliver(s, child.Endpoints, house.Filler(1+i%5*4)); err != nil {
					t.Error(err)
				}
			}
			s.Say("NOOP\r\n", "250") // so that the last reply has left, for the trace too
		})
	}
	api := house.API(child.Endpoints)
	for i := range 6 {
		name := fmt.Sprint("made", i)
		made, err := api.CreateUser(t.Context(), &workmail.CreateUserInput{OrganizationId: aws.String(child.Organization.ID), Name: &name, DisplayName: &name})
		if err != nil {
			t.Fatal(err)
		}
		id, _ := awsmiddleware.GetRequestIDMetadata(made.ResultMetadata)
		requests[id] = "user " + name
	}
	for i := range 2 {
		name := fmt.Sprint("tenant", i)
		made, err := api.CreateOrganization(t.Context(), &workmail.CreateOrganizationInput{Alias: &name})
		if err != nil {
			t.Fatal(err)
		}
		id, _ := awsmiddleware.GetRequestIDMetadata(made.ResultMetadata)
		requests[id] = "org " + name
	}
	if _, err := api.ListOrganizations(t.Context(), &workmail.ListOrganizationsInput{}); err != nil { // as NOOP above
		t.Fatal(err)
	}
	wg.Wait()
	child.Kill()
	stop()
	r.calls, r.lines = readTrace(t, trace, r.config.Data)
	for _, c := range r.calls {
		if c.kind != opSay || !bytes.HasPrefix(c.data, []byte("HTTP/1.1 200")) {
			continue
		}
		for id, what := range requests {
			if !bytes.Contains(c.data, []byte(id)) {
				continue
			}
			if name, ok := strings.CutPrefix(what, "user "); ok {
				r.users[name] = c.begin
			} else {
				r.orgs[strings.TrimPrefix(what, "org ")] = c.begin
			}
		}
	}
	if len(r.users) != 6 || len(r.orgs) != 2 {
		t.Fatalf("the trace has %d and %d answers of the API", len(r.users), len(r.orgs))
	}
	return r
}

// promised is what had been answered with 250 at a moment.
func (r *recording) promised(moment int) map[string]string {
	taken := map[string]string{}
	for id, reply := range r.ledger.All() {
		for _, c := range r.calls {
			if c.kind == opSay && c.begin <= moment && bytes.Contains(c.data, []byte(strings.TrimSpace(reply))) {
				taken[id] = reply
			}
		}
	}
	return taken
}

// check has a server start on what the disk has at a moment; names of those that
// no fsync covers arrive in any case.
func (r *recording) check(t *testing.T, moment int, odds float64, arrived ...*call) {
	c := r.config
	c.Data = t.TempDir()
	c.MasterKey = filepath.Join(c.Data, "master.key")
	d := at(r.calls, moment, odds)
	for _, n := range arrived {
		d.name(n)
	}
	d.write(t, r.config.Data, c.Data)
	a, e, err := app.Dev(t.Context(), c, nil)
	if err != nil {
		t.Fatalf("the server does not start: %v", err)
	}
	closed := false
	end := func() {
		if !closed {
			closed = true
			a.Close(context.WithoutCancel(t.Context()))
		}
	}
	defer end()
	taken := r.promised(moment)
	house.CheckTaken(t, e, taken)
	api := house.API(e)
	users, err := api.ListUsers(t.Context(), &workmail.ListUsersInput{OrganizationId: aws.String(e.Organization.ID)})
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, u := range users.Users {
		names[*u.Name] = true
	}
	orgs, err := api.ListOrganizations(t.Context(), &workmail.ListOrganizationsInput{})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range orgs.OrganizationSummaries {
		names[*o.Alias] = true
	}
	for _, promises := range []map[string]int{r.users, r.orgs} {
		for name, when := range promises {
			if when <= moment && !names[name] {
				t.Errorf("%s was answered and is not there", name)
			}
		}
	}
	more := house.Ledger{}
	if err := more.DeliverUntilGone(e, func(int) bool { return false }); err != nil {
		t.Errorf("nothing more is accepted: %v", err)
	}
	end()
	sound(t, c)
}

// TestRow3And4PowerLoss: a server is recorded from its first start on: every
// write, every name, every fsync. Then the power fails at moments of that: what
// no fsync covers is lost, or there in part, files and names alike. Each time the
// server starts, has all that was answered, and accepts more.
func TestRow3And4PowerLoss(t *testing.T) {
	r := record(t)
	var starting, working []int
	first := r.lines
	for _, c := range r.calls {
		if c.kind == opSay && bytes.HasPrefix(c.data, []byte("250 2.6.0")) {
			first = min(first, c.begin)
		}
	}
	for _, c := range r.calls {
		if c.kind == opSync || c.kind == opSay {
			for _, moment := range []int{c.begin, c.end - 1, c.end} {
				if moment < first {
					starting = append(starting, moment)
				} else {
					working = append(working, moment)
				}
			}
		}
	}
	t.Logf("%d calls, %d and %d moments", len(r.calls), len(starting), len(working))
	for i := range rounds(30) {
		moment := rand.IntN(r.lines)
		switch i % 3 {
		case 0:
			moment = starting[rand.IntN(len(starting))]
		case 1:
			moment = working[rand.IntN(len(working))]
		}
		odds := []float64{0, 0.5, 0.95}[rand.IntN(3)]
		if !t.Run(fmt.Sprintf("moment %d odds %v", moment, odds), func(t *testing.T) { r.check(t, moment, odds) }) {
			break
		}
	}
	// A new name alone arrives, before the fsync behind it: each that replaces a file of the server's own.
	for _, c := range r.calls {
		if c.kind == opRename && c.end < first {
			t.Run("alone "+filepath.Base(c.to), func(t *testing.T) { r.check(t, c.end, 0, c) })
		}
	}
	if n := len(r.promised(r.lines)); n != 30 {
		t.Fatalf("the trace has %d of 30 answers", n)
	}
	t.Run("all written", func(t *testing.T) { r.check(t, r.lines, 1) })
}
