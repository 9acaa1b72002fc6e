package auth

import (
	"context"
	"crypto/subtle"
	"encoding/base32"
	"net/url"
	"strings"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/tx"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

// The parameters that every app knows (RFC 6238 §4; Google's key URI format).
const (
	totpPeriod = 30 // seconds
	totpSkew   = 1  // steps that the clocks may differ by (RFC 6238 §5.2)
	totpIssuer = "Postroom"
)

var totpOptions = totp.ValidateOpts{Period: totpPeriod, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}

// totpStep finds the step of which a code is, above the last one that was taken
// (RFC 6238 §5.2: a code is taken once). 0: it is of none.
func totpStep(secret, code string, last int64, now time.Time) (int64, error) {
	code = strings.ReplaceAll(code, " ", "")
	found := int64(0)
	for d := int64(-totpSkew); d <= totpSkew; d++ {
		step := now.Unix()/totpPeriod + d
		want, err := totp.GenerateCodeCustom(secret, time.Unix(step*totpPeriod, 0), totpOptions)
		if err != nil {
			return 0, errs.E("auth.TOTP", errs.Internal, errs.Administrator, err)
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && step > last && found == 0 {
			found = step
		}
	}
	return found, nil
}

func totpAbout(admin ids.Admin) string { return "totp/" + string(admin) }

// SetUpTOTP makes a secret for the administrator who calls, and the otpauth URI
// with it. It counts once ConfirmTOTP has taken a code of it. errs.State where a
// one-time password is on: it is removed first.
func (v *View) SetUpTOTP(ctx context.Context) (secret, uri string, err error) {
	const op = "auth.SetUpTOTP"
	admin, err := v.own(op)
	if err != nil {
		return "", "", err
	}
	secret = base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(random(20))
	sealed, err := v.s.Sealer.Seal(totpAbout(admin), []byte(secret))
	if err != nil {
		return "", "", err
	}
	err = v.change(ctx, op, admin, true, func(t *tx.Tx, a *AdminRecord) (string, error) {
		have, found, err := v.s.Store.TOTP(t.Context(), t, admin)
		if err != nil {
			return "", err
		}
		if found && !have.Confirmed.IsZero() {
			return "", errs.Say(op, errs.State, errs.Administrator, "A one-time password is on already. Remove it before you set up another.")
		}
		return "a secret that is not confirmed yet", v.s.Store.PutTOTP(t, TOTPRecord{Admin: admin, Sealed: sealed, Made: v.s.Clock.Now()})
	})
	if err != nil {
		return "", "", err
	}
	return secret, totpURI(v.actor.Name(), v.s.Console, secret), nil
}

// totpURI is the key URI that apps read from a QR code.
func totpURI(name, host, secret string) string {
	if host != "" {
		name += "@" + host
	}
	u := url.URL{
		Scheme: "otpauth", Host: "totp", Path: "/" + totpIssuer + ":" + name,
		RawQuery: "secret=" + secret + "&issuer=" + totpIssuer + "&algorithm=SHA1&digits=6&period=30",
	}
	return u.String()
}

// ConfirmTOTP turns on the secret that SetUpTOTP made, by a code of it, and
// answers recovery codes where the administrator has none. errs.Invalid for a
// wrong code; errs.State where nothing was set up.
func (v *View) ConfirmTOTP(ctx context.Context, code string) ([]string, error) {
	const op = "auth.ConfirmTOTP"
	admin, err := v.own(op)
	if err != nil {
		return nil, err
	}
	codes, hashes := newRecoveryCodes()
	made := false
	err = v.change(ctx, op, admin, true, func(t *tx.Tx, a *AdminRecord) (string, error) {
		r, found, err := v.s.Store.TOTP(t.Context(), t, admin)
		if err != nil {
			return "", err
		}
		now := v.s.Clock.Now()
		switch {
		case found && !r.Confirmed.IsZero():
			return "", errs.Say(op, errs.State, errs.Administrator, "The one-time password is on already.")
		case !found || now.Sub(r.Made) > totpSetUp:
			return "", errs.Say(op, errs.State, errs.Administrator, "Nothing was set up in the last 15 minutes. Begin again.")
		}
		secret, err := v.s.Sealer.Open(totpAbout(admin), r.Sealed)
		if err != nil {
			return "", err
		}
		if r.Step, err = totpStep(string(secret), code, 0, now); err != nil {
			return "", err
		}
		if r.Step == 0 {
			return "", errs.Say(op, errs.Invalid, errs.Administrator, "The code is wrong. Take the one that the app shows now; the clock of its device must be right.")
		}
		r.Confirmed = now
		if err := v.s.Store.PutTOTP(t, r); err != nil {
			return "", err
		}
		made, err = v.s.firstCodes(t, admin, hashes)
		return "one-time password on", err
	})
	if err != nil || !made {
		return nil, err
	}
	return codes, nil
}

// RemoveTOTP turns the one-time password off. It takes the password.
func (v *View) RemoveTOTP(ctx context.Context, password string) error {
	const op = "auth.RemoveTOTP"
	return v.changeProven(ctx, op, password, func(t *tx.Tx, a *AdminRecord) (string, error) {
		if _, found, err := v.s.Store.TOTP(t.Context(), t, a.ID); err != nil || !found {
			if err == nil {
				err = errs.Say(op, errs.NotFound, errs.Administrator, "No one-time password is set up.")
			}
			return "", err
		}
		if err := v.s.Store.DeleteTOTP(t, a.ID); err != nil {
			return "", err
		}
		detail, err := v.s.tidy(t, a.ID)
		return "one-time password off" + detail, err
	})
}
