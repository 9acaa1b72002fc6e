//go:build !linux

package pack

import "os"

func fdatasync(f *os.File) error { return f.Sync() }
