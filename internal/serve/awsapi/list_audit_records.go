package awsapi

import (
	"context"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/audit"
	"postroom/internal/serve/awsapi/api"
)

// listAuditRecords reads the chain of an organization, or without one that of
// the deployment, which only administrators of all organizations see.
func listAuditRecords(ctx context.Context, c *call, in *api.ListAuditRecordsInput) (*api.ListAuditRecordsOutput, error) {
	after, err := cursor('r', in.NextToken)
	if err != nil {
		return nil, err
	}
	lists := c.h.Lists
	switch {
	case in.OrganizationId != nil:
		c.org = ids.Org(*in.OrganizationId)
		if _, err := c.door().DescribeOrganization(ctx, c.org); err != nil { // in every state, Deleted too
			return nil, err
		}
		c.reached, lists = true, c.region.Lists
	case !c.actor.AllOrgs():
		return nil, errs.Say("awsapi.ListAuditRecords", errs.Denied, errs.Organization,
			"Only administrators of all organizations see the records of the deployment. Name an organization.")
	}
	list, next, err := lists.List(ctx, audit.Filter{
		Org: c.org, From: instant(in.StartTime), To: instant(in.EndTime), Actor: value(in.Actor), Operation: c.h.operationNamed(value(in.Operation)),
		Target: value(in.Target), Changes: yes(in.ChangesOnly), Reads: c.h.reads, After: after, Limit: pageOf(in.MaxResults),
	})
	if err != nil {
		return nil, err
	}
	out := make([]api.AuditRecord, len(list))
	for i := range list {
		out[i] = c.auditRecord(&list[i])
	}
	return &api.ListAuditRecordsOutput{Records: out, NextToken: token('r', next)}, nil
}

// operationNamed is an operation as records have it: with its prefix where it is of the API.
func (h *Handler) operationNamed(name string) string {
	for _, prefix := range [...]string{"WorkMailService.", "Postroom."} {
		if h.operations[prefix+name] != nil {
			return prefix + name
		}
	}
	return name
}

func (c *call) auditRecord(r *audit.Record) api.AuditRecord {
	out := api.AuditRecord{
		RecordId: text(r.ID), Time: date(r.Time), Actor: text(r.By.Name), Operation: text(r.By.Operation), OrganizationId: text(string(r.Org)),
		RequestId: text(r.By.RequestID), SourceAddress: text(r.By.Source), Target: text(r.Target), TargetName: text(r.TargetName), Detail: text(r.Detail),
		Outcome: api.AuditOutcomeSuccess, ErrorCode: text(refusalOf(*r)),
	}
	if r.Org != "" {
		out.Region = text(c.region.name)
	}
	switch r.Outcome {
	case audit.OK:
	case errs.Internal.String(), errs.Unavailable.String():
		out.Outcome = api.AuditOutcomeFailed
	default:
		out.Outcome = api.AuditOutcomeRefused
	}
	return out
}
