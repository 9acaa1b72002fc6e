package org

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
)

// ReplayTime is how long a client token answers with the first answer.
const ReplayTime = 24 * time.Hour

// Replay is the memory of one call with a client token. Org is "" for those
// that have no organization yet.
type Replay struct {
	Operation string
	Owner     string // who called: tokens of two administrators do not meet
	Org       ids.Org
	Token     string
	Input     string // hash of the parameters
	Answer    string
	At        time.Time
}

// InputHash is the Input of a call's parameters, which come in a fixed order.
func InputHash(params ...string) string {
	h := sha256.New()
	for _, p := range params {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Replayed answers the first answer of a call that repeats one with the same
// token. The same token with other parameters is errs.Invalid.
func (s *Service) Replayed(ctx context.Context, v tx.View, r Replay) (answer string, ok bool, err error) {
	if r.Token == "" {
		return "", false, nil
	}
	old, ok, err := s.Store.Replay(ctx, v, r)
	if err != nil || !ok || s.Clock.Now().Sub(old.At) > ReplayTime {
		return "", false, err
	}
	if old.Input != r.Input {
		return "", false, errs.Say("org.Replayed", errs.Invalid, errs.Request, "This client token was used with other parameters.")
	}
	return old.Answer, true, nil
}

// Remember keeps the answer of a call with a token, in its own commit.
func (s *Service) Remember(t *tx.Tx, r Replay) error {
	if r.Token == "" {
		return nil
	}
	r.At = s.Clock.Now()
	return s.Store.PutReplay(t, r)
}

// DropReplays forgets old tokens.
func (s *Service) DropReplays(ctx context.Context) error {
	for {
		var n int64
		err := s.Store.Write(ctx, "", func(t *tx.Tx) (err error) {
			n, err = s.Store.DeleteReplays(t, s.Clock.Now().Add(-ReplayTime), 500)
			return err
		})
		if err != nil || n < 500 {
			return err
		}
	}
}
