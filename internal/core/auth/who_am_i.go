package auth

import (
	"context"
	"slices"

	"postroom/internal/base/errs"
)

// Capability names something that a caller may do, for the console to show or grey.
type Capability string

const (
	ReadOrganizations    Capability = "organizations:read"
	WriteOrganizations   Capability = "organizations:write"  // change those that the caller may see
	CreateOrganizations  Capability = "organizations:create" // and delete
	ReadAdministrators   Capability = "administrators:read"
	WriteAdministrators  Capability = "administrators:write"
	ReadAudit            Capability = "audit:read"
	ReadDeploymentAudit  Capability = "audit:deployment" // the chain of no organization
	ReadRegions          Capability = "regions:read"
	ChangeOwnCredentials Capability = "self:write" // own password, access keys, sessions
)

// Caller is who calls and what it may do.
type Caller struct {
	Admin
	Kind         Kind
	Session      string // "" where an access key signed
	AccessKey    string
	Capabilities []Capability
	Regions      []string // that this process serves
}

// WhoAmI answers who calls.
func (v *View) WhoAmI(ctx context.Context) (Caller, error) {
	c := Caller{Kind: v.actor.Kind(), Session: v.actor.Session(), AccessKey: v.actor.AccessKeyID(), Capabilities: v.actor.Capabilities(), Regions: v.s.served()}
	switch c.Kind {
	case Operator:
		c.Name, c.Rights, c.Enabled = v.actor.Name(), v.actor.Rights(), true
		return c, nil
	case Administrator:
		a, found, err := v.s.Store.Admin(ctx, nil, v.actor.Admin())
		if err == nil && !found {
			err = noSession()
		}
		c.Admin = a.Admin
		return c, err
	}
	return Caller{}, errs.Say("auth.WhoAmI", errs.Denied, errs.Administrator, "Only administrators ask this.")
}

// Capabilities are what an administrator or the operator may do, sorted.
func (a Actor) Capabilities() []Capability {
	k := a.Kind()
	if k != Administrator && k != Operator {
		return nil
	}
	list := []Capability{ReadOrganizations, ReadAudit, ReadRegions}
	if k == Administrator {
		list = append(list, ChangeOwnCredentials)
	}
	if !a.ReadOnly() {
		list = append(list, WriteOrganizations)
	}
	if a.AllOrgs() {
		list = append(list, ReadAdministrators, ReadDeploymentAudit)
	}
	if a.Manages() {
		list = append(list, CreateOrganizations, WriteAdministrators)
	}
	slices.Sort(list)
	return list
}

// ListRegions answers the deployment's regions in order of name.
func (v *View) ListRegions(ctx context.Context) ([]RegionInfo, error) {
	if k := v.actor.Kind(); k != Administrator && k != Operator {
		return nil, errs.Say("auth.ListRegions", errs.Denied, errs.Region, "Only administrators ask this.")
	}
	list, err := v.s.Store.Regions(ctx, nil)
	for i := range list {
		_, list[i].Served = v.s.region(list[i].Name)
	}
	return list, err
}
