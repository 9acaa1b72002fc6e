package pack_test

import (
	"testing"

	"postroom/internal/core/mailbox"
	"postroom/internal/store/pack"
	"postroom/internal/store/storetest"
	"postroom/test/services"
)

// The same on a real S3 server.
func TestS3ContractReal(t *testing.T) {
	storetest.Packs(t, func(t *testing.T) mailbox.Packs {
		s := services.S3(t)
		return openS3(t, pack.S3Options{Endpoint: s.Endpoint, Bucket: s.Bucket, Region: s.Region, AccessKey: s.AccessKey, Secret: s.Secret, PathStyle: true, Prefix: "p/", TempDir: t.TempDir()})
	})
}
