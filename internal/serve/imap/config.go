package imap

import (
	"context"
	"crypto/tls"
	"log/slog"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/base/metrics"
	"postroom/internal/core/auth"
	"postroom/internal/core/mailbox"
)

// SignIner signs in mail users; *auth.Service is it.
type SignIner interface {
	SignIn(ctx context.Context, a auth.Attempt) (auth.Actor, error)
}

// Index finds messages by their text, so that SEARCH need not read them all.
type Index interface {
	// Candidates answers the items of a folder in whose header or body text may
	// stand, ignoring case: perhaps too many, never too few among the items up
	// to through, ascending. ok is false where the index cannot tell at all (a
	// text too short, an index being built): then every message is looked at.
	Candidates(ctx context.Context, m *mailbox.Mailbox, folder ids.Folder, text string) (items []ids.Item, through ids.Item, ok bool, err error)
}

// Region is what a region's users find: their mailboxes and, where it is there,
// the search index.
type Region struct {
	Mailboxes *mailbox.Service
	Index     Index // may be nil
}

// Config is what a Server needs. Zero limits have the defaults named.
type Config struct {
	SignIn SignIner
	// Region finds the services of a region that an Actor names.
	Region  func(name string) (Region, bool)
	TLS     *tls.Config // for STARTTLS and ServeTLS; without it nobody can sign in
	Version string      // shown by ID
	Log     *slog.Logger
	Metrics *metrics.Registry

	MaxMessage   int64         // bytes of one APPEND; 64 MiB
	Connections  int           // at once, of one listener; 20,000
	PerAddress   int           // of one network; 2,000
	PerUser      int           // of one user; 50
	LoginTimeout time.Duration // from connect to sign-in; 60 s
	IdleTimeout  time.Duration // without a command or byte; 30 min (RFC 3501 §5.4)
	WriteTimeout time.Duration // for a client to take what was sent; 2 min
	BadCommands  int           // until BYE; 20
	RecheckEvery time.Duration // in IDLE, rights on another's mailbox; 3 s
}

func orDefault[T comparable](v *T, def T) {
	var zero T
	if *v == zero {
		*v = def
	}
}

func (c Config) withDefaults() Config {
	orDefault(&c.MaxMessage, 64<<20)
	orDefault(&c.Connections, 20_000)
	orDefault(&c.PerAddress, 2_000)
	orDefault(&c.PerUser, 50)
	orDefault(&c.LoginTimeout, time.Minute)
	orDefault(&c.IdleTimeout, 30*time.Minute)
	orDefault(&c.WriteTimeout, 2*time.Minute)
	orDefault(&c.BadCommands, 20)
	orDefault(&c.RecheckEvery, 3*time.Second)
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}
