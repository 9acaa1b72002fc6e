package mailbox

import (
	"container/list"
	"sync"
	"unsafe"

	"postroom/internal/base/ids"
)

// metas keeps metas that were read, of all mailboxes within a budget of bytes;
// the block longest unused goes first. There is nothing to invalidate: what lies
// at a uid never changes. Whether a message still lies there, the snapshot says.
type metas struct {
	mu     sync.Mutex
	blocks map[metaKey]*list.Element
	lru    list.List
	bytes  int
	budget int
}

const (
	blockLog = 7         // a block has the metas of 128 uids
	maxBlock = 512 << 10 // bytes; of what is longer nothing is kept
)

// metaKey names a block.
type metaKey struct {
	mailbox  ids.Mailbox
	folder   ids.Folder
	validity uint32
	block    uint32 // uids >> blockLog
}

// metaBlock has those metas of a block that were read so far, by uid. rows never
// changes: readers hold it without the lock.
type metaBlock struct {
	key   metaKey
	rows  []Meta
	bytes int // of texts
}

func (b *metaBlock) cost() int {
	return b.bytes + len(b.rows)*int(unsafe.Sizeof(Meta{})) + 256
}

func newMetas(budget int) *metas {
	return &metas{blocks: map[metaKey]*list.Element{}, budget: budget}
}

// block returns what is there of a block, by uid.
func (c *metas) block(key metaKey) []Meta {
	c.mu.Lock()
	defer c.mu.Unlock()
	el := c.blocks[key]
	if el == nil {
		return nil
	}
	c.lru.MoveToFront(el)
	return el.Value.(*metaBlock).rows
}

// add adds metas to a block, by uid.
func (c *metas) add(key metaKey, rows []Meta) {
	c.mu.Lock()
	defer c.mu.Unlock()
	b := &metaBlock{key: key, rows: rows}
	el := c.blocks[key]
	if el != nil {
		old := el.Value.(*metaBlock)
		b.rows = merged(old.rows, rows)
		c.bytes -= old.cost()
	}
	for i := range b.rows {
		b.bytes += len(b.rows[i].Parsed)
	}
	if b.bytes > maxBlock {
		b.rows, b.bytes = nil, 0
	}
	if el == nil {
		el = c.lru.PushFront(b)
		c.blocks[key] = el
	} else {
		el.Value = b
		c.lru.MoveToFront(el)
	}
	c.bytes += b.cost()
	for c.bytes > c.budget && c.lru.Len() > 0 {
		c.remove(c.lru.Back())
	}
}

func (c *metas) remove(el *list.Element) {
	b := c.lru.Remove(el).(*metaBlock)
	delete(c.blocks, b.key)
	c.bytes -= b.cost()
}

// forget drops all of a mailbox.
func (c *metas) forget(id ids.Mailbox) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for key, el := range c.blocks {
		if key.mailbox == id {
			c.remove(el)
		}
	}
}

// merged is both by uid, of each uid what a has.
func merged(a, b []Meta) []Meta {
	all := make([]Meta, 0, len(a)+len(b))
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0].UID < b[0].UID:
			all, a = append(all, a[0]), a[1:]
		case len(a) == 0 || b[0].UID < a[0].UID:
			all, b = append(all, b[0]), b[1:]
		default:
			b = b[1:]
		}
	}
	return all
}
