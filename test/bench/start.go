package main

import (
	"path/filepath"
	"time"
)

// start measures a server over a store that is there, and one that is new and empty.
func (b *bench) start() error {
	s, err := b.onMail()
	if err != nil {
		return err
	}
	var list times
	for range 5 {
		if s, err = b.again(s); err != nil {
			return err
		}
		b.mailed = s
		list = append(list, s.ready)
	}
	b.below("start to ready, store of the fixture", "s", list.at(.5).Seconds(), .2).beside("longest of 5: %s s", number(list.at(1).Seconds()))

	s.kill() // nothing beside the empty one
	b.mailed = nil
	empty, err := b.serve(filepath.Join(b.dir, "empty"))
	if err != nil {
		return err
	}
	defer empty.kill()
	if empty, err = b.again(empty); err != nil {
		return err
	}
	defer empty.kill()
	b.tell("start to ready, empty store", "s", empty.ready.Seconds())
	if err := b.sleep(3 * time.Second); err != nil {
		return err
	}
	memory, err := empty.pss()
	if err != nil {
		return err
	}
	b.below("memory of an empty server (PSS)", "MB", memory, 60).beside("two regions")
	b.mailed, err = b.serve(s.dir)
	return err
}
