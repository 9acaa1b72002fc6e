package directory

import (
	"context"
	"sync"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/org"
	"postroom/internal/core/tx"
)

// sources remembers which directory each organization has, which never changes,
// and keeps the connections to foreign ones.
type sources struct {
	of      sync.Map   // ids.Org → directory's id; "" for the built-in one
	testing sync.Mutex // a test of a directory is under way

	mu   sync.Mutex
	open map[string]*connection
}

// connection is to one foreign directory, as its settings were at a revision.
type connection struct {
	mu       sync.Mutex
	revision int64
	foreign  Foreign // nil: not opened, or closed
	dropped  bool    // another takes its place
}

// directoryOf answers the id of an organization's foreign directory; "" for the
// built-in one. Once it is known it costs no query.
func (s *Service) directoryOf(ctx context.Context, v tx.View, id ids.Org) (string, error) {
	if id == "" {
		return "", nil
	}
	if known, ok := s.sources.of.Load(id); ok {
		return known.(string), nil
	}
	o, err := s.Orgs.ByID(ctx, v, id)
	if err != nil {
		return "", err
	}
	name := ""
	if o.DirectoryType != org.BuiltinDirectory {
		name = o.DirectoryID
	}
	s.sources.of.Store(id, name)
	return name, nil
}

// source is where an organization's identities live. errs.Unavailable, Directory
// where a foreign one cannot be used.
func (s *Service) source(ctx context.Context, org ids.Org) (Source, error) {
	id, err := s.directoryOf(ctx, nil, org)
	if err != nil || id == "" {
		return s.Builtin, err
	}
	f, err := s.foreignOf(ctx, id, org)
	if err != nil {
		return nil, err
	}
	return f, nil
}

// InStore tells whether our store is an organization's directory, see Facts.
func (s *Service) InStore(ctx context.Context, v tx.View, org ids.Org) (bool, error) {
	id, err := s.directoryOf(ctx, v, org)
	return id == "" && s.Builtin.Facts().InStore, err
}

// foreign answers the connection to a directory: opened when it is first asked
// for, anew where the settings were changed since, in whatever process. Who still
// has the former one sees it closed. errs.NotFound, Directory for one that is not there.
func (s *Service) foreign(ctx context.Context, id string) (Foreign, error) {
	return s.foreignOf(ctx, id, "")
}

// foreignOf is foreign where the directory must be an organization's still; "" is any.
func (s *Service) foreignOf(ctx context.Context, id string, org ids.Org) (Foreign, error) {
	const op = "directory.foreign"
	owner, revision, found, err := s.Store.DirectoryOf(ctx, nil, id)
	switch {
	case err != nil:
		return nil, err
	case !found:
		s.disconnect(id)
		return nil, noDirectory(op, id)
	case org != "" && owner != org: // it is being deleted
		return nil, errs.Say(op, errs.State, errs.Organization, "The organization %s has no directory any more.", org)
	}
	for {
		if f, done, err := s.opened(ctx, id, revision); done || err != nil {
			return f, err
		}
	}
}

// opened answers the connection at a revision or a later one; not done where it
// was dropped meanwhile.
func (s *Service) opened(ctx context.Context, id string, revision int64) (f Foreign, done bool, err error) {
	s.sources.mu.Lock()
	c := s.sources.open[id]
	if c == nil {
		if s.sources.open == nil {
			s.sources.open = map[string]*connection{}
		}
		c = &connection{}
		s.sources.open[id] = c
	}
	s.sources.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dropped {
		return nil, false, nil
	}
	if c.foreign != nil && c.revision >= revision {
		return c.foreign, true, nil
	}
	d, found, err := s.Store.Directory(ctx, nil, id)
	if err == nil && !found {
		err = noDirectory("directory.foreign", id)
	}
	if err != nil {
		return nil, false, err
	}
	if f, err = s.connect(ctx, &d); err != nil {
		return nil, false, err
	}
	c.close()
	c.foreign, c.revision = f, d.Revision
	return f, true, nil
}

// connect opens a directory by what is kept of it.
func (s *Service) connect(ctx context.Context, d *Directory) (Foreign, error) {
	set := d.Settings
	secret, err := s.Orgs.Keys.Open(sealedAs(d.ID), d.Sealed)
	if err != nil {
		return nil, err
	}
	set.Secret = string(secret)
	return s.dial(ctx, set)
}

func (s *Service) dial(ctx context.Context, set Settings) (Foreign, error) {
	if s.Connect == nil {
		return nil, errs.Say("directory.Connect", errs.Unsupported, errs.Directory, "This server does not connect to directories of this kind.")
	}
	return s.Connect(ctx, set)
}

// sealedAs binds a sealed secret to its directory.
func sealedAs(id string) string { return "directory " + id }

func (c *connection) close() {
	if c.foreign != nil {
		c.foreign.Close()
		c.foreign = nil
	}
}

func (s *Service) disconnect(id string) {
	s.sources.mu.Lock()
	c := s.sources.open[id]
	delete(s.sources.open, id)
	s.sources.mu.Unlock()
	if c != nil {
		c.drop()
	}
}

// drop closes a connection for good; it is out of the list already.
func (c *connection) drop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dropped = true
	c.close()
}

// Close ends the connections to foreign directories. What is asked of one behind
// it opens it again.
func (s *Service) Close() error {
	s.sources.mu.Lock()
	open := s.sources.open
	s.sources.open = nil
	s.sources.mu.Unlock()
	for _, c := range open {
		c.drop()
	}
	return nil
}
