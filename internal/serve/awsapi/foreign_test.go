package awsapi

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/connect/dirtest"
	"postroom/internal/core/directory"
)

// plantedSecret must be in no answer, log or audit record.
const plantedSecret = "zz-planted-Secret-9"

// foreigners are the directories of a world's network, by base DN.
type foreigners struct {
	mu   sync.Mutex
	all  map[string]*dirtest.Foreign
	seen []directory.Settings // that were connected with
}

func (f *foreigners) at(base string) *dirtest.Foreign {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.all == nil {
		f.all = map[string]*dirtest.Foreign{}
	}
	if f.all[base] == nil {
		f.all[base] = dirtest.NewForeign()
	}
	return f.all[base]
}

// reader is a directory without its Writer.
type reader struct{ directory.Foreign }

func (f *foreigners) connect(_ context.Context, set directory.Settings) (directory.Foreign, error) {
	if set.UserFilter != "" && !strings.HasPrefix(set.UserFilter, "(") {
		return nil, errs.Say("foreign.Open", errs.Invalid, errs.Directory, "The filter of users is none.")
	}
	at := f.at(set.BaseDN)
	f.mu.Lock()
	f.seen = append(f.seen, set)
	f.mu.Unlock()
	if set.Kind == directory.ADConnector || set.ReadOnly {
		return &reader{at}, nil
	}
	return at, nil
}

func (f *foreigners) last() directory.Settings {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.seen[len(f.seen)-1]
}

// settings is the part of an input that says how a directory is reached.
func settings(kind, base string) string {
	return fmt.Sprintf(`"Kind":%q,"Servers":["dc1.corp.test"],"Account":"postroom@corp","BaseDn":%q`, kind, base)
}

// directory registers one and answers its id.
func (w *world) directory(alias, kind, base string) string {
	w.t.Helper()
	a := w.signed(w.root, east, "Postroom.RegisterDirectory", fmt.Sprintf(`{"Alias":%q,%s,"Secret":%q}`, alias, settings(kind, base), plantedSecret))
	if a.code() != "" {
		w.t.Fatal(a.text)
	}
	return a.str("DirectoryId")
}

// mirrored makes an organization of a foreign directory and reads that.
func (w *world) mirrored(alias, kind, base string) (org, dir string) {
	w.t.Helper()
	dir = w.directory(alias, kind, base)
	a := w.signed(w.root, east, "WorkMailService.CreateOrganization", fmt.Sprintf(`{"Alias":%q,"DirectoryId":%q}`, alias, dir))
	if a.code() != "" {
		w.t.Fatal(a.text)
	}
	org = a.str("OrganizationId")
	must(w.t, w.turn(org, dir, base))
	return org, dir
}

// turn is one of the mirror's.
func (w *world) turn(org, dir, base string) error {
	m := w.places[east].dir.Mirror(ids.Org(org), directory.MirrorConfig{Directory: dir + "@1", Zone: time.UTC,
		Open: func(context.Context) (directory.Foreign, error) { return w.foreign.at(base), nil }})
	ctx, cancel := context.WithTimeout(w.t.Context(), 30*time.Second)
	defer cancel()
	_, err := m.Turn(ctx)
	return err
}
