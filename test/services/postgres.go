package services

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Option changes how a PostgreSQL server runs.
type Option string

// NoFsync gives a server that may lose data when the machine dies: faster, for
// tests that do not look at durability.
const NoFsync Option = "fsync=off"

// Postgres answers the DSN of a fresh, empty database (LC_COLLATE C, UTF8) on a
// real server, which is started at the first call of a test binary and shared
// by the later ones that want the same options. The database is dropped at the
// end of the test.
func Postgres(t testing.TB, options ...Option) string {
	t.Helper()
	needsServices(t)
	server, err := postgresFor(options)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("t%d", databases.Add(1))
	if err := server.exec("CREATE DATABASE " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.exec("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"); err != nil {
			t.Errorf("services: drop the test's database: %v", err)
		}
	})
	return server.dsn(name)
}

var (
	databases atomic.Int64
	postgres  struct {
		sync.Mutex
		servers map[string]*postgresServer
	}
)

func postgresFor(options []Option) (*postgresServer, error) {
	postgres.Lock()
	defer postgres.Unlock()
	key := fmt.Sprint(options)
	if s := postgres.servers[key]; s != nil {
		return s, nil
	}
	s, err := startPostgres(options)
	if err != nil {
		return nil, fmt.Errorf("services: PostgreSQL: %w", err)
	}
	if postgres.servers == nil {
		postgres.servers = map[string]*postgresServer{}
	}
	postgres.servers[key] = s
	return s, nil
}

type postgresServer struct {
	*child
	port int
}

func (s *postgresServer) dsn(database string) string {
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/%s?sslmode=disable", s.port, database)
}

func (s *postgresServer) exec(statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	return s.execCtx(ctx, statement)
}

func (s *postgresServer) execCtx(ctx context.Context, statement string) error {
	conn, err := pgx.Connect(ctx, s.dsn("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	return err
}

func startPostgres(options []Option) (*postgresServer, error) {
	initdb, err := Find("initdb")
	if err != nil {
		return nil, err
	}
	program := filepath.Join(filepath.Dir(initdb), "postgres")
	cred, err := unprivileged()
	if err != nil {
		return nil, err
	}
	// The port may be taken between the look and the start: try again then.
	for try := 0; ; try++ {
		s, err := startPostgresOnce(initdb, program, cred, options)
		if err == nil || try == 2 {
			return s, err
		}
	}
}

func startPostgresOnce(initdb, program string, cred *syscall.Credential, options []Option) (_ *postgresServer, err error) {
	base := ""
	if cred != nil {
		base = "/tmp" // root's TMPDIR may be closed to others
	}
	dir, err := os.MkdirTemp(base, "postroom-postgres-")
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			os.RemoveAll(dir)
		}
	}()
	if cred != nil {
		if err := os.Chown(dir, int(cred.Uid), int(cred.Gid)); err != nil {
			return nil, err
		}
	}
	if err := runInitdb(initdb, dir, cred); err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	command := []string{
		program, "-D", filepath.Join(dir, "data"), "-p", strconv.Itoa(port),
		"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=" + dir,
		"-c", "max_connections=200",
	}
	for _, o := range options {
		command = append(command, "-c", string(o))
	}
	c, err := start(dir, "QUIT", cred, command...)
	if err != nil {
		return nil, err
	}
	s := &postgresServer{child: c, port: port}
	err = c.ready(30*time.Second, func(ctx context.Context) error { return s.execCtx(ctx, "SELECT 1") })
	if err != nil {
		c.stop()
		return nil, err
	}
	return s, nil
}

func runInitdb(initdb, dir string, cred *syscall.Credential) error {
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, initdb, "-D", filepath.Join(dir, "data"), "-U", "postgres", "--auth=trust",
		"--locale=C", "--encoding=UTF8", "--no-sync")
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: cred}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return nil
}

// unprivileged is who runs PostgreSQL where the tests run as root, which it
// refuses; nil means the user who runs the tests.
func unprivileged() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err1 != nil || err2 != nil {
			continue
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("neither user postgres nor nobody exists, and PostgreSQL refuses to run as root")
}
