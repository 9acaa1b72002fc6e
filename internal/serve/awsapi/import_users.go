package awsapi

import (
	"context"

	"postroom/internal/core/directory"
	"postroom/internal/core/provision"
	"postroom/internal/serve/awsapi/api"
)

func importUsers(ctx context.Context, _ *call, o *provision.Organization, in *api.ImportUsersInput) (*api.ImportUsersOutput, error) {
	rows := make([]provision.ImportRow, len(in.Rows))
	for i := range in.Rows {
		r := &in.Rows[i]
		rows[i] = provision.ImportRow{
			NewUser: directory.NewUser{
				Name: value(r.Name), DisplayName: value(r.DisplayName), FirstName: value(r.FirstName), LastName: value(r.LastName),
				Password: value(r.Password), Role: directory.Role(value(r.Role)), Hidden: yes(r.HiddenFromGlobalAddressList),
			},
			Email: value(r.Email), Groups: r.Groups,
		}
	}
	list, err := o.ImportUsers(ctx, *in.ImportId, rows, yes(in.DryRun))
	out := make([]api.ImportResult, len(list))
	for i, r := range list {
		out[i] = api.ImportResult{Line: int32(page(in.Rows[i].Line)), Name: text(r.Name), Status: api.ImportStatus(r.Status), UserId: text(string(r.Entry))}
		if r.Err != nil {
			f := failed(api.CreateUserWithMailbox.Operation, r.Err)
			out[i].ErrorCode, out[i].Message = text(f.exception), text(f.text)
		}
	}
	return &api.ImportUsersOutput{Results: out}, err
}
