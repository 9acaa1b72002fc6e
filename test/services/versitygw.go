package services

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

// Versitygw answers the path of the S3 server that tools/go.mod pins. It is
// built once (a minute or two) into the user's cache folder, under a name that
// changes with the pin and with Go's version.
func Versitygw(ctx context.Context) (string, error) {
	return tool(ctx, "tools", "github.com/versity/versitygw/cmd/versitygw", "versitygw")
}

// tool builds a program of a module of tools that lies at dir in the repository.
func tool(ctx context.Context, dir, pkg, name string) (string, error) {
	root, err := Root()
	if err != nil {
		return "", err
	}
	module := filepath.Join(root, dir)
	sum := sha256.New()
	for _, f := range []string{"go.mod", "go.sum"} {
		content, err := os.ReadFile(filepath.Join(module, f))
		if err != nil {
			return "", err
		}
		sum.Write(content)
	}
	fmt.Fprint(sum, runtime.Version(), runtime.GOARCH)
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	folder := filepath.Join(cache, "postroom", "tools")
	path := filepath.Join(folder, name+"-"+hex.EncodeToString(sum.Sum(nil)[:8]))
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	unlock, err := lock(folder) // two test binaries may want it at once
	if err != nil {
		return "", err
	}
	defer unlock()
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	ctx, cancel := context.WithTimeout(ctx, 15*time.Minute)
	defer cancel()
	// A file of a killed build must not be taken for the program.
	half := path + ".building"
	cmd := exec.CommandContext(ctx, "go", "build", "-o", half, pkg)
	cmd.Dir = module
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build %s: %w\n%s", name, err, out)
	}
	return path, os.Rename(half, path)
}

func lock(folder string) (func(), error) {
	f, err := os.OpenFile(filepath.Join(folder, "lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		f.Close()
		return nil, err
	}
	return func() { f.Close() }, nil
}
