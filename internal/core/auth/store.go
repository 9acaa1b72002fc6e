package auth

import (
	"context"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
)

// Store keeps administrators, access keys, sessions and the list of regions in
// the deployment database.
type Store interface {
	tx.Store

	// Lock takes all of it until the end of t: every change below comes behind it.
	Lock(t *tx.Tx) error

	Admin(ctx context.Context, v tx.View, id ids.Admin) (a AdminRecord, found bool, err error)
	AdminByName(ctx context.Context, v tx.View, folded string) (a AdminRecord, found bool, err error)
	// Admins are those with folded names above after, in order.
	Admins(ctx context.Context, v tx.View, after string, limit int) ([]AdminRecord, error)
	// CountManaging counts enabled administrators with full access to all.
	CountManaging(ctx context.Context, v tx.View) (int, error)
	CountAdmins(ctx context.Context, v tx.View) (int, error)
	// InsertAdmin answers false where the name is taken.
	InsertAdmin(t *tx.Tx, a AdminRecord, folded string) (bool, error)
	// UpdateAdmin writes all but name, created and SignedIn.
	UpdateAdmin(t *tx.Tx, a AdminRecord) error
	// DeleteAdmin deletes with keys, sessions, second factors and named organizations.
	DeleteAdmin(t *tx.Tx, id ids.Admin) error
	SetSignedIn(t *tx.Tx, id ids.Admin, at time.Time) error

	Key(ctx context.Context, v tx.View, id string) (k KeyRecord, found bool, err error)
	Keys(ctx context.Context, v tx.View, admin ids.Admin) ([]AccessKey, error) // in order of id
	InsertKey(t *tx.Tx, k KeyRecord) error
	SetKeyActive(t *tx.Tx, id string, active bool) error
	DeleteKey(t *tx.Tx, id string) error

	Session(ctx context.Context, v tx.View, hash []byte) (s SessionRecord, found bool, err error)
	// Sessions are in order of their creation.
	Sessions(ctx context.Context, v tx.View, admin ids.Admin) ([]SessionRecord, error)
	InsertSession(t *tx.Tx, s SessionRecord) error
	SetSessionVersion(t *tx.Tx, id string, version int64) error
	DeleteSession(t *tx.Tx, id string) error
	// DeleteSessions ends all of an administrator but one.
	DeleteSessions(t *tx.Tx, admin ids.Admin, but string) error
	// ExpireSessions deletes at most limit sessions that ended, or were last seen, before.
	ExpireSessions(t *tx.Tx, now, seenBefore time.Time, limit int) (int64, error)

	// TOTP is an administrator's one-time password, confirmed or not.
	TOTP(ctx context.Context, v tx.View, admin ids.Admin) (r TOTPRecord, found bool, err error)
	PutTOTP(t *tx.Tx, r TOTPRecord) error
	DeleteTOTP(t *tx.Tx, admin ids.Admin) error
	// Passkeys are in order of their creation.
	Passkeys(ctx context.Context, v tx.View, admin ids.Admin) ([]PasskeyRecord, error)
	// InsertPasskey answers false where the credential is there, of whomever.
	InsertPasskey(t *tx.Tx, k PasskeyRecord) (bool, error)
	// UsePasskey writes counter, flags and last use.
	UsePasskey(t *tx.Tx, k PasskeyRecord) error
	DeletePasskey(t *tx.Tx, id string) error
	CountRecoveryCodes(ctx context.Context, v tx.View, admin ids.Admin) (int, error)
	// PutRecoveryCodes puts these in place of those before.
	PutRecoveryCodes(t *tx.Tx, admin ids.Admin, hashes [][]byte) error
	// TakeRecoveryCode deletes one, or answers false where there is none such.
	TakeRecoveryCode(t *tx.Tx, admin ids.Admin, hash []byte) (bool, error)
	// DeleteFactors deletes all of one: one-time password, passkeys, recovery codes, challenges.
	DeleteFactors(t *tx.Tx, admin ids.Admin) error

	Challenge(ctx context.Context, v tx.View, hash []byte) (c ChallengeRecord, found bool, err error)
	InsertChallenge(t *tx.Tx, c ChallengeRecord) error
	// TriedChallenge counts a wrong answer.
	TriedChallenge(t *tx.Tx, hash []byte) error
	// DeleteChallenge answers false where it is gone already.
	DeleteChallenge(t *tx.Tx, hash []byte) (bool, error)
	// TrimChallenges deletes all of one administrator and purpose but the newest keep.
	TrimChallenges(t *tx.Tx, admin ids.Admin, purpose string, keep int) error
	ExpireChallenges(t *tx.Tx, now time.Time, limit int) (int64, error)

	// Used notes when keys and sessions were last used; those that are gone are no error.
	Used(t *tx.Tx, keys, sessions map[string]time.Time) error

	Regions(ctx context.Context, v tx.View) ([]RegionInfo, error) // in order of name
	PutRegion(t *tx.Tx, name string, at time.Time) error          // no error where it is there
}
