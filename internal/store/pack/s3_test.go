package pack_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"postroom/internal/base/errs"
	"postroom/internal/core/mailbox"
	"postroom/internal/store/pack"
	"postroom/internal/store/storetest"
)

// fakeS3 is a server in this process whose PUTs of packs front may see first;
// front answers itself by returning false.
func fakeS3(t testing.TB, front func(w http.ResponseWriter, r *http.Request) bool) pack.S3Options {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("mail"); err != nil {
		t.Fatal(err)
	}
	fake := gofakes3.New(backend).Server()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut && front != nil && !front(w, r) {
			return
		}
		fake.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return pack.S3Options{Endpoint: server.URL, Bucket: "mail", Prefix: "one/", AccessKey: "key", Secret: "secret",
		PathStyle: true, TempDir: t.TempDir()}
}

func openS3(t testing.TB, o pack.S3Options) *pack.S3 {
	t.Helper()
	p, err := pack.OpenS3(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

func TestS3Contract(t *testing.T) {
	storetest.Packs(t, func(t *testing.T) mailbox.Packs { return openS3(t, fakeS3(t, nil)) })
}

// Puts that run together share one object; another machine's bucket user does
// not disturb.
func TestS3Groups(t *testing.T) {
	var puts atomic.Int64
	o := fakeS3(t, func(http.ResponseWriter, *http.Request) bool { puts.Add(1); return true })
	o.Wait = 200 * time.Millisecond
	a, b := openS3(t, o), openS3(t, o)
	var wg sync.WaitGroup
	for i := range 20 {
		p := a
		if i%2 == 1 {
			p = b
		}
		wg.Go(func() {
			if _, err := p.Put(context.Background(), mailbox.BodyKey{byte(i), 1}, strings.NewReader("hello"), 5); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := puts.Load(); n < 2 || n > 8 {
		t.Errorf("%d PUTs for 20 contents of two machines", n)
	}
	all, err := a.List(t.Context())
	if err != nil || int64(len(all)) != puts.Load() {
		t.Errorf("%d packs, %d PUTs, %v", len(all), puts.Load(), err)
	}
}

// A number that is taken is answered with 412 and another is used.
func TestS3NumberTaken(t *testing.T) {
	var puts atomic.Int64
	p := openS3(t, fakeS3(t, func(w http.ResponseWriter, r *http.Request) bool {
		if r.Header.Get("If-None-Match") != "*" {
			t.Error("a PUT without If-None-Match")
		}
		if puts.Add(1) == 1 {
			w.WriteHeader(http.StatusPreconditionFailed)
			return false
		}
		return true
	}))
	key := mailbox.BodyKey{1}
	at, err := p.Put(t.Context(), key, strings.NewReader("hello"), 5)
	if err != nil || p.Verify(t.Context(), key, at) != nil {
		t.Fatal(err)
	}
}

// A PUT that fails answers all that waited for it; the next is a new one.
func TestS3PutFails(t *testing.T) {
	var broken atomic.Bool
	broken.Store(true)
	o := fakeS3(t, func(w http.ResponseWriter, _ *http.Request) bool {
		if broken.Load() {
			w.WriteHeader(http.StatusForbidden)
			return false
		}
		return true
	})
	o.Wait = 50 * time.Millisecond
	p := openS3(t, o)
	var wg sync.WaitGroup
	for i := range 8 {
		size := 100
		if i == 0 {
			size = 20 << 20 // through the temporary file
		}
		wg.Go(func() {
			_, err := p.Put(context.Background(), mailbox.BodyKey{byte(i)}, io.LimitReader(noise{}, int64(size)), int64(size))
			if k, s := errs.Of(err); k != errs.Unavailable || s != errs.Storage {
				t.Errorf("error is %v", err)
			}
		})
	}
	wg.Wait()
	broken.Store(false)
	if _, err := p.Put(t.Context(), mailbox.BodyKey{9}, bytes.NewReader([]byte("x")), 1); err != nil {
		t.Fatal(err)
	}
}

// A server that does not answer holds nobody beyond his own time.
func TestS3PutBounded(t *testing.T) {
	release := make(chan struct{})
	p := openS3(t, fakeS3(t, func(w http.ResponseWriter, _ *http.Request) bool { <-release; return true }))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := p.Put(ctx, mailbox.BodyKey{1}, strings.NewReader("x"), 1)
	close(release)
	if !errs.Is(err, errs.Unavailable) {
		t.Fatalf("error is %v", err)
	}
}

func TestOpenS3Refuses(t *testing.T) {
	o := fakeS3(t, nil)
	o.Bucket = "other"
	if _, err := pack.OpenS3(t.Context(), o); !errs.Is(err, errs.Unavailable) {
		t.Errorf("unknown bucket: %v", err)
	}
	o.Secret = ""
	if _, err := pack.OpenS3(t.Context(), o); !errs.Is(err, errs.Config) {
		t.Errorf("no secret: %v", err)
	}
}

// noise is bytes that do not compress well.
type noise struct{}

func (noise) Read(p []byte) (int, error) {
	x := uint32(len(p)) | 1
	for i := range p {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		p[i] = byte(x)
	}
	return len(p), nil
}
