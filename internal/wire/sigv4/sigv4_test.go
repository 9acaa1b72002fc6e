package sigv4

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

const (
	keyID  = "AKIDEXAMPLEEXAMPLE"
	secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
	region = "us-east-1"
)

var clock = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// call is a request of the API's kind, not signed.
func call(path, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:8000"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	r.Header.Set("X-Amz-Target", "WorkMailService.DescribeUser")
	return r
}

// sdkSign signs as the SDK's clients do.
func sdkSign(t testing.TB, r *http.Request, body, secret, service, region string, at time.Time) {
	t.Helper()
	sum := sha256.Sum256([]byte(body))
	err := v4.NewSigner().SignHTTP(context.Background(), aws.Credentials{AccessKeyID: keyID, SecretAccessKey: secret}, r,
		hex.EncodeToString(sum[:]), service, region, at)
	if err != nil {
		t.Fatal(err)
	}
}

func verify(r *http.Request, body string, now time.Time) error {
	p, err := Parse(r)
	if err != nil {
		return err
	}
	if err := p.Scope("workmail", region, "eu-west-1"); err != nil {
		return err
	}
	return new(Verifier).Verify(p, secret, []byte(body), now)
}

func TestSDKSignatures(t *testing.T) {
	for _, path := range []string{"/", "/a/b", "/?b=2&a=1&a=0", "/?x=%20+%2F~&y", "/a%20b/c%2Fd", "/é", "/?Action=%E2%82%AC&A=1"} {
		for _, body := range []string{"", "{}", strings.Repeat("x", 100_000)} {
			r := call(path, body)
			r.Header.Set("X-Amz-Meta", "  a   b  ")
			sdkSign(t, r, body, secret, "workmail", region, clock)
			if err := verify(r, body, clock); err != nil {
				t.Errorf("%s, %d bytes: %v", path, len(body), err)
			}
			if err := verify(r, body+" ", clock); !errors.Is(err, ErrMismatch) {
				t.Errorf("%s with another body: %v", path, err)
			}
			r = call(path, body)
			Sign(r, []byte(body), keyID, secret, region, "workmail", clock)
			if err := verify(r, body, clock); err != nil {
				t.Errorf("%s signed by Sign: %v", path, err)
			}
		}
	}
}

// The example of AWS's documentation ("Elements of an AWS API request
// signature", IAM ListUsers).
func TestDocumentedExample(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08", nil)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	r.Header.Set("X-Amz-Date", "20150830T123600Z")
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "+
		"SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7")
	p, err := Parse(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := new(Verifier).Verify(p, secret, nil, time.Date(2015, 8, 30, 12, 36, 0, 0, time.UTC)); err != nil {
		t.Error(err)
	}
}

// Vectors of AWS's test suite (aws-sig-v4-test-suite), as raw requests.
func TestSuiteVectors(t *testing.T) {
	for name, v := range map[string][3]string{
		"get-vanilla":                  {"GET / HTTP/1.1\r\n", "host;x-amz-date", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
		"get-vanilla-query-order-key":  {"GET /?Param1=value2&Param1=Value1 HTTP/1.1\r\n", "host;x-amz-date", "eedbc4e291e521cf13422ffca22be7d2eb8146eecf653089df300a15b2382bd1"},
		"get-vanilla-query-order-case": {"GET /?Param2=value2&Param1=value1 HTTP/1.1\r\n", "host;x-amz-date", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
		"get-header-value-trim":        {"GET / HTTP/1.1\r\nMy-Header1: value1\r\nMy-Header2:  \"a   b   c\" \r\n", "host;my-header1;my-header2;x-amz-date", "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
		"get-header-key-duplicate":     {"GET / HTTP/1.1\r\nMy-Header1:value2\r\nMy-Header1:value2\r\nMy-Header1:value1\r\n", "host;my-header1;x-amz-date", "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
		"post-vanilla":                 {"POST / HTTP/1.1\r\n", "host;x-amz-date", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
		"post-header-key-sort":         {"POST / HTTP/1.1\r\nMy-Header1:value1\r\n", "host;my-header1;x-amz-date", "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"},
		"get-slash (normalized)":       {"GET // HTTP/1.1\r\n", "host;x-amz-date", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
		"get-relative (normalized)":    {"GET /example/.. HTTP/1.1\r\n", "host;x-amz-date", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
	} {
		raw := v[0] + "Host:example.amazonaws.com\r\nX-Amz-Date:20150830T123600Z\r\n" +
			"Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=" + v[1] + ", Signature=" + v[2] + "\r\n\r\n"
		r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(raw)))
		if err != nil {
			t.Fatal(err)
		}
		p, err := Parse(r)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := new(Verifier).Verify(p, secret, nil, time.Date(2015, 8, 30, 12, 36, 0, 0, time.UTC)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// reliability.md row 127, the wire's part of it.
func TestRow127(t *testing.T) {
	resign := func(r *http.Request, list string) { // a right signature over these headers
		p := &Parsed{request: r}
		p.Credential = Credential{keyID, clock.Format("20060102"), region, "workmail"}
		headers := strings.Split(list, ";")
		sig := sign(derive(p.Credential, secret), r, p.Credential, r.Header.Get("X-Amz-Date"), headers, list, sha256.Sum256([]byte("{}")))
		r.Header.Set("Authorization", fmt.Sprintf("AWS4-HMAC-SHA256 Credential=%s/%s/%s/workmail/aws4_request, SignedHeaders=%s, Signature=%x", keyID, p.Date, region, list, sig))
	}
	edit := func(from, to string) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), from, to, 1))
		}
	}
	set := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	for _, c := range []struct {
		name      string
		change    func(*http.Request)
		offset    time.Duration
		kind      error
		exception string
		text      string
	}{
		{name: "right"},
		{name: "replay inside the window", offset: 4 * time.Minute},
		{name: "late by 5:00", offset: 5 * time.Minute},
		{name: "early by 5:00", offset: -5 * time.Minute},
		{name: "late by 5:01", offset: 5*time.Minute + time.Second, kind: ErrSkew, exception: "InvalidSignatureException",
			text: "Signature expired: 20261125T120000Z is now earlier than 20261125T120001Z (20261125T120501Z - 5 min.)"},
		{name: "early by 5:01", offset: -5*time.Minute - time.Second, kind: ErrSkew, exception: "InvalidSignatureException",
			text: "Signature not yet current: 20261125T120000Z is still later than 20261125T115959Z (20261125T115459Z + 5 min.)"},
		{name: "no signature", change: func(r *http.Request) { r.Header.Del("Authorization") }, kind: ErrMissing, exception: "MissingAuthenticationTokenException"},
		{name: "another scheme", change: set("Authorization", "Bearer x"), kind: ErrIncomplete, exception: "IncompleteSignatureException"},
		{name: "two headers", change: func(r *http.Request) { r.Header.Add("Authorization", "x") }, kind: ErrIncomplete},
		{name: "no signature part", change: edit("Signature=", "Sig="), kind: ErrIncomplete},
		{name: "only the algorithm", change: set("Authorization", "AWS4-HMAC-SHA256 "), kind: ErrIncomplete, text: "requires 'Credential' parameter"},
		{name: "short signature", change: edit("Signature=", "Signature=00, Signature="), kind: ErrIncomplete},
		{name: "not hexadecimal", change: func(r *http.Request) {
			a := r.Header.Get("Authorization")
			r.Header.Set("Authorization", a[:len(a)-1]+"g")
		}, kind: ErrIncomplete},
		{name: "long header", change: set("Authorization", "AWS4-HMAC-SHA256 "+strings.Repeat("x", 9000)), kind: ErrIncomplete},
		{name: "four parts of scope", change: edit("/workmail/", "/"), kind: ErrIncomplete, text: "exactly 5"},
		{name: "wrong terminator", change: edit("aws4_request", "aws5_request"), kind: ErrScope, exception: "InvalidSignatureException"},
		{name: "wrong region", change: edit("us-east-1", "us-west-2"), kind: ErrScope, exception: "InvalidSignatureException", text: "Credential should be scoped to a valid region, not 'us-west-2'."},
		{name: "another hosted region", change: edit("us-east-1", "eu-west-1"), kind: ErrMismatch},
		{name: "wrong service", change: edit("/workmail/", "/s3/"), kind: ErrScope, exception: "InvalidSignatureException", text: "correct service: 'workmail'"},
		{name: "wrong date of scope", change: edit("20261125", "20261124"), kind: ErrScope, text: "Date in Credential scope"},
		{name: "no date", change: func(r *http.Request) { r.Header.Del("X-Amz-Date") }, kind: ErrIncomplete},
		{name: "bad date", change: set("X-Amz-Date", "2026-11-25T12:00:00Z"), kind: ErrIncomplete},
		{name: "two dates", change: func(r *http.Request) { r.Header.Add("X-Amz-Date", "20261125T120000Z") }, kind: ErrIncomplete},
		{name: "other date", change: set("X-Amz-Date", "20261125T120001Z"), kind: ErrMismatch},
		{name: "session token", change: set("X-Amz-Security-Token", "x"), kind: ErrUnknownKey, exception: "UnrecognizedClientException"},
		{name: "other target", change: set("X-Amz-Target", "WorkMailService.DeleteUser"), kind: ErrMismatch},
		{name: "duplicate target", change: func(r *http.Request) { r.Header.Add("X-Amz-Target", "WorkMailService.DeleteUser") }, kind: ErrIncomplete},
		{name: "other host", change: func(r *http.Request) { r.Host = "other.test" }, kind: ErrMismatch},
		{name: "other method", change: func(r *http.Request) { r.Method = "GET" }, kind: ErrMismatch},
		{name: "other query", change: func(r *http.Request) { r.URL.RawQuery = "a=b" }, kind: ErrMismatch},
		{name: "other path", change: func(r *http.Request) { r.URL.Path = "/x" }, kind: ErrMismatch},
		{name: "target not signed", change: func(r *http.Request) { resign(r, "host;x-amz-date") }, kind: ErrMismatch, text: "'x-amz-target' must be a 'SignedHeader'"},
		{name: "host not signed", change: func(r *http.Request) { resign(r, "x-amz-date;x-amz-target") }, kind: ErrMismatch, text: "'host' must be"},
		{name: "date not signed", change: func(r *http.Request) { resign(r, "host;x-amz-target") }, kind: ErrMismatch, text: "'x-amz-date' must be"},
		{name: "only what is needed", change: func(r *http.Request) { resign(r, "host;x-amz-date;x-amz-target") }},
		{name: "out of order", change: func(r *http.Request) { resign(r, "x-amz-target;host;x-amz-date") }, kind: ErrIncomplete},
		{name: "signed twice", change: func(r *http.Request) { resign(r, "host;host;x-amz-date;x-amz-target") }, kind: ErrIncomplete},
		{name: "too many headers", change: func(r *http.Request) { resign(r, strings.Repeat("a;", 65)+"host") }, kind: ErrIncomplete},
		{name: "unsigned header", change: set("X-Other", "anything")},
		{name: "unsigned payload", change: func(r *http.Request) {
			r.Header.Set("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD")
			resign(r, "host;x-amz-content-sha256;x-amz-date;x-amz-target")
		}, kind: ErrMismatch, text: "payload must be signed"},
		{name: "chunked payload", change: set("X-Amz-Content-Sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"), kind: ErrMismatch},
		{name: "another payload's hash", change: func(r *http.Request) {
			r.Header.Set("X-Amz-Content-Sha256", strings.Repeat("0", 64))
			resign(r, "host;x-amz-content-sha256;x-amz-date;x-amz-target")
		}, kind: ErrMismatch},
	} {
		r := call("/", "{}")
		sdkSign(t, r, "{}", secret, "workmail", region, clock)
		if c.change != nil {
			c.change(r)
		}
		err := verify(r, "{}", clock.Add(c.offset))
		if c.kind == nil {
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		var e *Error
		if !errors.Is(err, c.kind) || !errors.As(err, &e) {
			t.Errorf("%s: %v (%v)", c.name, err, errors.Unwrap(err))
			continue
		}
		if c.exception != "" && e.Exception() != c.exception || !strings.Contains(e.Text, c.text) {
			t.Errorf("%s: %s: %s", c.name, e.Exception(), e.Text)
		}
	}
}

func TestSecrets(t *testing.T) {
	var v Verifier
	r := call("/", "{}")
	sdkSign(t, r, "{}", secret, "workmail", region, clock)
	p, err := Parse(r)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // derived, then from the cache
		if err := v.Verify(p, secret, []byte("{}"), clock); err != nil {
			t.Error(err)
		}
		if err := v.Verify(p, "another secret", []byte("{}"), clock); !errors.Is(err, ErrMismatch) {
			t.Errorf("another secret: %v", err)
		}
		if err := v.Refuse(p, []byte("{}"), clock); !errors.Is(err, ErrUnknownKey) {
			t.Errorf("unknown key: %v", err)
		}
	}
	for i := range maxKeys + 10 {
		v.key(Credential{KeyID: fmt.Sprint(i)}, secret)
	}
	if len(v.keys) > maxKeys {
		t.Errorf("%d keys kept", len(v.keys))
	}
}

// Over a real connection, where Go's server has its own idea of some headers.
func TestOverHTTP(t *testing.T) {
	errs := make(chan error, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		errs <- verify(r, string(body), clock)
	}))
	defer server.Close()
	for _, body := range []string{"", `{"a":1}`} {
		r, _ := http.NewRequest(http.MethodPost, server.URL, bytes.NewReader([]byte(body)))
		r.Header.Set("X-Amz-Target", "WorkMailService.DescribeUser")
		sdkSign(t, r, body, secret, "workmail", region, clock) // signs content-length too
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if err := <-errs; err != nil {
			t.Errorf("%q: %v", body, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("AWS4-HMAC-SHA256 Credential=a/20261125/r/s/aws4_request, SignedHeaders=host;x-amz-date;x-amz-target, Signature="+strings.Repeat("0", 64), "20261125T120000Z", "/a/../b//c?x=%zz&y")
	f.Add("AWS4-HMAC-SHA256 ,,,=", "", "/")
	f.Fuzz(func(t *testing.T, authorization, date, uri string) {
		r := call("/", "")
		r.URL.Path, r.URL.RawQuery, _ = strings.Cut(uri, "?")
		r.Header.Set("Authorization", authorization)
		r.Header.Set("X-Amz-Date", date)
		if err := verify(r, "", clock); err == nil {
			t.Fatal("a signature out of nothing")
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	const body = `{"OrganizationId":"m-0123456789abcdef0123456789abcdef","UserId":"alice"}`
	r := call("/", body)
	sdkSign(b, r, body, secret, "workmail", region, clock)
	var v Verifier
	b.ReportAllocs()
	for b.Loop() {
		p, err := Parse(r)
		if err == nil {
			err = v.Verify(p, secret, []byte(body), clock)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}
