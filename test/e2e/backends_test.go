package e2e

import (
	"testing"

	"postroom/internal/app"
	"postroom/test/services"
)

// TestMainJobOnPostgresAndS3 is the same story where servers share a database
// and a bucket.
func TestMainJobOnPostgresAndS3(t *testing.T) {
	mainJob(start(t, onServices(t)))
}

func onServices(t *testing.T) func(*app.Config) {
	dsn, s3 := services.Postgres(t), services.S3(t)
	return func(c *app.Config) {
		c.Database.DSN = dsn
		c.S3 = app.S3{Endpoint: s3.Endpoint, Bucket: s3.Bucket, Region: s3.Region, AccessKey: s3.AccessKey, Secret: s3.Secret, PathStyle: true}
	}
}
