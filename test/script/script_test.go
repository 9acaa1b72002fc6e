// Package script runs the postroom command as its people type it: each file of
// this folder is one conversation with a shell, in the language of
// github.com/rogpeppe/go-internal/testscript. The command is the real one, in
// processes of its own.
//
// Beside testscript's words there are
//
//	ready DIR         wait until `postroom dev --data DIR` answers, and take its
//	                  endpoints (POSTROOM_ENDPOINTS, and SMTP, SUBMISSION, METRICS, ORG, ALICE, PASSWORD, API, HTTPS, CA,
//	                  KEY, SECRET)
//	await FILE        wait until a file is there
//	send TO TEXT      deliver a message by SMTP
//	submit TO TEXT    hand in a message as alice
//	get URL           print an answer of HTTP
//	flip FILE         change a bit in the middle of a file
//	cut FILE          cut a file in half
//	samepassword DEV ADMIN  the administrator's of endpoints is that of an answer
//	[root]            the condition that the tests run as root
package script

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/smtp"
	"os"
	"path/filepath"
	"testing"
	"time"

	"postroom/internal/app"
	"postroom/internal/app/cli"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"postroom": func() { os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

func TestScripts(t *testing.T) {
	root := t.TempDir()
	// A server that becomes another user passes here.
	if err := os.Chmod(filepath.Dir(root), 0o711); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: ".",
		// The path of a socket is short, and a data folder has one.
		WorkdirRoot: root,
		Condition: func(c string) (bool, error) {
			if c != "root" {
				return false, fmt.Errorf("there is no condition %q", c)
			}
			return os.Getuid() == 0, nil
		},
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", e.WorkDir)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"ready": ready, "await": await, "send": send, "submit": submit, "get": get, "flip": flip, "cut": cut, "samepassword": samePassword,
		},
	})
}

// args fails a step that has the wrong number of words.
func args(s *testscript.TestScript, neg bool, have []string, want int, usage string) {
	if neg || len(have) != want {
		s.Fatalf("usage: %s", usage)
	}
}

func ready(s *testscript.TestScript, neg bool, a []string) {
	args(s, neg, a, 1, "ready DIR")
	file := s.MkAbs(filepath.Join(a[0], "endpoints.json"))
	var e app.Endpoints
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		text, err := os.ReadFile(file)
		if err == nil && json.Unmarshal(text, &e) == nil {
			break
		}
		if time.Now().After(end) {
			s.Fatalf("the server does not get ready: %v", err)
		}
	}
	for name, value := range map[string]string{"POSTROOM_ENDPOINTS": file, "SMTP": e.SMTP, "METRICS": e.Metrics, "ORG": e.Organization.ID, "ALICE": e.Users[0].Email, "PASSWORD": e.Users[0].Password, "SUBMISSION": e.Submission,
		"API": e.API, "HTTPS": e.HTTPS, "CA": e.CAFile, "KEY": e.AccessKey.ID, "SECRET": e.AccessKey.Secret} {
		s.Setenv(name, value)
	}
}

func await(s *testscript.TestScript, neg bool, a []string) {
	args(s, neg, a, 1, "await FILE")
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if _, err := os.Stat(s.MkAbs(a[0])); err == nil {
			return
		}
		if time.Now().After(end) {
			s.Fatalf("%s does not appear", a[0])
		}
	}
}

func send(s *testscript.TestScript, neg bool, a []string) {
	args(s, neg, a, 2, "send TO TEXT")
	c, err := smtp.Dial(s.Getenv("SMTP"))
	s.Check(err)
	defer c.Close()
	s.Check(errors.Join(c.Mail("sender@elsewhere.example"), c.Rcpt(a[0])))
	w, err := c.Data()
	s.Check(err)
	_, err = fmt.Fprintf(w, "From: <sender@elsewhere.example>\r\nTo: <%s>\r\nSubject: %s\r\nMessage-ID: <%d@elsewhere.example>\r\n\r\n%s\r\n", a[0], a[1], time.Now().UnixNano(), a[1])
	s.Check(errors.Join(err, w.Close()))
}

func get(s *testscript.TestScript, neg bool, a []string) {
	args(s, neg, a, 1, "get URL")
	r, err := http.Get(a[0])
	s.Check(err)
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	s.Check(err)
	fmt.Fprintf(s.Stdout(), "%d\n%s", r.StatusCode, text)
}

func flip(s *testscript.TestScript, neg bool, a []string) {
	args(s, neg, a, 1, "flip FILE")
	file := glob(s, a[0])
	text, err := os.ReadFile(file)
	s.Check(err)
	text[len(text)/2] ^= 0x20
	s.Check(os.WriteFile(file, text, 0o600))
}

func cut(s *testscript.TestScript, neg bool, a []string) {
	args(s, neg, a, 1, "cut FILE")
	file := glob(s, a[0])
	info, err := os.Stat(file)
	s.Check(err)
	s.Check(os.Truncate(file, info.Size()/2))
}

func samePassword(s *testscript.TestScript, neg bool, a []string) {
	args(s, neg, a, 2, "samepassword DEV ADMIN")
	var dev app.Endpoints
	var admin app.Admin
	s.Check(json.Unmarshal([]byte(s.ReadFile(a[0])), &dev))
	s.Check(json.Unmarshal([]byte(s.ReadFile(a[1])), &admin))
	if admin.Password == "" || dev.Admin.Password != admin.Password {
		s.Fatalf("%s has %q, not %q", a[0], dev.Admin.Password, admin.Password)
	}
}

func glob(s *testscript.TestScript, pattern string) string {
	found, err := filepath.Glob(s.MkAbs(pattern))
	s.Check(err)
	if len(found) == 0 {
		s.Fatalf("no file is %s", pattern)
	}
	return found[0]
}
