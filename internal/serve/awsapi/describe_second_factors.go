package awsapi

import (
	"context"

	"postroom/internal/serve/awsapi/api"
)

func describeSecondFactors(ctx context.Context, c *call, in *api.DescribeSecondFactorsInput) (*api.DescribeSecondFactorsOutput, error) {
	f, err := c.secondFactors(ctx, in.AdministratorId)
	if err != nil {
		return nil, err
	}
	return &api.DescribeSecondFactorsOutput{
		SecondFactor: factorsOf(f.Kinds()), TotpDate: date(f.TOTP), Passkeys: passkeysOf(f.Passkeys), RecoveryCodesLeft: int64(f.Codes),
	}, nil
}
