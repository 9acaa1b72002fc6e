package awsapi

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/core/audit"
	"postroom/internal/core/auth"
	"postroom/internal/serve/awsapi/api"
)

// account counts, logs and notes a call that was answered.
func (h *Handler) account(ctx context.Context, c *call, f failure, err error) {
	took := h.Clock.Now().Sub(c.began)
	outcome := "ok"
	switch {
	case f.exception == "":
	case f.status() >= 500:
		outcome = "failed"
	default:
		outcome = "refused"
	}
	h.calls.Inc(c.name(), outcome)
	h.seconds.Observe(took.Seconds(), c.name())
	h.log(ctx, c, f, err, took)
	known := c.actor.Kind() == auth.Administrator
	switch {
	case known:
		h.note(c, f)
	case f.exception != "":
		h.refused.count(c.remote, f.exception, h.Clock.Now())
	}
}

// log writes the access log: changes and failures at info, reads that went well
// at debug, faults of ours with their cause.
func (h *Handler) log(ctx context.Context, c *call, f failure, err error, took time.Duration) {
	level, outcome := slog.LevelInfo, "ok"
	switch {
	case f.kind == errs.Internal && f.exception != "" || f.kind == errs.Unavailable:
		level, outcome = slog.LevelError, f.exception
	case f.exception != "" && c.actor.Kind() == auth.Nobody:
		level, outcome = slog.LevelDebug, f.exception // strangers do not fill the log; refused tells of them
	case f.exception != "":
		outcome = f.exception
	case c.op.Audit != api.AuditWrite:
		level = slog.LevelDebug
	}
	if !h.Log.Enabled(ctx, level) {
		return
	}
	attrs := []slog.Attr{
		slog.String("operation", c.name()), slog.String("outcome", outcome), slog.Float64("took_ms", float64(took.Microseconds())/1000),
		slog.String("caller", c.actor.Name()), slog.String("remote", c.remote.String()), slog.String("organization", string(c.org)),
	}
	if level == slog.LevelError {
		attrs = append(attrs, slog.Any("error", err))
	}
	h.Log.LogAttrs(ctx, level, "call", attrs...)
}

// note keeps reads, and refusals of known callers; what changed something has
// its record in the change's own commit.
func (h *Handler) note(c *call, f failure) {
	if c.op.Audit == api.AuditNone || f.exception == "" && c.op.Audit == api.AuditWrite {
		return
	}
	r := audit.Record{By: c.actor.By(c.op.name, c.id), Target: c.target, TargetName: c.target, Outcome: audit.OK}
	if f.exception != "" {
		r.Outcome, r.Detail = f.kind.String(), refusalDetail(f)
	}
	// An organization that the caller does not have gets no record of its own: it was not reached.
	notes := h.Notes
	if c.org != "" && c.region != nil && f.exception != "OrganizationNotFoundException" && f.exception != accessDenied && c.reached {
		notes, r.Org = c.region.Log, c.org
	}
	if notes != nil {
		notes.Note(r)
	}
}

const maxDetail = 500

// refusalDetail is a refusal in the audit log: the exception, then why.
func refusalDetail(f failure) string {
	text := f.exception + ": " + f.text
	if len(text) > maxDetail {
		text = strings.ToValidUTF8(text[:maxDetail], "") + "…"
	}
	return text
}

// refusalOf reads the exception back from a record.
func refusalOf(r audit.Record) string {
	if r.Outcome == audit.OK {
		return ""
	}
	name, _, ok := strings.Cut(r.Detail, ": ")
	if ok && !strings.Contains(name, " ") {
		return name
	}
	return r.Outcome
}
