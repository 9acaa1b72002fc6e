package awsapi

import (
	"postroom/internal/core/auth"
	"postroom/internal/serve/awsapi/api"
)

func accessKeyOf(k *auth.AccessKey) api.AccessKey {
	return api.AccessKey{
		AccessKeyId: &k.ID, AdministratorId: text(string(k.Admin)), CreatedDate: date(k.Created), LastUsedDate: date(k.Used), Status: keyStatus(k.Active),
	}
}

func keyStatus(active bool) api.AccessKeyStatus {
	if active {
		return api.AccessKeyStatusActive
	}
	return api.AccessKeyStatusInactive
}
