package app

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/audit"
	"postroom/internal/core/mailbox"
	"postroom/internal/store/mailstore"
)

// Damage is one thing that Verify found.
type Damage struct {
	Region       string `json:"region,omitempty"` // empty: the deployment's databases
	Organization string `json:"organization,omitempty"`
	Mailbox      string `json:"mailbox,omitempty"`
	Owner        string `json:"owner,omitempty"` // address or id
	Folder       string `json:"folder,omitempty"`
	UID          uint32 `json:"uid,omitempty"`
	What         string `json:"what"`
}

// VerifyReport is what Verify read and found. Damage is at most maxDamage
// entries; Damaged counts all.
type VerifyReport struct {
	Bodies    int64         `json:"bodies"`
	Bytes     int64         `json:"bytes"` // of messages, plain
	Mailboxes int64         `json:"mailboxes"`
	Queued    int64         `json:"queued"`
	Records   int64         `json:"records"` // of audit chains
	Damaged   int64         `json:"damaged"`
	Damage    []Damage      `json:"damage,omitempty"`
	Took      time.Duration `json:"took"`
}

const maxDamage = 10_000

func (r *VerifyReport) found(d Damage) {
	r.Damaged++
	if len(r.Damage) < maxDamage {
		r.Damage = append(r.Damage, d)
	}
}

// Verify reads every page of the databases and every frame of every body with
// its key, compares the counters of
// mailboxes with their rows, and follows every chain of audit records. It changes
// nothing and runs while mail flows. The error is that of a check that could not
// be made; what is damaged is in the report.
func (a *App) Verify(ctx context.Context, p Progress) (VerifyReport, error) {
	start := time.Now()
	var report VerifyReport
	for _, db := range a.databases() {
		faults, err := db.Check(ctx)
		if err != nil {
			return report, err
		}
		for _, f := range faults {
			report.found(Damage{What: "the database " + db.Path() + ": " + f})
		}
	}
	for _, r := range a.Regions {
		v := &verifier{Region: r, report: &report}
		if err := v.run(ctx, p); err != nil {
			return report, err
		}
	}
	if err := verifyChain(ctx, &report, "", a.Lists, ""); err != nil {
		return report, err
	}
	report.Took = time.Since(start)
	return report, nil
}

// verifier checks one region.
type verifier struct {
	*Region
	report *VerifyReport
}

func (v *verifier) run(ctx context.Context, p Progress) error {
	total, err := v.Mail.CountBodies(ctx)
	if err != nil {
		return err
	}
	m := p.start("reading messages of "+v.Name, "messages", total)
	for after := ids.Mailbox(0); ; {
		boxes, err := v.Mail.Boxes(ctx, after, 100)
		if err != nil {
			return err
		}
		for _, b := range boxes {
			after = b.ID
			if err := v.box(ctx, b, m); err != nil {
				return err
			}
		}
		if len(boxes) == 0 {
			break
		}
	}
	if err := verifyChain(ctx, v.report, v.Name, v.Lists, ""); err != nil {
		return err
	}
	for after := ids.Org(""); ; {
		list, next, err := v.Orgs.List(ctx, after, 100)
		if err != nil {
			return err
		}
		for _, o := range list {
			if err := errors.Join(v.queue(ctx, o.ID), verifyChain(ctx, v.report, v.Name, v.Lists, o.ID)); err != nil {
				return err
			}
		}
		if after = next; next == "" {
			return nil
		}
	}
}

func verifyChain(ctx context.Context, report *VerifyReport, region string, lists *audit.Lists, org ids.Org) error {
	n, err := lists.Verify(ctx, org)
	report.Records += n
	if e := (*errs.Error)(nil); errors.As(err, &e) && e.Kind == errs.Internal && e.Public != "" {
		report.found(Damage{Region: region, Organization: string(org), What: e.Public})
		return nil
	}
	return err
}

func (v *verifier) box(ctx context.Context, b mailbox.Box, m *meter) error {
	v.report.Mailboxes++
	faults, err := v.Mail.CheckBox(ctx, b.ID)
	if err != nil {
		return err
	}
	for _, f := range faults {
		v.report.found(v.damage(ctx, b, f))
	}
	for after := ids.Body(0); ; {
		bodies, err := v.Mail.BodiesOf(ctx, b.ID, after, 500)
		if err != nil || len(bodies) == 0 {
			return err
		}
		for _, body := range bodies {
			after = body.ID
			if err := v.body(ctx, b, body); err != nil {
				return err
			}
			m.add(1)
		}
	}
}

// body reads one content. One that was moved or purged while it was read is
// looked at again where it is now.
func (v *verifier) body(ctx context.Context, b mailbox.Box, body mailstore.NumberedBody) error {
	v.report.Bodies++
	v.report.Bytes += body.Size
	for {
		bad := v.readAll(ctx, b.Org, body.DataKey, body.Place)
		if bad == nil {
			return nil
		}
		if ctx.Err() != nil || errs.Is(bad, errs.Unavailable) {
			return bad
		}
		now, err := v.Mail.Body(ctx, nil, b.ID, body.ID)
		switch {
		case errs.Is(err, errs.NotFound):
			return nil
		case err != nil:
			return err
		case now.Place != body.Place:
			body.Body = now
			continue
		}
		return v.damaged(ctx, b, body, bad)
	}
}

func (v *verifier) readAll(ctx context.Context, org ids.Org, wrapped []byte, at mailbox.Place) error {
	key, err := v.Keys.Unwrap(ctx, org, wrapped)
	if err != nil {
		return err
	}
	return v.Packs.Verify(ctx, key, at)
}

// damaged names each message that has the body.
func (v *verifier) damaged(ctx context.Context, b mailbox.Box, body mailstore.NumberedBody, bad error) error {
	items, err := v.Mail.ItemsOf(ctx, b.ID, body.ID)
	if err != nil {
		return err
	}
	folders, err := v.Mail.Folders(ctx, nil, b.ID)
	if err != nil {
		return err
	}
	names := map[ids.Folder]string{0: "(deleted, recoverable)"}
	for _, f := range folders {
		names[f.ID] = f.Name
	}
	what := fmt.Sprintf("the message cannot be read: %v (pack %d, byte %d, %d bytes)", cause(bad), body.Pack, body.Offset, body.Length)
	d := v.damage(ctx, b, what)
	if len(items) == 0 {
		v.report.found(d)
	}
	for _, i := range items {
		d.Folder, d.UID = names[i.Folder], uint32(i.UID)
		v.report.found(d)
	}
	return nil
}

// cause is the innermost error: this report is for the operator.
func cause(err error) error {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return errors.New(strings.ReplaceAll(err.Error(), "\n", ": ")) // a join has lines
		}
		err = next
	}
}

func (v *verifier) damage(ctx context.Context, b mailbox.Box, what string) Damage {
	d := Damage{Region: v.Name, Organization: string(b.Org), Mailbox: strconv.FormatInt(int64(b.ID), 10), Owner: string(b.Entry), What: what}
	if all, err := v.Directory.Addresses(ctx, nil, b.Org, b.Entry); err == nil && len(all) > 0 {
		d.Owner = all[0]
	}
	return d
}

func (v *verifier) queue(ctx context.Context, org ids.Org) error {
	return v.Flow.Bodies(ctx, org, func(id string, at mailbox.Place, wrapped []byte) error {
		v.report.Queued++
		bad := v.readAll(ctx, org, wrapped, at)
		if bad == nil || ctx.Err() != nil || errs.Is(bad, errs.Unavailable) {
			return bad
		}
		now, found, err := v.Flow.Store.Message(ctx, nil, id)
		if err != nil || !found || now.At != at {
			return err // it was sent, or moved, while it was read
		}
		v.report.found(Damage{Region: v.Name, Organization: string(org), What: fmt.Sprintf("the queued message %s cannot be read: %v", id, cause(bad))})
		return nil
	})
}
