package services

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/jackc/pgx/v5"
)

func TestPostgres(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	one, two := Postgres(t), Postgres(t)
	if one == two {
		t.Fatalf("two tests share the database %s", one)
	}
	for _, tc := range []struct{ dsn, fsync string }{{one, "on"}, {two, "on"}, {Postgres(t, NoFsync), "off"}} {
		conn, err := pgx.Connect(ctx, tc.dsn)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(ctx)
		var collate, fsync string
		var tables int
		err = conn.QueryRow(ctx, `SELECT datcollate, current_setting('fsync'),
			(SELECT count(*) FROM pg_tables WHERE schemaname = 'public')
			FROM pg_database WHERE datname = current_database()`).Scan(&collate, &fsync, &tables)
		if err != nil {
			t.Fatal(err)
		}
		if collate != "C" || fsync != tc.fsync || tables != 0 {
			t.Errorf("%s: collate %s, fsync %s, %d tables; want C, %s, 0", tc.dsn, collate, fsync, tables, tc.fsync)
		}
		if _, err := conn.Exec(ctx, "CREATE TABLE seen (x int)"); err != nil {
			t.Error(err)
		}
	}
}

func TestPostgresIsDropped(t *testing.T) {
	var dsn string
	t.Run("user", func(t *testing.T) { dsn = Postgres(t) })
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if conn, err := pgx.Connect(ctx, dsn); err == nil {
		conn.Close(ctx)
		t.Errorf("%s is still there after its test", dsn)
	}
}

func TestS3(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	one, two := S3(t), S3(t)
	if one.Bucket == two.Bucket {
		t.Fatalf("two calls share the bucket %s", one.Bucket)
	}
	key, body := "packs/1", []byte("a body with\x00every byte")
	client := one.client()
	if _, err := client.PutObject(ctx, &s3.PutObjectInput{Bucket: &one.Bucket, Key: &key, Body: bytes.NewReader(body)}); err != nil {
		t.Fatal(err)
	}
	part := "bytes=2-5"
	got, err := client.GetObject(ctx, &s3.GetObjectInput{Bucket: &one.Bucket, Key: &key, Range: &part})
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	if err != nil || string(text) != "body" {
		t.Errorf("range %s: %q, %v", part, text, err)
	}
	if _, err := client.GetObject(ctx, &s3.GetObjectInput{Bucket: &two.Bucket, Key: &key}); err == nil {
		t.Error("the other bucket has the object too")
	}
	wrong := one
	wrong.Secret = "wrong"
	if _, err := wrong.client().GetObject(ctx, &s3.GetObjectInput{Bucket: &one.Bucket, Key: &key}); err == nil {
		t.Error("a wrong secret is taken")
	}
}

func TestPrograms(t *testing.T) {
	for _, name := range Programs() {
		path := Program(t, name)
		if st, err := os.Stat(path); err != nil || st.Mode()&0o111 == 0 {
			t.Errorf("%s: %s cannot be run: %v", name, path, err)
		}
	}
	if path := Program(t, "aws"); path != "/usr/bin/aws" {
		t.Errorf("aws is %s, want Debian's", path)
	}
}

func TestMissingProgram(t *testing.T) {
	programs["no-such-thing"] = program{pkg: "no-such-package", places: []string{"/nowhere/*/bin"}, path: true}
	defer delete(programs, "no-such-thing")
	_, err := Find("no-such-thing")
	want := "services: no-such-thing is missing: apt-get install no-such-package (or: bash test/install)"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if _, err := Find("unheard-of"); err == nil || !strings.Contains(err.Error(), "not in the table") {
		t.Errorf("a program outside the table: %v", err)
	}
}

func TestFreePort(t *testing.T) {
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", FreePort(t)))
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
}

// TestEndOfBinary: servers and folders go when the test binary is killed.
func TestEndOfBinary(t *testing.T) {
	if os.Getenv("SERVICES_TEST_VICTIM") != "" {
		victim(t)
		return
	}
	needsServices(t)
	cmd := exec.Command(os.Args[0], "-test.run", "^TestEndOfBinary$")
	cmd.Env = append(os.Environ(), "SERVICES_TEST_VICTIM=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var dir, address string
	if _, err := fmt.Fscan(out, &dir, &address); err != nil {
		t.Fatalf("the victim said nothing: %v", err)
	}
	if conn, err := net.Dial("tcp", address); err != nil {
		t.Errorf("the server does not run: %v", err)
	} else {
		conn.Close()
	}
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // killed, as it should be
	deadline := time.Now().Add(15 * time.Second)
	for {
		_, statErr := os.Stat(dir)
		conn, dialErr := net.Dial("tcp", address)
		if dialErr == nil {
			conn.Close()
		}
		if errors.Is(statErr, os.ErrNotExist) && dialErr != nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("15 s after the kill: folder %v, connection %v", statErr, dialErr)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// victim starts a server, says where it is, and waits to be killed.
func victim(t *testing.T) {
	server, err := postgresFor(nil)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Printf("%s 127.0.0.1:%d\n", server.dir, server.port)
	time.Sleep(30 * time.Second)
}
