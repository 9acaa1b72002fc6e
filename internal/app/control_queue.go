package app

import (
	"context"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/org"
)

// QueueArgs say whose messages are listed.
type QueueArgs struct {
	Organization string `json:"organization,omitempty"` // id or alias; empty: all
	Limit        int    `json:"limit"`                  // of messages, 1 to 1000
}

// Queue is what waits for delivery.
type Queue struct {
	Messages []QueuedMessage `json:"messages"`
	More     bool            `json:"more"` // there are more than the limit
}

// QueuedMessage is a message that some recipients have not got yet.
type QueuedMessage struct {
	ID           string            `json:"id"`
	Organization string            `json:"organization"` // its alias
	Region       string            `json:"region"`
	Sender       string            `json:"sender"` // empty: the null reverse-path
	Size         int64             `json:"size"`   // bytes
	Since        time.Time         `json:"since"`
	Recipients   []QueuedRecipient `json:"recipients"` // at most 500
}

// QueuedRecipient is one who has not got it yet.
type QueuedRecipient struct {
	Address  string    `json:"address"`
	Way      string    `json:"way"`
	State    string    `json:"state"`
	Attempts int64     `json:"attempts"`
	Next     time.Time `json:"next,omitzero"` // of a ready one
	Error    string    `json:"error,omitempty"`
}

const queuePage = 100

func queueList(ctx context.Context, a *App, in QueueArgs, _ Progress) (any, error) {
	if in.Limit < 1 || in.Limit > 1000 {
		return nil, errs.Say("app.queueList", errs.Invalid, errs.Request, "The limit is from 1 to 1000, not %d.", in.Limit)
	}
	out := &Queue{Messages: []QueuedMessage{}}
	if in.Organization != "" {
		id, r, err := a.findOrg(ctx, in.Organization)
		if err != nil {
			return nil, err
		}
		o, err := r.Orgs.ByID(ctx, nil, id)
		if err != nil {
			return nil, err
		}
		return out, r.queueOf(ctx, a, o, in.Limit, out)
	}
	for _, r := range a.Regions {
		for after := ids.Org(""); ; {
			list, err := r.Orgs.Store.Organizations(ctx, nil, after, queuePage)
			if err != nil {
				return nil, err
			}
			for _, o := range list {
				if after = o.ID; out.More {
					return out, nil
				}
				if err := r.queueOf(ctx, a, o, in.Limit, out); err != nil {
					return nil, err
				}
			}
			if len(list) < queuePage {
				break
			}
		}
	}
	return out, nil
}

// queueOf adds the messages of an organization.
func (r *Region) queueOf(ctx context.Context, a *App, o org.Organization, limit int, out *Queue) error {
	v := r.Flow.For(a.Auth.Operator("control"))
	for after := ""; ; {
		list, next, err := v.Queue(ctx, o.ID, after, queuePage)
		if err != nil {
			return err
		}
		for _, q := range list {
			if len(out.Messages) == limit {
				out.More = true
				return nil
			}
			m := QueuedMessage{ID: q.ID, Organization: o.Alias, Region: r.Name, Sender: q.Sender, Size: q.Size, Since: q.Since}
			for _, to := range q.Recipients {
				m.Recipients = append(m.Recipients, QueuedRecipient{to.Address, to.Way, string(to.State), to.Attempts, to.Next, to.Error})
			}
			out.Messages = append(out.Messages, m)
		}
		if after = next; next == "" {
			return nil
		}
	}
}
