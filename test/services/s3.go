package services

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// S3Server is a bucket and how to reach it. Path-style addressing, plain HTTP.
type S3Server struct {
	Endpoint  string // http://127.0.0.1:PORT
	Region    string
	AccessKey string
	Secret    string
	Bucket    string
}

// S3 answers a fresh, empty bucket on a real S3 server over a folder, which is
// started at the first call of a test binary and shared by the later ones.
func S3(t testing.TB) S3Server {
	t.Helper()
	needsServices(t)
	s, err := s3Server()
	if err != nil {
		t.Fatal(err)
	}
	s.Bucket = fmt.Sprintf("test-%d", buckets.Add(1))
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if _, err := s.client().CreateBucket(ctx, &s3.CreateBucketInput{Bucket: &s.Bucket}); err != nil {
		t.Fatalf("services: S3: make bucket %s: %v", s.Bucket, err)
	}
	return s
}

var buckets atomic.Int64

var s3Server = sync.OnceValues(func() (S3Server, error) {
	s, err := startS3()
	if err != nil {
		return S3Server{}, fmt.Errorf("services: S3: %w", err)
	}
	return s, nil
})

func (s S3Server) client() *s3.Client {
	return s3.New(s3.Options{
		BaseEndpoint: &s.Endpoint,
		Region:       s.Region,
		UsePathStyle: true,
		Credentials:  credentials.NewStaticCredentialsProvider(s.AccessKey, s.Secret, ""),
		Retryer:      aws.NopRetryer{},
	})
}

func startS3() (S3Server, error) {
	program, err := Versitygw(context.Background())
	if err != nil {
		return S3Server{}, err
	}
	for try := 0; ; try++ { // the port may be taken between the look and the start
		s, err := startS3Once(program)
		if err == nil || try == 2 {
			return s, err
		}
	}
}

func startS3Once(program string) (_ S3Server, err error) {
	dir, err := os.MkdirTemp("", "postroom-s3-")
	if err != nil {
		return S3Server{}, err
	}
	defer func() {
		if err != nil {
			os.RemoveAll(dir)
		}
	}()
	data, meta := filepath.Join(dir, "data"), filepath.Join(dir, "meta")
	if err := errors.Join(os.Mkdir(data, 0o700), os.Mkdir(meta, 0o700)); err != nil {
		return S3Server{}, err
	}
	port, err := freePort()
	if err != nil {
		return S3Server{}, err
	}
	address := fmt.Sprintf("127.0.0.1:%d", port)
	s := S3Server{Endpoint: "http://" + address, Region: "us-east-1", AccessKey: "postroomtests", Secret: "not-a-secret"}
	// Attributes in a folder beside: a temporary folder may be on a file system
	// without extended attributes.
	c, err := start(dir, "TERM", nil, program, "--access", s.AccessKey, "--secret", s.Secret, "--region", s.Region,
		"--port", address, "--quiet", "posix", "--sidecar", meta, data)
	if err != nil {
		return S3Server{}, err
	}
	err = c.ready(30*time.Second, func(ctx context.Context) error {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
		if err != nil {
			return err
		}
		conn.Close()
		_, err = s.client().ListBuckets(ctx, &s3.ListBucketsInput{})
		return err
	})
	if err != nil {
		c.stop()
		return S3Server{}, err
	}
	return s, nil
}
