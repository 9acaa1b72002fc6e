package cli

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"postroom/internal/app"
	"postroom/internal/base/logging"
	"postroom/internal/core/auth"

	"golang.org/x/term"
)

type configCmd struct{}

func (configCmd) Run(e *env) error {
	e.printf("%s", app.Sample)
	return nil
}

type versionCmd struct{}

func (versionCmd) Run(e *env) error {
	e.printf("postroom %s\n", app.Version())
	return nil
}

// stopTime is how long connections may finish what they do.
const stopTime = 30 * time.Second

// ownOnly is the umask under which a store is worked on: SQLite and other
// libraries make files that all may read.
const ownOnly = 0o077

type devCmd struct {
	Data  string `default:"var/dev" help:"The folder of the store; it is made where it is missing (default: ${default})." placeholder:"DIR"`
	Ports int    `default:"8000" help:"The first port; 0 takes free ones (default: ${default})." placeholder:"BASE"`
	Reset bool   `name:"reset-passwords" help:"Take a store that dev did not make, such as a restored one, and give its administrator and the sample users new passwords."`
	Log   string `default:"warn" enum:"debug,info,warn,error" help:"What is logged: ${enum} (default: ${default})."`
}

// spareProcs gives Go twice as many processors to schedule on as there are. An
// fsync holds one until the scheduler notices; on two cores the pack's and the
// database's would hold both. Measured: a seventh more deliveries.
func spareProcs() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(2 * runtime.GOMAXPROCS(0))
	}
}

func (c *devCmd) Run(e *env) error {
	syscall.Umask(ownOnly)
	spareProcs()
	start := time.Now()
	dir, err := filepath.Abs(c.Data)
	if err != nil {
		return err
	}
	if c.Ports < 0 || c.Ports > 64000 {
		return fmt.Errorf("--ports is 0 or from 1024 to 64000, not %d", c.Ports)
	}
	config, err := app.DevConfig(dir, c.Ports)
	if err != nil {
		return err
	}
	log, err := logger(e, c.Log, "text")
	if err != nil {
		return err
	}
	if c.Reset && exists(filepath.Join(dir, "STORE")) && !exists(filepath.Join(dir, "dev.json")) {
		if err := app.TakeOver(dir); err != nil {
			return err
		}
	}
	a, ends, err := app.Dev(e.ctx, config, log)
	if err != nil {
		return err
	}
	e.printf("Postroom %s is ready after %d ms. Its store is %s; stop it with Ctrl-C.\n\n%s\n  All of this is in %s\n",
		app.Version(), time.Since(start).Milliseconds(), dir, ends.Table(), filepath.Join(dir, "endpoints.json"))
	return serve(e, a)
}

func logger(e *env, level, format string) (*slog.Logger, error) {
	l, err := logging.ParseLevel(level)
	if err != nil {
		return nil, err
	}
	return logging.New(logging.Options{Out: e.err, Format: format, Level: l})
}

type serveCmd struct {
	Config string `required:"" help:"The configuration; postroom config prints one." placeholder:"FILE"`
}

func (c *serveCmd) Run(e *env) error {
	syscall.Umask(ownOnly)
	spareProcs()
	config, err := app.Load(c.Config)
	if err != nil {
		return err
	}
	log, err := logger(e, config.Log.Level, config.Log.Format)
	if err != nil {
		return err
	}
	start := time.Now()
	a, err := app.New(e.ctx, config, app.Options{Log: log})
	if err != nil {
		return err
	}
	if err = firstStart(e, a, log); err == nil {
		err = a.Start(e.ctx)
	}
	if err != nil {
		return errors.Join(err, stop(a))
	}
	log.Info("ready", "version", app.Version(), "took_ms", time.Since(start).Milliseconds(), "data", config.Data, "regions", config.Regions)
	return serve(e, a)
}

// serve waits for the end: the caller's, or a fault after which nothing may be
// written any more.
func serve(e *env, a *app.App) error {
	select {
	case <-e.ctx.Done():
		a.Log.Info("stopping")
		return stop(a)
	case err := <-a.Fatal():
		a.Log.Error("the server ends: it must not go on after this fault", "error", err)
		return errors.Join(fmt.Errorf("the server ended after a fault; start it again once the disk is sound: %w", err), stop(a))
	}
}

func stop(a *app.App) error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	err := a.Close(ctx)
	a.Log.Info("stopped")
	return err
}

// firstStart shows what is shown once: on a terminal, else in a file that each
// start reminds of until it is gone.
func firstStart(e *env, a *app.App, log *slog.Logger) error {
	file := filepath.Join(a.Config.Data, "first-start")
	if a.FirstPassword == "" && !a.MasterKeyMade {
		if _, err := os.Stat(file); err == nil {
			log.Warn("the first sign-in and the master key still lie in a file: note them in a safe place, then delete it", "file", file)
		}
		return nil
	}
	text := ""
	if a.FirstPassword != "" {
		text += fmt.Sprintf("Administrator: %s\nPassword:      %s\n", auth.FirstAdministrator, a.FirstPassword)
	}
	if a.MasterKeyMade {
		key, err := os.ReadFile(a.Config.MasterKey)
		if err != nil {
			return err
		}
		text += fmt.Sprintf("Master key:    %s\n               %s\n", a.Config.MasterKey, hex.EncodeToString(key))
	}
	text += "Keep the master key apart from the backups: without it no message can be opened.\n"
	if out, ok := e.out.(*os.File); ok && term.IsTerminal(int(out.Fd())) {
		e.printf("%s", text)
		return nil
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	log.Warn("the first sign-in and the master key lie in a file: note them in a safe place, then delete it", "file", file)
	return nil
}

// exists tells whether there is a file or folder.
func exists(name string) bool {
	_, err := os.Stat(name)
	return !errors.Is(err, fs.ErrNotExist)
}
