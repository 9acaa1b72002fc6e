package awsapi

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"postroom/internal/wire/sigv4"
)

// TestBadBodies: each has its own complaint, and nothing is done.
func TestBadBodies(t *testing.T) {
	w := newWorld(t)
	org := *w.organization(w.sdk(w.root, east), "acme")
	head := `{"OrganizationId":"` + org + `","DisplayName":"X"`
	for _, c := range []struct{ name, body, code, text string }{
		{"no JSON", `<xml/>`, serialization, ""},
		{"half", head + `,"Name":"a`, serialization, ""},
		{"not an object", `"x"`, serialization, ""},
		{"two documents", head + `,"Name":"twice"}{}`, serialization, ""},
		{"wrong type", head + `,"Name":1}`, serialization, "Name"},
		{"a list for a string", head + `,"Name":["a"]}`, serialization, "Name"},
		{"wrong type of a flag", head + `,"Name":"a","HiddenFromGlobalAddressList":"yes"}`, serialization, "HiddenFromGlobalAddressList"},
		{"deep", head + `,"X":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`, serialization, ""},
		{"no UTF-8", head + ",\"Name\":\"\xff\"}", serialization, ""},
		{"empty", ``, invalidParameter, "3 validation errors"},
		{"null", head + `,"Name":null}`, invalidParameter, "'name'"},
		{"another case", head + `,"name":"a"}`, invalidParameter, "'name'"},
		{"too long", head + `,"Name":"` + strings.Repeat("a", 65) + `"}`, invalidParameter, "64"},
		{"NUL", head + `,"Name":"a\u0000"}`, invalidParameter, ""},
		{"secret is not shown", head + `,"Name":"a","Password":"` + strings.Repeat("S3cret!", 40) + `"}`, invalidParameter, "'password'"},
		{"an unknown member is ignored", head + `,"Name":"fine","Colour":{"deep":[1,{}]}}`, "", ""},
		{"the last of two counts, as AWS reads it", head + `,"Name":"a b","Name":"fine2"}`, "", ""},
	} {
		a := w.signed(w.root, east, "WorkMailService.CreateUser", c.body)
		if a.code() != c.code || !strings.Contains(a.text, c.text) || c.code != "" && (a.status != 400 || a.str("message") != a.str("Message")) {
			t.Errorf("%s: %d %s", c.name, a.status, a.text)
		}
		if strings.Contains(a.text, "S3cret") {
			t.Errorf("%s: a secret is answered: %s", c.name, a.text)
		}
		if got := a.header.Get("Content-Type"); got != "application/x-amz-json-1.1" {
			t.Errorf("%s: %s", c.name, got)
		}
	}
	list := w.signed(w.root, east, "WorkMailService.ListUsers", `{"OrganizationId":"`+org+`"}`)
	if n := strings.Count(list.text, `"Id"`); n > 2 {
		t.Errorf("bad calls made users: %s", list.text)
	}
	if strings.Contains(w.log.String(), "S3cret") {
		t.Error("a secret is in the log")
	}
}

// TestUnknownOperation: no target, an unknown one, two, and a very long one.
func TestUnknownOperation(t *testing.T) {
	w := newWorld(t)
	for _, target := range []string{"", "WorkMailService.MakeCoffee", "workmailservice.ListUsers", "CreateUser", strings.Repeat("x", 5000)} {
		a := w.signed(w.root, east, target, `{}`)
		if a.code() != unknownOperation || a.status != 400 || len(a.text) > 1000 {
			t.Errorf("%.40q: %d %.300s", target, a.status, a.text)
		}
	}
	r := w.request("WorkMailService.ListUsers", `{}`)
	r.Header.Add("X-Amz-Target", "WorkMailService.DeleteUser")
	if a := w.do(r); a.code() != unknownOperation {
		t.Error(a.text)
	}
	for _, method := range []string{"PUT", "DELETE"} {
		r, _ := http.NewRequest(method, w.url, nil)
		if a, err := http.DefaultClient.Do(r); err != nil || a.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("%s: %v %v", method, a.Status, err)
		}
	}
}

// TestLongBodies: 10 MB, with and without a length, cost no memory and get an
// answer; so does a body that never ends its promise.
func TestLongBodies(t *testing.T) {
	w := newWorld(t)
	const size = 10 << 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 10 {
		c, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(w.url, "http://"), "/"))
		must(t, err)
		c.SetDeadline(time.Now().Add(20 * time.Second))
		fmt.Fprintf(c, "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-amz-json-1.1\r\nX-Amz-Target: WorkMailService.CreateUser\r\nContent-Length: %d\r\n\r\n", size)
		a, err := http.ReadResponse(bufio.NewReader(c), nil)
		must(t, err)
		if a.StatusCode != http.StatusRequestEntityTooLarge || !a.Close {
			t.Errorf("%s, close %v", a.Status, a.Close)
		}
		c.Close()
	}
	c, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(w.url, "http://"), "/"))
	must(t, err)
	defer c.Close()
	c.SetDeadline(time.Now().Add(20 * time.Second))
	fmt.Fprint(c, "POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: WorkMailService.CreateUser\r\nTransfer-Encoding: chunked\r\n\r\n")
	go func() {
		chunk := fmt.Sprintf("%x\r\n%s\r\n", 64<<10, strings.Repeat("a", 64<<10))
		for range 40 { // the server closes on the way
			if _, err := c.Write([]byte(chunk)); err != nil {
				return
			}
		}
	}()
	a, err := http.ReadResponse(bufio.NewReader(c), nil)
	must(t, err)
	if a.StatusCode != http.StatusRequestEntityTooLarge {
		t.Error(a.Status)
	}
	runtime.ReadMemStats(&after)
	if grown := int64(after.TotalAlloc - before.TotalAlloc); grown > 16<<20 {
		t.Errorf("%d bytes were allocated for bodies that are refused", grown)
	}
	// Gone in the middle: no answer, no harm.
	half, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(w.url, "http://"), "/"))
	must(t, err)
	fmt.Fprint(half, "POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: WorkMailService.CreateUser\r\nContent-Length: 100\r\n\r\n{\"Org")
	half.Close()
	if a := w.signed(w.root, east, "Postroom.WhoAmI", `{}`); a.code() != "" {
		t.Error(a.text)
	}
}

// TestPanic: a fault of ours ends the call with a request id, not the server.
func TestPanic(t *testing.T) {
	w := newWorld(t)
	w.handler.Auth = nil // the next call falls over it
	a := w.signed(w.root, east, "Postroom.WhoAmI", `{}`)
	if a.code() != internalFailure || a.status != 500 || strings.Contains(a.text, "nil pointer") {
		t.Errorf("%d %s", a.status, a.text)
	}
	if !strings.Contains(w.log.String(), "nil pointer") {
		t.Error("the log has nothing of the panic")
	}
	w.handler.Auth = w.auth
	if a := w.signed(w.root, east, "Postroom.ListRegions", `{}`); a.code() != "" {
		t.Error(a.text)
	}
}

// FuzzUnsigned: whatever a stranger sends is answered with an exception, never
// with a fault of ours.
func FuzzUnsigned(f *testing.F) {
	w := newWorld(f)
	f.Add("WorkMailService.CreateUser", "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/workmail/aws4_request, SignedHeaders=host;x-amz-date, Signature=00", "20260101T000000Z", `{}`)
	f.Add("Postroom.SignIn", "", "", `{"Username":"admin","Password":"x"}`)
	f.Add("Postroom.ChangePassword", "", "", `{"Username":"a\\b","OldPassword":"x","NewPassword":"y"}`)
	f.Add("", "", "", ``)
	f.Fuzz(func(t *testing.T, target, authorization, date, body string) {
		for _, s := range []string{target, authorization, date} {
			if strings.ContainsAny(s, "\r\n\x00") || strings.TrimSpace(s) != s {
				return // not a header value; net/http's business
			}
		}
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		for name, value := range map[string]string{"X-Amz-Target": target, "Authorization": authorization, "X-Amz-Date": date, "Content-Type": "application/json"} {
			if value != "" {
				r.Header.Set(name, value)
			}
		}
		rec := httptest.NewRecorder()
		r.RemoteAddr = "192.0.2.1:1234"
		w.handler.ServeHTTP(rec, r)
		if rec.Code >= 500 {
			t.Errorf("%d %s", rec.Code, rec.Body)
		}
	})
}

// TestSignHelper: the tests' own signatures are those of the SDK.
func TestSignHelper(t *testing.T) {
	w := newWorld(t)
	r := w.request("Postroom.WhoAmI", `{}`)
	sigv4.Sign(r, []byte(`{}`), w.root.id, w.root.secret, east, service, w.clock.Now())
	if a := w.do(r); a.str("SignInMethod") != "ACCESS_KEY" || a.str("Version") != "test" {
		t.Error(a.text)
	}
}
