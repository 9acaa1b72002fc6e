package app

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/auth"
	"postroom/internal/core/provision"
)

// command is one that the operator runs on the machine.
type command func(ctx context.Context, a *App, args json.RawMessage, p Progress) (any, error)

var commands = map[string]command{
	"status":              with(status),
	"admin list":          with(adminList),
	"admin create":        with(adminCreate),
	"admin reset":         with(adminReset),
	"admin reset-factors": with(adminResetFactors),
	"admin delete":        with(adminDelete),
	"key list":            with(keyList),
	"key create":          with(keyCreate),
	"key switch":          with(keySwitch),
	"key delete":          with(keyDelete),
	"domain verify":       with(domainVerify),
	"queue list":          with(queueList),
	"backup": with(func(ctx context.Context, a *App, in BackupArgs, p Progress) (any, error) {
		return a.Backup(ctx, in.To, p)
	}),
	"verify": with(func(ctx context.Context, a *App, _ struct{}, p Progress) (any, error) { return a.Verify(ctx, p) }),
	"restore mailbox": with(func(ctx context.Context, a *App, in RestoreMailbox, p Progress) (any, error) {
		return a.RestoreMailbox(ctx, in, p)
	}),
}

// with reads a command's arguments; one that it does not know is refused.
func with[In any](f func(context.Context, *App, In, Progress) (any, error)) command {
	return func(ctx context.Context, a *App, args json.RawMessage, p Progress) (any, error) {
		var in In
		if len(args) > 0 && string(args) != "null" {
			d := json.NewDecoder(bytes.NewReader(args))
			d.DisallowUnknownFields()
			if err := d.Decode(&in); err != nil {
				return nil, errs.Say("app.Do", errs.Invalid, errs.Request, "The command's arguments are not understood: %v", err)
			}
		}
		return f(ctx, a, in, p)
	}
}

// Do runs a command of the operator: for the control socket, and for a command
// that opened the store itself.
func (a *App) Do(ctx context.Context, name string, args json.RawMessage, p Progress) (any, error) {
	c, ok := commands[name]
	if !ok {
		return nil, errs.Say("app.Do", errs.Unsupported, errs.Operation, "The server (%s) does not know the command %q. It may be another version than this program.", Version(), name)
	}
	return c(ctx, a, args, p)
}

// Status is what runs.
type Status struct {
	Version string            `json:"version"`
	PID     int               `json:"pid"`
	Regions []string          `json:"regions"`
	Bound   map[string]string `json:"bound"`
	Ready   string            `json:"ready"` // empty: ready
}

func status(ctx context.Context, a *App, _ struct{}, _ Progress) (any, error) {
	s := Status{Version: Version(), PID: os.Getpid(), Regions: a.Config.Regions, Bound: a.Bound()}
	if err := a.Ready(ctx); err != nil {
		s.Ready = errs.Public(err)
	}
	return s, nil
}

// BackupArgs say where a backup goes.
type BackupArgs struct {
	To string `json:"to"`
}

// Admin is an administrator, for the operator.
type Admin struct {
	ID            string    `json:"id"`
	Name          string    `json:"name"`
	Role          string    `json:"role"`
	All           bool      `json:"all_organizations"`
	Organizations []string  `json:"organizations,omitempty"`
	Enabled       bool      `json:"enabled"`
	SignedIn      time.Time `json:"signed_in,omitzero"`
	Password      string    `json:"password,omitempty"` // a new one, shown once
}

func adminOf(a auth.Admin) Admin {
	out := Admin{ID: string(a.ID), Name: a.Name, Role: string(a.Role), All: a.All, Enabled: a.Enabled, SignedIn: a.SignedIn}
	for _, o := range a.Organizations {
		out.Organizations = append(out.Organizations, string(o))
	}
	return out
}

func (a *App) admins(operation string) *auth.View {
	return a.Auth.For(a.Auth.Operator("control")).Call("postroom "+operation, "", 0)
}

func adminList(ctx context.Context, a *App, _ struct{}, _ Progress) (any, error) {
	list := []Admin{}
	for after := ""; ; {
		page, next, err := a.admins("admin list").ListAdministrators(ctx, after, 100)
		if err != nil {
			return nil, err
		}
		for _, x := range page {
			list = append(list, adminOf(x))
		}
		if after = next; next == "" {
			return list, nil
		}
	}
}

// AdminCreate describes a new administrator. Without a password he can only be
// used by access keys.
type AdminCreate struct {
	Name          string   `json:"name"`
	Password      string   `json:"password,omitempty"`
	ReadOnly      bool     `json:"read_only,omitempty"`
	Organizations []string `json:"organizations,omitempty"` // ids or aliases; none: all
}

func adminCreate(ctx context.Context, a *App, in AdminCreate, _ Progress) (any, error) {
	r := auth.Rights{Role: auth.Full, All: len(in.Organizations) == 0}
	if in.ReadOnly {
		r.Role = auth.ReadOnly
	}
	for _, o := range in.Organizations {
		id, _, err := a.findOrg(ctx, o)
		if err != nil {
			return nil, err
		}
		r.Organizations = append(r.Organizations, id)
	}
	made, err := a.admins("admin create").CreateAdministrator(ctx, auth.NewAdmin{Name: in.Name, Password: in.Password, Rights: r})
	return adminOf(made), err
}

// findOrg finds an organization of any region by id or alias; no two have the same alias.
func (a *App) findOrg(ctx context.Context, name string) (ids.Org, *Region, error) {
	for _, r := range a.Regions {
		o, err := r.Orgs.ByID(ctx, nil, ids.Org(name))
		if errs.Is(err, errs.NotFound) {
			o, err = r.Orgs.ByAlias(ctx, nil, name)
		}
		if !errs.Is(err, errs.NotFound) {
			return o.ID, r, err
		}
	}
	return "", nil, errs.Say("app.findOrg", errs.NotFound, errs.Organization, "There is no organization with the id or alias %q.", name)
}

// AdminName names an administrator.
type AdminName struct {
	Name string `json:"name"`
}

func adminReset(ctx context.Context, a *App, in AdminName, _ Progress) (any, error) {
	password, err := a.Auth.ResetAdministrator(ctx, in.Name)
	if err == nil {
		if err := a.keepPassword(in.Name, password); err != nil {
			a.Log.Warn("dev will show the old password of the administrator", "error", err)
		}
	}
	return Admin{Name: in.Name, Password: password}, err
}

// Factors are the second factors that an administrator had.
type Factors struct {
	Name     string `json:"name"`
	TOTP     bool   `json:"totp"`
	Passkeys int    `json:"passkeys"`
}

func adminResetFactors(ctx context.Context, a *App, in AdminName, _ Progress) (any, error) {
	had, err := a.Auth.ResetFactors(ctx, in.Name)
	return Factors{Name: in.Name, TOTP: !had.TOTP.IsZero(), Passkeys: len(had.Passkeys)}, err
}

func adminDelete(ctx context.Context, a *App, in AdminName, _ Progress) (any, error) {
	x, err := a.admins("admin delete").FindAdministrator(ctx, in.Name)
	if err != nil {
		return nil, err
	}
	return struct{}{}, a.admins("admin delete").DeleteAdministrator(ctx, x.ID)
}

// Key is an access key, for the operator.
type Key struct {
	ID      string    `json:"id"`
	Admin   string    `json:"administrator"`
	Active  bool      `json:"active"`
	Created time.Time `json:"created"`
	Used    time.Time `json:"used,omitzero"`
	Secret  string    `json:"secret,omitempty"` // shown once
}

// KeyArgs name an access key of an administrator.
type KeyArgs struct {
	Admin  string `json:"admin"`
	ID     string `json:"id,omitempty"`
	Active bool   `json:"active,omitempty"`
}

func keyList(ctx context.Context, a *App, in KeyArgs, _ Progress) (any, error) {
	v := a.admins("admin access-key list")
	x, err := v.FindAdministrator(ctx, in.Admin)
	if err != nil {
		return nil, err
	}
	keys, err := v.ListAccessKeys(ctx, x.ID)
	list := []Key{}
	for _, k := range keys {
		list = append(list, Key{ID: k.ID, Admin: x.Name, Active: k.Active, Created: k.Created, Used: k.Used})
	}
	return list, err
}

func keyCreate(ctx context.Context, a *App, in KeyArgs, _ Progress) (any, error) {
	v := a.admins("admin access-key create")
	x, err := v.FindAdministrator(ctx, in.Admin)
	if err != nil {
		return nil, err
	}
	k, secret, err := v.CreateAccessKey(ctx, x.ID)
	return Key{ID: k.ID, Admin: x.Name, Active: k.Active, Created: k.Created, Secret: secret}, err
}

func keySwitch(ctx context.Context, a *App, in KeyArgs, _ Progress) (any, error) {
	v := a.admins("admin access-key switch")
	owner, err := v.AccessKeyOwner(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return struct{}{}, v.UpdateAccessKey(ctx, owner, in.ID, in.Active)
}

func keyDelete(ctx context.Context, a *App, in KeyArgs, _ Progress) (any, error) {
	v := a.admins("admin access-key delete")
	owner, err := v.AccessKeyOwner(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return struct{}{}, v.DeleteAccessKey(ctx, owner, in.ID)
}

// DomainVerify names a mail domain whose ownership the operator vouches for.
type DomainVerify struct {
	Organization string `json:"organization"` // id or alias
	Domain       string `json:"domain"`
}

func domainVerify(ctx context.Context, a *App, in DomainVerify, _ Progress) (any, error) {
	id, r, err := a.findOrg(ctx, in.Organization)
	if err != nil {
		return nil, err
	}
	o, err := r.Provision.For(a.Auth.Operator("control")).Organization(ctx, id, provision.Write, "postroom domain verify", "", 0)
	if err != nil {
		return nil, err
	}
	return struct{}{}, o.Domains.ForceMailDomain(ctx, in.Domain)
}
