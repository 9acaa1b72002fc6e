package dirtest

import (
	"testing"
	"time"

	"postroom/internal/core/directory"
)

// inMemory is Outside on Foreign.
type inMemory struct{ *Foreign }

func (m inMemory) Open() directory.Foreign { return m.Foreign }

func (m inMemory) AddUser(name, password string) directory.Ref {
	return m.Add(directory.Identity{Ref: directory.Ref{Kind: directory.KindUser, Name: name}}, password)
}

func (m inMemory) AddGroup(name string, members ...directory.Ref) directory.Ref {
	i := directory.Identity{Ref: directory.Ref{Kind: directory.KindGroup, Name: name}}
	for _, r := range members {
		i.Members = append(i.Members, r.Key)
	}
	return m.Add(i, "")
}

func (m inMemory) SetCity(r directory.Ref, city string) {
	m.Edit(r.Key, func(i *directory.Identity) { i.Details.City = city })
}

func (m inMemory) Rename(r directory.Ref, name string) {
	m.Edit(r.Key, func(i *directory.Identity) { i.Name = name })
}

func (m inMemory) Disable(r directory.Ref, off bool) {
	m.Edit(r.Key, func(i *directory.Identity) {
		i.State = directory.DirActive
		if off {
			i.State = directory.DirDisabled
		}
	})
}

func (m inMemory) Move(r directory.Ref, out bool)         { m.Foreign.Move(out, r.Key) }
func (m inMemory) Reset(r directory.Ref, password string) { m.Foreign.Reset(r.Key, password) }
func (m inMemory) Remove(r directory.Ref)                 { m.Foreign.Remove(r.Key) }
func (m inMemory) TellsPasswords() bool                   { return true }

func TestFeed(t *testing.T) {
	Feed(t, func(*testing.T) Outside {
		f := NewForeign()
		f.Every = 100 * time.Millisecond
		return inMemory{f}
	})
}
