package foreign

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"postroom/test/services"
)

// TestAWSCLI plays the files of testdata/aws with Debian's AWS CLI, each in a
// home folder of its own, all on one server. A new case is a new file.
//
//	$ COMMAND     a line for the shell, in which "aws" goes to our server; a
//	              backslash at the end continues it
//	! TEXT        a line that the command writes as an error; it fails then
//	anything else what the command prints: JSON, or lines of text
//	# TEXT        a comment
//
// "$NAME" is a variable in all of them: region, api, https, ca, account, key,
// admin, and what was caught before.
// In text, "..." stands for anything. In JSON a string "<KIND>" is of that
// kind, "<NAME=KIND>" is also caught; a member "..." allows others, a last
// element "..." allows more.
func TestAWSCLI(t *testing.T) {
	w := start(t)
	files, err := filepath.Glob("testdata/aws/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no files: ", err)
	}
	root, err := services.Root()
	w.ok(err)
	t.Run("files", func(t *testing.T) { // the server outlives the parallel ones
		for _, file := range files {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
				t.Parallel()
				newShell(t, w, root).play(file)
			})
		}
	})
}

// shell is where the commands of one file run.
type shell struct {
	*world
	home string
	vars map[string]string
}

func newShell(t *testing.T, w *world, root string) *shell {
	s := &shell{world: &world{TB: t, Endpoints: w.Endpoints, tls: w.tls}, home: t.TempDir(), vars: map[string]string{
		"region": w.Region, "api": w.API, "https": w.HTTPS, "ca": w.CAFile, "account": w.Account, "key": w.AccessKey.ID, "admin": w.Admin.Username}}
	script := "#!/bin/sh\nexec " + s.path("python3") + " -IS " + filepath.Join(root, "test/foreign/testdata/aws.py") + " " + s.load() + " --endpoint-url \"$api\" \"$@\"\n"
	s.ok(os.WriteFile(filepath.Join(s.home, "aws"), []byte(script), 0o700))
	return s
}

// load loads the AWS CLI once for all commands and answers where it listens.
func (s *shell) load() string {
	s.path("aws")
	socket := filepath.Join(s.home, "socket")
	cmd := exec.Command(s.path("python3"), "testdata/aws.py", socket)
	cmd.Env, cmd.Stderr = s.environment(), os.Stderr
	in, err := cmd.StdinPipe()
	s.ok(err)
	out, err := cmd.StdoutPipe()
	s.ok(err)
	s.ok(cmd.Start())
	s.Cleanup(func() {
		in.Close() // it ends by that, even when this process is killed
		s.ok(cmd.Wait())
	})
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		s.Fatalf("the AWS CLI is not ready: %q %v", line, err)
	}
	return socket
}

func (s *shell) environment() []string {
	list := []string{"HOME=" + s.home, "PATH=" + s.home + ":/usr/bin:/bin", "LC_ALL=C.UTF-8", "AWS_PAGER=",
		"AWS_EC2_METADATA_DISABLED=true", "AWS_ACCESS_KEY_ID=" + s.AccessKey.ID, "AWS_SECRET_ACCESS_KEY=" + s.AccessKey.Secret,
		"AWS_DEFAULT_REGION=" + s.Region, "AWS_CONFIG_FILE=" + s.home + "/config"}
	for name, value := range s.vars {
		list = append(list, name+"="+value)
	}
	return list
}

// command runs a line.
func (s *shell) command(line string) result {
	ctx, cancel := context.WithTimeout(s.Context(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, "/bin/sh", "-c", line)
	cmd.Dir, cmd.Env, cmd.WaitDelay = s.home, s.environment(), time.Second
	return s.wait(ctx, cmd)
}

// exchange is a command and what is expected of it.
type exchange struct {
	line     int
	command  string
	out, err []string
}

func read(t testing.TB, file string) (list []exchange) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	more := false
	for i, l := range strings.Split(string(text), "\n") {
		l = strings.TrimRight(l, " ")
		mark, rest, _ := strings.Cut(l, " ")
		var e *exchange
		if len(list) > 0 {
			e = &list[len(list)-1]
		}
		switch {
		case more:
			e.command += "\n" + l
			more = strings.HasSuffix(l, `\`)
		case l == "" || mark == "#":
		case mark == "$":
			list, more = append(list, exchange{line: i + 1, command: rest}), strings.HasSuffix(l, `\`)
		case e == nil:
			t.Fatalf("%s:%d: before the first command", file, i+1)
		case mark == "!":
			e.err = append(e.err, rest)
		default:
			e.out = append(e.out, l)
		}
	}
	return list
}

func (s *shell) play(file string) {
	for _, e := range read(s, file) {
		r := s.command(e.command)
		if err := s.judge(e, r); err != nil {
			s.Fatalf("%s:%d: %s\n%v\nexit %d, it said:\n%s", file, e.line, e.command, err, r.code, r)
		}
	}
}

func (s *shell) judge(e exchange, r result) error {
	if (r.code != 0) != (len(e.err) > 0) {
		return fmt.Errorf("exit code %d", r.code)
	}
	if err := s.lines(e.err, r.err); err != nil {
		return err
	}
	want := strings.Join(e.out, "\n")
	if !strings.HasPrefix(want, "{") && !strings.HasPrefix(want, "[") {
		return s.lines(e.out, r.out)
	}
	pattern, err := decode(want)
	if err != nil {
		return fmt.Errorf("the pattern: %w", err)
	}
	got, err := decode(r.out)
	if err != nil {
		return err
	}
	return s.match("", pattern, got)
}

// decode reads one JSON value.
func decode(text string) (v any, err error) {
	d := json.NewDecoder(bytes.NewBufferString(text))
	d.UseNumber()
	if err = d.Decode(&v); err == nil {
		if _, err = d.Token(); errors.Is(err, io.EOF) {
			return v, nil
		}
		err = errors.New("more than one JSON value")
	}
	return v, err
}

// lines compares texts, without their empty lines.
func (s *shell) lines(want []string, text string) error {
	var got []string
	for l := range strings.Lines(text) {
		if l = strings.TrimRight(l, " \n"); l != "" {
			got = append(got, l)
		}
	}
	if len(got) != len(want) {
		return fmt.Errorf("%d lines, want %d", len(got), len(want))
	}
	for i, l := range got {
		if !s.like(want[i], l) {
			return fmt.Errorf("%q is not like %q", l, s.expand(want[i]))
		}
	}
	return nil
}

func (s *shell) expand(text string) string {
	return os.Expand(text, func(n string) string { return s.vars[n] })
}

func (s *shell) like(pattern, text string) bool {
	parts := strings.Split(s.expand(pattern), "...")
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	return regexp.MustCompile("(?s)^" + strings.Join(parts, ".*") + "$").MatchString(text)
}

func (s *shell) match(path string, want, got any) error {
	switch want := want.(type) {
	case map[string]any:
		got, ok := got.(map[string]any)
		if !ok {
			return fmt.Errorf("%s is no object", path)
		}
		return s.object(path, want, got)
	case []any:
		got, ok := got.([]any)
		if !ok {
			return fmt.Errorf("%s is no list", path)
		}
		if n := len(want); n > 0 && want[n-1] == "..." {
			want, got = want[:n-1], got[:min(n-1, len(got))]
		}
		if len(got) != len(want) {
			return fmt.Errorf("%s has %d elements, want %d", path, len(got), len(want))
		}
		for i := range want {
			if err := s.match(fmt.Sprintf("%s[%d]", path, i), want[i], got[i]); err != nil {
				return err
			}
		}
		return nil
	case string:
		return s.text(path, want, got)
	}
	if want != got {
		return fmt.Errorf("%s is %v, want %v", path, got, want)
	}
	return nil
}

func (s *shell) object(path string, want, got map[string]any) error {
	for name, v := range want {
		if name == "..." {
			continue
		}
		value, there := got[name]
		if !there {
			return fmt.Errorf("%s.%s is missing", path, name)
		}
		if err := s.match(path+"."+name, v, value); err != nil {
			return err
		}
	}
	if _, others := want["..."]; others {
		return nil
	}
	for name := range got {
		if _, there := want[name]; !there {
			return fmt.Errorf("%s.%s is not expected", path, name)
		}
	}
	return nil
}

var (
	placeholder = regexp.MustCompile(`^<(?:(\w+)=)?(\w+)>$`)
	kinds       = map[string]*regexp.Regexp{
		"any":      regexp.MustCompile(`^`),
		"uuid":     regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`),
		"org":      regexp.MustCompile(`^m-[0-9a-f]{32}$`),
		"resource": regexp.MustCompile(`^r-[0-9a-f]{32}$`),
		"dir":      regexp.MustCompile(`^d-[0-9a-f]{10}$`),
		"number":   regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`),
		"token":    regexp.MustCompile(`^[\x21-\x7e]+$`),
		// The CLI writes dates in the machine's zone; ours are of now.
		"date": regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+[+-][0-9]{2}:[0-9]{2}$`),
	}
)

func (s *shell) text(path, want string, got any) error {
	text := fmt.Sprint(got)
	m := placeholder.FindStringSubmatch(want)
	if m == nil {
		if str, ok := got.(string); !ok || !s.like(want, str) {
			return fmt.Errorf("%s is %v, want %q", path, got, s.expand(want))
		}
		return nil
	}
	kind := kinds[m[2]]
	if kind == nil {
		return fmt.Errorf("there is no kind %s", m[2])
	}
	if _, number := got.(json.Number); !kind.MatchString(text) || number != (m[2] == "number") {
		return fmt.Errorf("%s is %v, want a %s", path, got, m[2])
	}
	if m[2] == "date" {
		at, err := time.Parse(time.RFC3339Nano, text)
		if age := time.Since(at); err != nil || age < -time.Second || age > 10*time.Minute {
			return fmt.Errorf("%s is %v, which is not now: %w", path, got, err)
		}
	}
	if m[1] != "" {
		s.vars[m[1]] = text
	}
	return nil
}
