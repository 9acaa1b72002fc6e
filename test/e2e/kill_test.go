package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"postroom/internal/app"
)

// childFolder names, in a child of this test, the folder that it serves.
const childFolder = "POSTROOM_E2E_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childFolder); dir != "" {
		serveChild(dir)
	}
	os.Exit(m.Run())
}

// serveChild is a server of its own process, until it is killed.
func serveChild(dir string) {
	var c app.Config
	data, err := os.ReadFile(filepath.Join(dir, "child.json"))
	if err == nil {
		err = json.Unmarshal(data, &c)
	}
	if err == nil {
		_, _, err = app.Dev(context.Background(), c, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	select {}
}

// child starts a server and waits for its endpoints.
func child(t *testing.T, c app.Config) (*exec.Cmd, *app.Endpoints) {
	t.Helper()
	data, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(c.Data, "child.json"), data, 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(c.Data, "endpoints.json")
	os.Remove(file)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childFolder+"="+c.Data)
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(60 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if data, err := os.ReadFile(file); err == nil {
			e := &app.Endpoints{}
			if err := json.Unmarshal(data, e); err != nil {
				t.Fatal(err)
			}
			return cmd, e
		}
		if time.Now().After(end) {
			cmd.Process.Kill()
			t.Fatal("the server did not start again")
		}
	}
}

// TestKill: kill -9 in the middle of deliveries, again and again. Every message
// answered with 250 is there exactly once, and the server starts again
// (reliability rows 1, 2, 11).
func TestKill(t *testing.T) { killStory(t, nil) }

// TestKillOnPostgresAndS3 is the same over a database and a bucket.
func TestKillOnPostgresAndS3(t *testing.T) { killStory(t, onServices(t)) }

func killStory(t *testing.T, change func(*app.Config)) {
	c, err := app.DevConfig(t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(&c)
	}
	rounds := 20
	if n, err := strconv.Atoi(os.Getenv("TORTURE_ROUNDS")); err == nil && n > 0 {
		rounds = n
	}
	ledger := map[string]bool{} // answered with 250
	tried := 0
	for round := range rounds {
		cmd, e := child(t, c)
		var mu sync.Mutex
		var wg sync.WaitGroup
		enough := make(chan struct{}, 1)
		wait := 5 + rand.IntN(40)
		for range 6 {
			wg.Go(func() {
				deliverUntilGone(e, func() string {
					mu.Lock()
					defer mu.Unlock()
					tried++
					return fmt.Sprintf("n%d-r%d", tried, round)
				}, func(id string) {
					mu.Lock()
					defer mu.Unlock()
					ledger[id] = true
					if wait--; wait == 0 {
						enough <- struct{}{}
					}
				})
			})
		}
		select {
		case <-enough:
		case <-time.After(30 * time.Second):
			t.Error("no messages were taken")
		}
		cmd.Process.Kill()
		cmd.Wait()
		wg.Wait()
	}
	cmd, e := child(t, c)
	defer func() { cmd.Process.Kill(); cmd.Wait() }()
	w := use(t, nil, e)
	found := map[string]int{}
	id := regexp.MustCompile(`Message-ID: <([^@]+)@kill>`)
	for _, u := range e.Users {
		for _, text := range w.bodies(w.imap(u.Email, u.Password), "INBOX") {
			m := id.FindStringSubmatch(text)
			if m == nil || !strings.HasSuffix(text, "The end of "+m[1]+".\r\n") {
				t.Fatalf("a message is damaged: %q", text)
			}
			found[m[1]+" "+u.Username]++
		}
	}
	for id := range ledger {
		for _, u := range e.Users {
			if n := found[id+" "+u.Username]; n != 1 {
				t.Errorf("%s was answered with 250 and is %d times with %s", id, n, u.Username)
			}
		}
	}
	for id, n := range found {
		if n > 1 {
			t.Errorf("%s is there %d times", id, n)
		}
	}
	t.Logf("%d rounds, %d tried, %d answered with 250, %d found", rounds, tried, len(ledger), len(found))
}

// deliverUntilGone sends messages to both users, one after another, until the
// server is gone.
func deliverUntilGone(e *app.Endpoints, next func() string, taken func(string)) {
	conn, err := net.DialTimeout("tcp", e.SMTP, 5*time.Second)
	if err != nil {
		return
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(30 * time.Second))
	in := bufio.NewReader(conn)
	say := func(line string, code string) bool {
		if line != "" {
			if _, err := fmt.Fprint(conn, line); err != nil {
				return false
			}
		}
		for {
			got, err := in.ReadString('\n')
			if err != nil || !strings.HasPrefix(got, code) {
				return false
			}
			if len(got) > 3 && got[3] == ' ' {
				return true
			}
		}
	}
	if !say("", "220") || !say("EHLO test\r\n", "250") {
		return
	}
	for {
		id := next()
		filler := strings.Repeat("A line of text to make it a message of some kilobytes.\r\n", 20+rand.IntN(200))
		if !say("MAIL FROM:<a@kill.test>\r\n", "250") || !say("RCPT TO:<"+e.Users[0].Email+">\r\n", "250") ||
			!say("RCPT TO:<"+e.Users[1].Email+">\r\n", "250") || !say("DATA\r\n", "354") ||
			!say("Message-ID: <"+id+"@kill>\r\nFrom: <a@kill.test>\r\n\r\n"+filler+"The end of "+id+".\r\n.\r\n", "250") {
			return
		}
		taken(id)
	}
}
