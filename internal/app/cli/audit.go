package cli

import (
	"time"

	"postroom/internal/serve/awsapi/api"
)

type auditCmd struct {
	apiFlags
	Deployment bool          `help:"What was done to administrators and keys, not to an organization."`
	Since      time.Duration `help:"Only records of this last time, such as 24h." placeholder:"TIME"`
	Actor      string        `help:"Only what he did." placeholder:"NAME"`
	Operation  string        `help:"Only this operation." placeholder:"NAME"`
	Target     string        `help:"Only what was done to this." placeholder:"ID"`
	Limit      int           `default:"100" help:"How many records at most."`
}

func (c *auditCmd) Run(e *env) error {
	s, err := e.open(!c.Deployment)
	if err != nil {
		return err
	}
	in := &api.ListAuditRecordsInput{OrganizationId: given(s.org), Actor: given(c.Actor), Operation: given(c.Operation), Target: given(c.Target)}
	if c.Since > 0 {
		from := time.Now().Add(-c.Since)
		in.StartTime = &from
	}
	all := &api.ListAuditRecordsOutput{}
	for len(all.Records) < c.Limit {
		n := int32(min(c.Limit-len(all.Records), 100))
		in.MaxResults = &n
		page, err := do(e.ctx, s.client, api.ListAuditRecords, in)
		if err != nil {
			return err
		}
		all.Records = append(all.Records, page.Records...)
		if in.NextToken = page.NextToken; in.NextToken == nil {
			break
		}
	}
	return s.answer(all, func() {
		var rows [][]string
		for _, r := range all.Records {
			outcome := string(r.Outcome)
			if r.ErrorCode != nil {
				outcome += " " + *r.ErrorCode
			}
			rows = append(rows, []string{when(r.Time), str(r.Actor), str(r.Operation), str(r.Target), outcome, str(r.SourceAddress), str(r.Detail)})
		}
		e.table([]string{"TIME", "WHO", "OPERATION", "TARGET", "OUTCOME", "FROM", "DETAIL"}, rows, "No record fits.")
	})
}
