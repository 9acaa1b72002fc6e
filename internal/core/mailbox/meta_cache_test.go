package mailbox

import (
	"strings"
	"sync"
	"testing"

	"postroom/internal/base/ids"
)

func rowsOf(bytes int, uids ...ids.UID) (rows []Meta) {
	for _, u := range uids {
		rows = append(rows, Meta{UID: u, Parsed: strings.Repeat("x", bytes)})
	}
	return rows
}

func (c *metas) uids(key metaKey) (list []ids.UID) {
	for _, m := range c.block(key) {
		list = append(list, m.UID)
	}
	return list
}

func TestMetasAreBounded(t *testing.T) {
	c := newMetas(64 << 10)
	for i := range uint32(1000) {
		c.add(metaKey{ids.Mailbox(i % 3), 1, 7, i}, rowsOf(1000, ids.UID(i<<blockLog), ids.UID(i<<blockLog+1)))
		sum := 0
		for el := c.lru.Front(); el != nil; el = el.Next() {
			sum += el.Value.(*metaBlock).cost()
		}
		if c.bytes > c.budget || c.bytes != sum || len(c.blocks) != c.lru.Len() {
			t.Fatalf("%d bytes, %d counted, %d of %d blocks", sum, c.bytes, c.lru.Len(), len(c.blocks))
		}
	}
	if c.lru.Len() < 20 || len(c.block(metaKey{0, 1, 7, 999})) != 2 || c.block(metaKey{0, 1, 7, 0}) != nil {
		t.Fatalf("%d blocks are kept, or the wrong ones", c.lru.Len())
	}
	c.forget(0)
	if c.block(metaKey{0, 1, 7, 999}) != nil || c.block(metaKey{1, 1, 7, 997}) == nil {
		t.Fatal("another mailbox was forgotten, or none")
	}
	c.forget(1)
	c.forget(2)
	if c.bytes != 0 || len(c.blocks) != 0 {
		t.Fatalf("%d bytes are left", c.bytes)
	}
}

func TestMetasOfABlock(t *testing.T) {
	c := newMetas(1 << 20)
	key := metaKey{1, 1, 1, 0}
	c.add(key, rowsOf(10, 3, 7))
	held := c.block(key)
	c.add(key, rowsOf(20, 1, 7, 9))
	if got := c.uids(key); len(got) != 4 || got[0] != 1 || got[1] != 3 || got[2] != 7 || got[3] != 9 {
		t.Fatalf("%v", got)
	}
	if len(held) != 2 || len(c.block(key)[2].Parsed) != 10 {
		t.Fatal("what readers hold has changed")
	}
	c.add(key, rowsOf(maxBlock, 2))
	if c.block(key) != nil || c.bytes > 1000 {
		t.Fatalf("%d bytes of what is too long are kept", c.bytes)
	}
	c = newMetas(100)
	c.add(key, rowsOf(1000, 1))
	if c.bytes != 0 {
		t.Fatal("more than the budget is kept")
	}
}

func TestMetasAreShared(t *testing.T) {
	c := newMetas(100 << 10)
	var all sync.WaitGroup
	for g := range 4 {
		all.Add(1)
		go func() {
			defer all.Done()
			for i := range 2000 {
				key := metaKey{1, ids.Folder(i % 5), 1, uint32(i % 7)}
				uid := ids.UID(i%7<<blockLog + (i*7+g)%128)
				c.add(key, rowsOf(300, uid))
				for _, m := range c.block(key) {
					if uint32(m.UID)>>blockLog != key.block || len(m.Parsed) != 300 {
						t.Errorf("uid %d in block %d", m.UID, key.block)
						return
					}
				}
			}
		}()
	}
	all.Wait()
}
