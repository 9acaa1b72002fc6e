// Package foreign uses the whole server as other people's programs do: the AWS
// CLI and SDK, swaks, curl, mbsync, openssl and Python's mail library. It looks
// at no inside: what is tested is what these programs say.
package foreign

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"postroom/internal/app"
	"postroom/internal/base/clock"
	"postroom/test/services"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

// limit is how long a program, or something that happens by itself, may take.
const limit = 60 * time.Second

// world is a running server of a test.
type world struct {
	testing.TB
	*app.Endpoints
	tls   *tls.Config
	clock clock.Clock // the server's, by which requests are signed
}

func start(t testing.TB) *world {
	t.Helper()
	return startWith(t, app.Options{})
}

func startWith(t testing.TB, o app.Options) *world {
	t.Helper()
	c, err := app.DevConfig(t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	a, e, err := app.DevWith(t.Context(), c, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := a.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	ca, err := os.ReadFile(e.CAFile)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(ca) {
		t.Fatal("ca_file has no certificate")
	}
	return &world{t, e, &tls.Config{RootCAs: roots, ServerName: "localhost"}, cmp.Or[clock.Clock](o.Clock, clock.System)}
}

// ok ends the test at an error.
func (w *world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// api is the SDK's client for a region, signing with the sample key.
func (w *world) api(region string) *workmail.Client {
	return workmail.New(workmail.Options{Region: region, BaseEndpoint: aws.String(w.API), RetryMaxAttempts: 1, HTTPClient: patient{}, HTTPSignerV4: w,
		Credentials: credentials.NewStaticCredentialsProvider(w.AccessKey.ID, w.AccessKey.Secret, "")})
}

// SignHTTP signs the SDK's requests.
func (w *world) SignHTTP(ctx context.Context, who aws.Credentials, r *http.Request, payload, service, region string, _ time.Time, options ...func(*v4.SignerOptions)) error {
	return v4.NewSigner().SignHTTP(ctx, who, r, payload, service, region, w.clock.Now(), options...)
}

// patient hands the SDK's requests on as plain readers. Its own have a WriteTo that
// answers io.EOF once the answer is there, and where a busy machine was slow to
// look whether a request has ended, net/http takes that for a failed write and
// closes the connection amid the answer.
type patient struct{}

func (patient) Do(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		r.Body = struct{ io.ReadCloser }{r.Body}
	}
	return http.DefaultClient.Do(r)
}

// result is what a program said.
type result struct {
	out, err string
	code     int
}

func (r result) String() string { return r.out + r.err }

// program runs one of the programs that test/services knows.
func (w *world) program(in, name string, args ...string) result {
	w.Helper()
	return w.run(in, w.path(name), args...)
}

func (w *world) path(name string) string {
	w.Helper()
	return services.Program(w, name)
}

func (w *world) run(in, path string, args ...string) result {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Stdin = strings.NewReader(in)
	return w.wait(ctx, cmd)
}

func (w *world) wait(ctx context.Context, cmd *exec.Cmd) result {
	w.Helper()
	var out, err bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &err
	if e := cmd.Run(); e != nil && (cmd.ProcessState == nil || ctx.Err() != nil) {
		w.Fatalf("%v: %v %v\n%s%s", cmd.Args, e, ctx.Err(), &out, &err)
	}
	return result{out.String(), err.String(), cmd.ProcessState.ExitCode()}
}

// eventually waits until try has nothing to say any more.
func (w *world) eventually(try func() string) {
	w.Helper()
	w.until(limit, try)
}

func (w *world) until(long time.Duration, try func() string) {
	w.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(long); ; <-tick.C {
		said := try()
		if said == "" {
			return
		}
		if time.Now().After(end) {
			w.Fatal(said)
		}
	}
}
