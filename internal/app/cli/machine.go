package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"syscall"

	"postroom/internal/app"
	"postroom/internal/base/errs"
)

// machineFlags name the store of a command that runs on the machine: through the
// server that has it, else by opening it.
type machineFlags struct {
	Data       string `help:"The data folder." env:"POSTROOM_DATA" placeholder:"DIR" xor:"store"`
	ConfigFile string `name:"config" help:"The server's configuration." env:"POSTROOM_CONFIG" placeholder:"FILE" xor:"store"`
	JSON       bool   `name:"json" help:"Print the result as JSON."`
}

const (
	systemConfig = "/etc/postroom/postroom.toml"
	devData      = "var/dev"
)

// config is what the flags name; without any, what lies in the usual places.
func (f machineFlags) config() (app.Config, error) {
	switch {
	case f.ConfigFile != "":
		return app.Load(f.ConfigFile)
	case f.Data != "":
		return app.ConfigOf(f.Data)
	case exists(systemConfig):
		return app.Load(systemConfig)
	case exists(devData):
		return app.ConfigOf(devData)
	}
	return app.Config{}, errors.New("name the store: --data DIR or --config FILE")
}

// run runs a command of the operator and reads its result.
func (f machineFlags) run(e *env, command string, args, result any, p app.Progress) (err error) {
	c, err := f.config()
	if err != nil {
		return err
	}
	err = app.Control(e.ctx, c.Data, command, args, result, p)
	if !errors.Is(err, app.ErrNoServer) {
		return err
	}
	if !exists(filepath.Join(c.Data, "STORE")) {
		return errs.Say("cli.run", errs.NotFound, errs.Storage, "There is no store in %s, and no server runs on it. Name another with --data or --config.", c.Data)
	}
	syscall.Umask(ownOnly)
	c.TLS, c.Listen = app.TLS{}, app.Listen{}
	log := slog.New(slog.NewTextHandler(e.err, &slog.HandlerOptions{Level: slog.LevelError}))
	a, err := app.New(e.ctx, c, app.Options{Log: log, Quiet: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop(a)) }()
	text, err := json.Marshal(args)
	if err != nil {
		return err
	}
	out, err := a.Do(e.ctx, command, text, p)
	if err != nil {
		return err
	}
	if text, err = json.Marshal(out); err == nil && result != nil {
		err = json.Unmarshal(text, result)
	}
	return err
}

// folder is an absolute path: a server has its own working folder.
func folder(name string) (string, error) {
	abs, err := filepath.Abs(name)
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	return abs, nil
}
