package authstore

import (
	"context"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/auth"
	"postroom/internal/core/tx"
)

// TOTP is an administrator's one-time password, confirmed or not.
func (s *Store) TOTP(ctx context.Context, v tx.View, admin ids.Admin) (r auth.TOTPRecord, found bool, err error) {
	var made, confirmed int64
	found, err = s.Q(v).Found(ctx, `SELECT admin, secret, made, confirmed, step FROM totp WHERE admin = $1`, []any{string(admin)},
		&r.Admin, &r.Sealed, &made, &confirmed, &r.Step)
	r.Made, r.Confirmed = at(made), at(confirmed)
	return r, found, err
}

// PutTOTP keeps it in place of the one before.
func (s *Store) PutTOTP(t *tx.Tx, r auth.TOTPRecord) error {
	return s.exec(t, `INSERT INTO totp (admin, secret, made, confirmed, step) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (admin) DO UPDATE SET secret = $2, made = $3, confirmed = $4, step = $5`,
		string(r.Admin), r.Sealed, ms(r.Made), ms(r.Confirmed), r.Step)
}

// DeleteTOTP deletes it.
func (s *Store) DeleteTOTP(t *tx.Tx, admin ids.Admin) error {
	return s.exec(t, `DELETE FROM totp WHERE admin = $1`, string(admin))
}

// Passkeys are an administrator's, the oldest first.
func (s *Store) Passkeys(ctx context.Context, v tx.View, admin ids.Admin) (list []auth.PasskeyRecord, err error) {
	err = s.Q(v).Each(ctx, `SELECT id, admin, credential, public_key, aaguid, counter, flags, transports, name, created, used
		FROM passkey WHERE admin = $1 ORDER BY created, id`, []any{string(admin)}, func(scan func(...any) error) error {
		var k auth.PasskeyRecord
		var created, used int64
		err := scan(&k.ID, &k.Admin, &k.Credential, &k.PublicKey, &k.AAGUID, &k.Counter, &k.Flags, &k.Transports, &k.Name, &created, &used)
		k.Created, k.Used = at(created), at(used)
		list = append(list, k)
		return err
	})
	return list, err
}

// InsertPasskey answers false where the credential is there, of whomever.
func (s *Store) InsertPasskey(t *tx.Tx, k auth.PasskeyRecord) (bool, error) {
	n, err := s.Q(t).Exec(t.Context(), `INSERT INTO passkey (id, admin, credential, public_key, aaguid, counter, flags, transports, name, created, used)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (credential) DO NOTHING`,
		k.ID, string(k.Admin), k.Credential, k.PublicKey, some(k.AAGUID), k.Counter, k.Flags, k.Transports, k.Name, ms(k.Created), ms(k.Used))
	return n == 1, err
}

// some is never NULL.
func some(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// UsePasskey writes counter, flags and last use.
func (s *Store) UsePasskey(t *tx.Tx, k auth.PasskeyRecord) error {
	return s.exec(t, `UPDATE passkey SET counter = $2, flags = $3, used = $4 WHERE id = $1`, k.ID, k.Counter, k.Flags, ms(k.Used))
}

// DeletePasskey deletes one.
func (s *Store) DeletePasskey(t *tx.Tx, id string) error {
	return s.exec(t, `DELETE FROM passkey WHERE id = $1`, id)
}

// CountRecoveryCodes counts those that were not used.
func (s *Store) CountRecoveryCodes(ctx context.Context, v tx.View, admin ids.Admin) (n int, err error) {
	err = s.Q(v).QueryRow(ctx, `SELECT COUNT(*) FROM recovery_code WHERE admin = $1`, string(admin)).Scan(&n)
	return n, err
}

// PutRecoveryCodes puts these in place of those before.
func (s *Store) PutRecoveryCodes(t *tx.Tx, admin ids.Admin, hashes [][]byte) error {
	if err := s.exec(t, `DELETE FROM recovery_code WHERE admin = $1`, string(admin)); err != nil {
		return err
	}
	for _, h := range hashes {
		if err := s.exec(t, `INSERT INTO recovery_code (admin, hash) VALUES ($1, $2)`, string(admin), h); err != nil {
			return err
		}
	}
	return nil
}

// TakeRecoveryCode deletes one, or answers false where there is none such.
func (s *Store) TakeRecoveryCode(t *tx.Tx, admin ids.Admin, hash []byte) (bool, error) {
	n, err := s.Q(t).Exec(t.Context(), `DELETE FROM recovery_code WHERE admin = $1 AND hash = $2`, string(admin), hash)
	return n == 1, err
}

// DeleteFactors deletes all of one administrator.
func (s *Store) DeleteFactors(t *tx.Tx, admin ids.Admin) error {
	for _, text := range []string{
		`DELETE FROM totp WHERE admin = $1`, `DELETE FROM passkey WHERE admin = $1`,
		`DELETE FROM recovery_code WHERE admin = $1`, `DELETE FROM challenge WHERE admin = $1`,
	} {
		if err := s.exec(t, text, string(admin)); err != nil {
			return err
		}
	}
	return nil
}

// Challenge finds what was begun.
func (s *Store) Challenge(ctx context.Context, v tx.View, hash []byte) (c auth.ChallengeRecord, found bool, err error) {
	var expires int64
	found, err = s.Q(v).Found(ctx, `SELECT hash, admin, purpose, version, data, tries, expires FROM challenge WHERE hash = $1`, []any{hash},
		&c.Hash, &c.Admin, &c.Purpose, &c.Version, &c.Data, &c.Tries, &expires)
	c.Expires = at(expires)
	return c, found, err
}

// InsertChallenge keeps what was begun.
func (s *Store) InsertChallenge(t *tx.Tx, c auth.ChallengeRecord) error {
	return s.exec(t, `INSERT INTO challenge (hash, admin, purpose, version, data, tries, expires) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		c.Hash, string(c.Admin), c.Purpose, c.Version, some(c.Data), c.Tries, ms(c.Expires))
}

// TriedChallenge counts a wrong answer.
func (s *Store) TriedChallenge(t *tx.Tx, hash []byte) error {
	return s.exec(t, `UPDATE challenge SET tries = tries + 1 WHERE hash = $1`, hash)
}

// DeleteChallenge answers false where it is gone already.
func (s *Store) DeleteChallenge(t *tx.Tx, hash []byte) (bool, error) {
	n, err := s.Q(t).Exec(t.Context(), `DELETE FROM challenge WHERE hash = $1`, hash)
	return n == 1, err
}

// TrimChallenges deletes all of one administrator and purpose but the newest keep.
func (s *Store) TrimChallenges(t *tx.Tx, admin ids.Admin, purpose string, keep int) error {
	return s.exec(t, `DELETE FROM challenge WHERE admin = $1 AND purpose = $2 AND hash NOT IN
		(SELECT hash FROM challenge WHERE admin = $1 AND purpose = $2 ORDER BY expires DESC, hash LIMIT $3)`, string(admin), purpose, keep)
}

// ExpireChallenges deletes what nobody answered.
func (s *Store) ExpireChallenges(t *tx.Tx, now time.Time, limit int) (int64, error) {
	return s.Q(t).Exec(t.Context(), `DELETE FROM challenge WHERE hash IN (SELECT hash FROM challenge WHERE expires <= $1 LIMIT $2)`, ms(now), limit)
}
