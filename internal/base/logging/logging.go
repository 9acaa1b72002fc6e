// Package logging sets up log/slog for the house: JSON or text, the ids of the
// request and the connection on every line, and no secrets. It refuses to print
// an attribute, struct field or map key that is named like a secret, whatever
// its value is; it cannot see a secret inside a message's text, so messages are
// constant strings.
package logging

import (
	"context"
	"io"
	"log/slog"

	"postroom/internal/base/errs"
)

// Options say how log lines look. Format is "json" (the default) or "text".
type Options struct {
	Out    io.Writer
	Format string
	Level  slog.Leveler // default: Info
}

// New makes the process's logger. An unknown format is errs.Config.
func New(opt Options) (*slog.Logger, error) {
	ho := &slog.HandlerOptions{Level: opt.Level}
	var h slog.Handler
	switch opt.Format {
	case "", "json":
		h = slog.NewJSONHandler(opt.Out, ho)
	case "text":
		h = slog.NewTextHandler(opt.Out, ho)
	default:
		return nil, errs.Say("logging.New", errs.Config, errs.Request, "The log format %q is not known: it is json or text.", opt.Format)
	}
	return slog.New(Redact(h)), nil
}

// ParseLevel reads debug, info, warn or error.
func ParseLevel(s string) (slog.Level, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(s)); err != nil {
		return l, errs.Say("logging.ParseLevel", errs.Config, errs.Request, "The log level %q is not known: it is debug, info, warn or error.", s)
	}
	return l, nil
}

// handler redacts attributes and adds the ids of the context.
type handler struct{ next slog.Handler }

// Redact puts the house's rules before a handler of another kind.
func Redact(next slog.Handler) slog.Handler { return handler{next} }

func (h handler) Enabled(ctx context.Context, l slog.Level) bool { return h.next.Enabled(ctx, l) }

func (h handler) Handle(ctx context.Context, r slog.Record) error {
	out := slog.NewRecord(r.Time, r.Level, r.Message, r.PC)
	if id := Connection(ctx); id != "" {
		out.AddAttrs(slog.String("connection", id))
	}
	if id := Request(ctx); id != "" {
		out.AddAttrs(slog.String("request", id))
	}
	r.Attrs(func(a slog.Attr) bool {
		out.AddAttrs(clean(a, 0))
		return true
	})
	return h.next.Handle(ctx, out)
}

func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	kept := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		kept[i] = clean(a, 0)
	}
	return handler{h.next.WithAttrs(kept)}
}

func (h handler) WithGroup(name string) slog.Handler {
	if IsSecret(name) {
		name = "hidden"
	}
	return handler{h.next.WithGroup(name)}
}
