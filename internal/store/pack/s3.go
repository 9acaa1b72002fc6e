package pack

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"postroom/internal/base/errs"
	"postroom/internal/core/mailbox"
)

// S3Options says where the bucket is. The bucket must exist.
type S3Options struct {
	Endpoint  string // URL; empty for AWS itself
	Bucket    string
	Prefix    string // of every key, as "postroom/"
	Region    string // default us-east-1
	AccessKey string
	Secret    string
	PathStyle bool          // bucket in the path instead of the host name
	Wait      time.Duration // for company, before a group is put. Default 5 ms
	TempDir   string        // for contents above 16 MiB. Default the system's
}

const (
	groupMax   = 16 << 20         // of one object, unless one content is bigger
	putTimeout = 60 * time.Second // for a group, with its retries
	putsAtOnce = 16
)

// S3 keeps packs as objects PREFIX<number>.pack of one bucket. Any number of
// processes may share it.
type S3 struct {
	client *s3.Client
	opts   S3Options
	base   context.Context // of the groups' PUTs, ended by nobody's request
	slots  chan struct{}

	mu      sync.Mutex
	group   *group
	last    int64 // number given last
	closed  bool
	running sync.WaitGroup
}

var _ mailbox.Packs = (*S3)(nil)

// OpenS3 connects to the bucket and fails when it does not answer or refuses.
func OpenS3(ctx context.Context, o S3Options) (*S3, error) {
	const op = "pack.OpenS3"
	if o.Bucket == "" || o.AccessKey == "" || o.Secret == "" {
		return nil, errs.Say(op, errs.Config, errs.Storage, "S3 needs a bucket, an access key and its secret.")
	}
	if o.Region == "" {
		o.Region = "us-east-1"
	}
	if o.Wait <= 0 {
		o.Wait = 5 * time.Millisecond
	}
	client := s3.New(s3.Options{
		Region: o.Region, UsePathStyle: o.PathStyle,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: o.AccessKey, SecretAccessKey: o.Secret, Source: "postroom"}, nil
		}),
		Retryer: retry.NewStandard(func(r *retry.StandardOptions) {
			r.MaxAttempts, r.MaxBackoff = 5, 2*time.Second
		}),
		// Older servers know no other checksums; our own are inside the blobs.
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenRequired,
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenRequired,
	}, func(so *s3.Options) {
		if o.Endpoint != "" {
			so.BaseEndpoint = aws.String(o.Endpoint)
		}
	})
	if _, err := client.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &o.Bucket}); err != nil {
		return nil, errs.Say(op, errs.Unavailable, errs.Storage, "The bucket %s cannot be used.", o.Bucket).Because(err)
	}
	return &S3{client: client, opts: o, base: context.WithoutCancel(ctx), slots: make(chan struct{}, putsAtOnce)}, nil
}

func (s *S3) key(pack int64) string { return fmt.Sprintf("%s%019d%s", s.opts.Prefix, pack, packSuffix) }

func (s *S3) number(key string) (int64, bool) {
	digits, ok := strings.CutSuffix(strings.TrimPrefix(key, s.opts.Prefix), packSuffix)
	if !ok || len(digits) != 19 {
		return 0, false
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, err == nil && n > 0
}

// epoch is 1 January 2024 UTC in milliseconds: 41 bits from then end in 2093.
const epoch = 1704067200000

// next is a new pack number: 41 bits of time, 22 random bits. Numbers of one
// process strictly increase; that two processes never meet is seen to by the
// bucket (If-None-Match).
func (s *S3) next() int64 {
	var random [4]byte
	_, _ = rand.Read(random[:]) // never fails (crypto/rand)
	n := (time.Now().UnixMilli()-epoch)<<22 | int64(binary.BigEndian.Uint32(random[:])>>10)
	s.mu.Lock()
	defer s.mu.Unlock()
	if n <= s.last {
		n = s.last + 1 + int64(random[3]) // clock went back, or the same millisecond
	}
	s.last = n
	return n
}

// Open implements mailbox.Packs. ctx is also that of the reads.
func (s *S3) Open(ctx context.Context, key mailbox.BodyKey, at mailbox.Place) (mailbox.Content, error) {
	if err := checkPlace("pack.Open", at); err != nil {
		return nil, err
	}
	return newContent(object{ctx, s, at.Pack}, key, at), nil
}

// OpenAll implements mailbox.Packs.
func (s *S3) OpenAll(ctx context.Context, list []mailbox.Sealed) ([]mailbox.Content, []error) {
	return openAll(list, func(pack int64) source { return object{ctx, s, pack} })
}

// Verify implements mailbox.Packs.
func (s *S3) Verify(ctx context.Context, key mailbox.BodyKey, at mailbox.Place) error {
	if err := checkPlace("pack.Verify", at); err != nil {
		return err
	}
	c := newContent(object{ctx, s, at.Pack}, key, at)
	defer c.Close()
	return c.verify(ctx)
}

// Scrub finds bit rot in a content without its key.
func (s *S3) Scrub(ctx context.Context, at mailbox.Place) error {
	return scrub(ctx, object{ctx, s, at.Pack}, at, nil)
}

// List implements mailbox.Packs.
func (s *S3) List(ctx context.Context) ([]mailbox.PackInfo, error) {
	var all []mailbox.PackInfo
	pages := s3.NewListObjectsV2Paginator(s.client, &s3.ListObjectsV2Input{Bucket: &s.opts.Bucket, Prefix: &s.opts.Prefix})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, unavailable("pack.List", err)
		}
		for _, o := range page.Contents {
			if n, ok := s.number(aws.ToString(o.Key)); ok {
				all = append(all, mailbox.PackInfo{Pack: n, Length: aws.ToInt64(o.Size), Changed: aws.ToTime(o.LastModified)})
			}
		}
	}
	return all, nil // keys of 19 digits come in the order of their numbers
}

// Remove implements mailbox.Packs. Contents that are open can no longer be read.
func (s *S3) Remove(ctx context.Context, pack int64) error {
	_, err := s.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &s.opts.Bucket, Key: aws.String(s.key(pack))})
	if err != nil && !missing(err) {
		return unavailable("pack.Remove", err)
	}
	return nil
}

// ReadPack implements mailbox.Packs.
func (s *S3) ReadPack(ctx context.Context, pack, length int64) (io.ReadCloser, error) {
	const op = "pack.ReadPack"
	if length < 0 {
		return nil, errs.Say(op, errs.Invalid, errs.Storage, "Pack %d has no %d lasting bytes.", pack, length)
	}
	in := &s3.GetObjectInput{Bucket: &s.opts.Bucket, Key: aws.String(s.key(pack))}
	if length > 0 {
		in.Range = aws.String(fmt.Sprintf("bytes=0-%d", length-1))
	}
	out, err := s.client.GetObject(ctx, in)
	if missing(err) {
		return nil, errs.Say(op, errs.NotFound, errs.Storage, "There is no pack %d.", pack)
	}
	if err != nil {
		return nil, unavailable(op, err)
	}
	return &packReader{io.LimitReader(out.Body, length), out.Body, length}, nil
}

// Close implements mailbox.Packs. What waits is still put and answered.
func (s *S3) Close() error {
	s.mu.Lock()
	s.closed = true
	if g := s.group; g != nil {
		s.group = nil
		s.send(g)
	}
	s.mu.Unlock()
	s.running.Wait()
	return nil
}

// missing tells whether err says that there is no such object.
func missing(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && (api.ErrorCode() == "NoSuchKey" || api.ErrorCode() == "NotFound") || statusOf(err) == http.StatusNotFound
}

func statusOf(err error) int {
	var r interface{ HTTPStatusCode() int }
	if errors.As(err, &r) {
		return r.HTTPStatusCode()
	}
	return 0
}

// object is the source of one content.
type object struct {
	ctx  context.Context
	s    *S3
	pack int64
}

func (o object) readAt(p []byte, off int64) error {
	out, err := o.s.client.GetObject(o.ctx, &s3.GetObjectInput{
		Bucket: &o.s.opts.Bucket, Key: aws.String(o.s.key(o.pack)),
		Range: aws.String(fmt.Sprintf("bytes=%d-%d", off, off+int64(len(p))-1)),
	})
	switch {
	case missing(err):
		return fs.ErrNotExist
	case statusOf(err) == http.StatusRequestedRangeNotSatisfiable:
		return io.ErrUnexpectedEOF
	case err != nil:
		return unavailable("pack.Read", err)
	}
	defer out.Body.Close()
	if out.ContentLength != nil && *out.ContentLength < int64(len(p)) {
		return io.ErrUnexpectedEOF
	}
	if _, err := io.ReadFull(out.Body, p); err != nil {
		return unavailable("pack.Read", err) // the connection broke
	}
	return nil
}

func (o object) ahead() int64 { return spillAt }
func (o object) close()       {}
