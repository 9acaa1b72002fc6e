package dirstore

import (
	"context"

	"postroom/internal/base/ids"
	"postroom/internal/core/org"
	"postroom/internal/core/tx"
	"postroom/internal/store/sqldb"
)

// Claims keeps claims in the deployment database.
type Claims struct{ base }

var _ org.ClaimStore = (*Claims)(nil)

// NewClaims keeps them in db.
func NewClaims(db *sqldb.DB) *Claims { return &Claims{base{db}} }

const claimColumns = `kind, name, org, region, live, at`

func scanClaim(scan func(...any) error) (c org.Claim, err error) {
	var time int64
	err = scan(&c.Kind, &c.Name, (*string)(&c.Org), &c.Region, &c.Live, &time)
	c.At = at(time)
	return c, err
}

func (s *Claims) Claim(ctx context.Context, v tx.View, kind, name string) (c org.Claim, found bool, err error) {
	err = s.Q(v).Each(ctx, `SELECT `+claimColumns+` FROM claim WHERE kind = $1 AND name = $2`, []any{kind, name},
		func(scan func(...any) error) (err error) {
			found = true
			c, err = scanClaim(scan)
			return err
		})
	return c, found, err
}

func (s *Claims) InsertClaim(t *tx.Tx, c org.Claim) (bool, error) {
	n, err := s.Q(t).Exec(t.Context(), `INSERT INTO claim (`+claimColumns+`) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (kind, name) DO NOTHING`,
		c.Kind, c.Name, string(c.Org), c.Region, c.Live, ms(c.At))
	return n > 0, err
}

func (s *Claims) UpdateClaim(t *tx.Tx, c org.Claim) error {
	_, err := s.Q(t).Exec(t.Context(), `UPDATE claim SET org = $3, region = $4, live = $5, at = $6 WHERE kind = $1 AND name = $2`,
		c.Kind, c.Name, string(c.Org), c.Region, c.Live, ms(c.At))
	return err
}

func (s *Claims) DeleteClaim(t *tx.Tx, kind, name string) error {
	_, err := s.Q(t).Exec(t.Context(), `DELETE FROM claim WHERE kind = $1 AND name = $2`, kind, name)
	return err
}

func (s *Claims) Claims(ctx context.Context, v tx.View, region string, after org.Claim, limit int) ([]org.Claim, error) {
	return s.list(ctx, v, `SELECT `+claimColumns+` FROM claim WHERE region = $1 AND (kind, name) > ($2, $3) ORDER BY kind, name LIMIT $4`,
		region, after.Kind, after.Name, limit)
}

func (s *Claims) ClaimsOf(ctx context.Context, v tx.View, id ids.Org, limit int) ([]org.Claim, error) {
	return s.list(ctx, v, `SELECT `+claimColumns+` FROM claim WHERE org = $1 ORDER BY kind, name LIMIT $2`, string(id), limit)
}

func (s *Claims) list(ctx context.Context, v tx.View, text string, args ...any) ([]org.Claim, error) {
	var list []org.Claim
	err := s.Q(v).Each(ctx, text, args, func(scan func(...any) error) error {
		c, err := scanClaim(scan)
		list = append(list, c)
		return err
	})
	return list, err
}

func (s *Claims) names(ctx context.Context, v tx.View, where string, args ...any) ([]org.SignInName, error) {
	var list []org.SignInName
	err := s.Q(v).Each(ctx, `SELECT kind, name, org, region FROM sign_in_name WHERE `+where, args, func(scan func(...any) error) error {
		var n org.SignInName
		err := scan(&n.Kind, &n.Name, (*string)(&n.Org), &n.Region)
		list = append(list, n)
		return err
	})
	return list, err
}

func (s *Claims) SignInNames(ctx context.Context, v tx.View, kind, name string, limit int) ([]org.SignInName, error) {
	return s.names(ctx, v, `kind = $1 AND name = $2 LIMIT $3`, kind, name, limit)
}

func (s *Claims) SignInNamesOf(ctx context.Context, v tx.View, id ids.Org) ([]org.SignInName, error) {
	return s.names(ctx, v, `org = $1 ORDER BY kind, name`, string(id))
}

func (s *Claims) SignInNamesIn(ctx context.Context, v tx.View, region string) ([]org.SignInName, error) {
	return s.names(ctx, v, `region = $1 ORDER BY org, kind, name`, region)
}

func (s *Claims) PutSignInName(t *tx.Tx, n org.SignInName) error {
	_, err := s.Q(t).Exec(t.Context(), `INSERT INTO sign_in_name (kind, name, org, region) VALUES ($1, $2, $3, $4) ON CONFLICT (kind, name, org) DO NOTHING`,
		n.Kind, n.Name, string(n.Org), n.Region)
	return err
}

func (s *Claims) DeleteSignInName(t *tx.Tx, n org.SignInName) error {
	_, err := s.Q(t).Exec(t.Context(), `DELETE FROM sign_in_name WHERE kind = $1 AND name = $2 AND org = $3`, n.Kind, n.Name, string(n.Org))
	return err
}
