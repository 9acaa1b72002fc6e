package faults

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"postroom/internal/app"
	"postroom/test/house"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
	"github.com/aws/smithy-go"
	"github.com/emersion/go-imap/v2"
)

// fill leaves at most so many pages of a file system free.
func fill(t *testing.T, dir string, pages uint64) {
	t.Helper()
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		t.Fatal(err)
	}
	if st.Bavail <= pages {
		return
	}
	f, err := os.OpenFile(filepath.Join(dir, "filler"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	page := make([]byte, st.Bsize)
	for range st.Bavail - pages {
		if _, err := f.Write(page); err != nil {
			return // the server was quicker
		}
	}
}

// sound reads every frame and compares all counters with their rows.
func sound(t *testing.T, c app.Config) {
	t.Helper()
	a, err := app.New(t.Context(), c, app.Options{Quiet: true})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close(context.WithoutCancel(t.Context()))
	report, err := a.Verify(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range report.Damage {
		t.Errorf("damage: %+v", d)
	}
	for _, r := range a.Regions {
		var said string
		if err := r.DB.Q(nil).QueryRow(t.Context(), `PRAGMA integrity_check`).Scan(&said); err != nil || said != "ok" {
			t.Errorf("integrity_check: %s %v", said, err)
		}
	}
}

// refusesForNow delivers until the server refuses, which it must do with code.
func refusesForNow(t *testing.T, l *house.Ledger, child *house.Child, code string) {
	t.Helper()
	var wg sync.WaitGroup
	for range 4 { // so that several share a commit
		wg.Go(func() {
			err := l.DeliverUntilGone(child.Endpoints, nil)
			var no *house.Refusal
			if !errors.As(err, &no) || !strings.HasPrefix(no.Reply, code) {
				t.Errorf("refused with %v, want %s\n%s", err, code, child.Log())
			}
		})
	}
	wg.Wait()
}

// create makes a user over the API. It is made, or the answer is a typed error
// and it is not.
func create(t *testing.T, child *house.Child, name string) (made bool) {
	t.Helper()
	api := house.API(child.Endpoints)
	_, err := api.CreateUser(t.Context(), &workmail.CreateUserInput{OrganizationId: aws.String(child.Organization.ID),
		Name: aws.String(name), DisplayName: aws.String("X")})
	var typed smithy.APIError
	if err != nil && (!errors.As(err, &typed) || typed.ErrorCode() != "ServiceUnavailable") {
		t.Errorf("CreateUser without space: %v", err)
	}
	list, listErr := api.ListUsers(t.Context(), &workmail.ListUsersInput{OrganizationId: aws.String(child.Organization.ID),
		Filters: &types.ListUsersFilters{UsernamePrefix: aws.String(name)}})
	if listErr != nil {
		t.Errorf("ListUsers without space: %v", listErr)
	} else if n := len(list.Users); (n == 1) != (err == nil) {
		t.Errorf("%d users after CreateUser answered %v", n, err)
	}
	return err == nil
}

// appendFails keeps a message over IMAP, which must answer NO.
func appendFails(t *testing.T, child *house.Child) {
	t.Helper()
	c := house.IMAP(t, child.Endpoints, child.Users[0])
	defer c.Close()
	text := "From: <a@b.test>\r\n\r\n" + house.Filler(64)
	cmd := c.Append("Drafts", int64(len(text)), nil)
	cmd.Write([]byte(text))
	cmd.Close()
	_, err := cmd.Wait()
	var no *imap.Error
	if !errors.As(err, &no) || no.Type != imap.StatusResponseTypeNo {
		t.Errorf("APPEND without space: %v", err)
	}
}

// TestRow6DiskFull: the disk fills up, at whichever write. Mail is refused for
// now (452 4.3.1), reading goes on, and when there is space again all goes on
// without a restart. Nothing is half done.
func TestRow6DiskFull(t *testing.T) {
	dir := tmpfs(t, "64m")
	c := house.Config(t, dir)
	child := house.Start(t, c)
	var ledger house.Ledger
	refused := 0
	for round := range rounds(10) {
		fill(t, dir, rand.Uint64N(160))
		refusesForNow(t, &ledger, child, "452 4.3.1")
		fill(t, dir, 0)
		made := create(t, child, fmt.Sprint("n", round, "."))
		if !made {
			refused++
		}
		appendFails(t, child)
		if round < 3 {
			ledger.Check(t, child.Endpoints)
		}
		if err := os.Remove(filepath.Join(dir, "filler")); err != nil {
			t.Fatal(err)
		}
		start := len(ledger.All())
		if err := ledger.DeliverUntilGone(child.Endpoints, func(n int) bool { return n < start+3 }); err != nil {
			t.Fatalf("with space again: %v\n%s", err, child.Log())
		}
		if !made && !create(t, child, fmt.Sprint("n", round, ".")) {
			t.Error("CreateUser fails with space again")
		}
		if t.Failed() {
			t.Fatalf("round %d", round)
		}
	}
	if refused == 0 {
		t.Error("no call of the API was refused")
	}
	ledger.Check(t, child.Endpoints)
	child.Stop()
	sound(t, c)
}
