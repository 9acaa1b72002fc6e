package pack

import (
	"context"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"sync"

	"postroom/internal/base/errs"
	"postroom/internal/core/mailbox"

	"github.com/klauspost/compress/s2"
)

// source reads the sealed bytes of one pack.
type source interface {
	// readAt fills p from byte off of the pack. fs.ErrNotExist: no such pack.
	// io.ErrUnexpectedEOF: the pack ends before.
	readAt(p []byte, off int64) error
	// ahead is how many sealed bytes are worth fetching at once when a content
	// is read from front to back.
	ahead() int64
	close()
}

// content is one open content. It keeps the sealed bytes read last and the frame
// opened last, so that small reads in a row cost one read and one opening.
type content struct {
	mu     sync.Mutex
	src    source
	at     mailbox.Place
	key    mailbox.BodyKey
	closed bool

	loaded bool
	aead   cipher.AEAD
	size   int64
	starts []int64 // of every frame in the blob, and of the index

	window   []byte // sealed bytes from windowAt of the blob
	windowAt int64
	frame    []byte // plain bytes of frame number, where it is not -1
	number   int
	before   int // the frame opened last
}

var (
	frames  = sync.Pool{New: func() any { b := make([]byte, 0, frameSize); return &b }}
	windows sync.Pool // of *[]byte, wholeBlob long at most: what most contents need
)

func newWindow(n int64) []byte {
	if n > wholeBlob {
		return make([]byte, n)
	}
	if b, ok := windows.Get().(*[]byte); ok {
		return (*b)[:n]
	}
	return make([]byte, n, wholeBlob)
}

func freeWindow(b []byte) {
	if cap(b) == wholeBlob {
		windows.Put(&b)
	}
}

func newContent(src source, key mailbox.BodyKey, at mailbox.Place) *content {
	return &content{src: src, key: key, at: at, number: -1, before: -2}
}

// checkPlace refuses places that no Put can have answered.
func checkPlace(op string, at mailbox.Place) error {
	if at.Pack <= 0 || at.Offset < 0 || at.Length < minBlob || at.Length > maxBlob || at.Offset > maxPack-at.Length {
		return errs.E(op, errs.Internal, errs.Storage,
			&Damage{at.Pack, at.Offset, -1, fmt.Sprintf("a place of %d bytes is none", at.Length)})
	}
	return nil
}

const (
	maxBlob = headerSize + maxFrames*(maxFrame+4) + minIndex + footerSize
	maxPack = 1 << 60
)

func (c *content) damage(frame int, format string, args ...any) error {
	return errs.E("pack.Read", errs.Internal, errs.Storage,
		&Damage{c.at.Pack, c.at.Offset, frame, fmt.Sprintf(format, args...)})
}

// Size reads the index when it is asked first; it is -1 when that fails, and
// ReadAt then says why.
func (c *content) Size() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.load() != nil {
		return -1
	}
	return c.size
}

func (c *content) ReadAt(p []byte, off int64) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.load(); err != nil {
		return 0, err
	}
	if off < 0 {
		return 0, errs.E("pack.Read", errs.Internal, errs.Storage, errors.New("negative offset"))
	}
	n := 0
	for n < len(p) {
		if off >= c.size {
			return n, io.EOF
		}
		i := int(off >> frameLog)
		until := min(off+int64(len(p)-n), c.size)
		if end := min(int64(i+1)<<frameLog, c.size); i != c.number && off == int64(i)<<frameLog && until >= end {
			if err := c.openInto(p[n:n+int(end-off)], i, until); err != nil { // all of the frame is wanted
				return n, err
			}
			n += int(end - off)
			off = end
			continue
		}
		if err := c.openFrame(i, until); err != nil {
			return n, err
		}
		m := copy(p[n:], c.frame[off&(frameSize-1):])
		n += m
		off += int64(m)
	}
	return n, nil
}

func (c *content) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil
	}
	c.closed = true
	c.src.close()
	if c.frame != nil {
		b := c.frame[:0]
		frames.Put(&b)
	}
	freeWindow(c.window)
	c.frame, c.window, c.starts, c.aead = nil, nil, nil, nil
	c.key = mailbox.BodyKey{}
	return nil
}

// fill makes the window hold the blob's bytes [from, to) and returns them; it
// fetches up to upTo when it has to read at all.
func (c *content) fill(from, to, upTo int64) ([]byte, error) {
	if from < c.windowAt || to > c.windowAt+int64(len(c.window)) {
		n := max(to, min(upTo, c.at.Length)) - from
		if int64(cap(c.window)) < n {
			freeWindow(c.window)
			c.window = newWindow(n)
		}
		c.window = c.window[:n]
		c.windowAt = from
		if err := c.src.readAt(c.window, c.at.Offset+from); err != nil {
			c.window = c.window[:0]
			switch {
			case errors.Is(err, fs.ErrNotExist):
				return nil, c.damage(-1, "the pack is missing")
			case errors.Is(err, io.ErrUnexpectedEOF):
				return nil, c.damage(-1, "the pack ends inside the content")
			}
			return nil, err
		}
	}
	return c.window[from-c.windowAt : to-c.windowAt], nil
}

// load reads and checks footer and index, once it succeeds never again.
func (c *content) load() error {
	if c.closed {
		return errs.E("pack.Read", errs.Internal, errs.Storage, fs.ErrClosed)
	}
	if c.loaded {
		return nil
	}
	length := c.at.Length
	from := int64(0)
	if length > wholeBlob {
		from = length - min(tailRead, length)
	}
	if _, err := c.fill(from, length, length); err != nil {
		return err
	}
	footer, err := c.fill(length-footerSize, length, length)
	if err != nil {
		return err
	}
	if [headerSize]byte(footer[4:]) != header {
		return c.damage(-1, "no content of a known version ends here")
	}
	sealed := int64(binary.BigEndian.Uint32(footer))
	count := (sealed - minIndex + 4) / 4
	indexAt := length - footerSize - sealed
	if sealed < minIndex || sealed%4 != 0 || count > maxFrames || indexAt < headerSize+count*minFrame {
		return c.damage(-1, "an index of %d bytes cannot be", sealed)
	}
	raw, err := c.fill(indexAt, length-footerSize, length)
	if err != nil {
		return err
	}
	if c.aead == nil {
		if c.aead, err = newAEAD(&c.key); err != nil {
			return errs.E("pack.Read", errs.Internal, errs.Storage, err)
		}
	}
	nonce := nonceOf(kindIndex, uint64(count))
	index, err := c.aead.Open(make([]byte, 0, len(raw)), nonce[:], raw, header[:])
	if err != nil {
		return c.damage(-1, "the index is damaged or sealed under another key")
	}
	return c.takeIndex(index, int(count), indexAt)
}

func (c *content) takeIndex(index []byte, count int, indexAt int64) error {
	size := binary.BigEndian.Uint64(index)
	full := uint64(count-1) << frameLog
	if size > full+frameSize || size <= full && count > 1 {
		return c.damage(-1, "an index of %d frames says %d bytes", count, size)
	}
	starts := make([]int64, count+1)
	at := int64(headerSize)
	for i := range count {
		starts[i] = at
		l := binary.BigEndian.Uint32(index[8+4*i:])
		if l < minFrame || l > maxFrame {
			return c.damage(i, "the index says %d bytes", l)
		}
		at += int64(l)
	}
	starts[count] = at
	if at != indexAt {
		return c.damage(-1, "the frames end at %d and the index begins at %d", at, indexAt)
	}
	c.size, c.starts, c.loaded = int64(size), starts, true
	return nil
}

// openFrame makes frame i the one at hand. until is the end of the plain bytes
// that are wanted, so that a long read is fetched in few pieces.
func (c *content) openFrame(i int, until int64) error {
	if i == c.number {
		return nil
	}
	raw, err := c.sealed(i, until)
	if err != nil {
		return err
	}
	if c.frame == nil {
		c.frame = *frames.Get().(*[]byte)
	}
	c.number = -1
	if c.frame, err = c.unseal(c.frame[:0:frameSize], i, raw); err != nil {
		return err
	}
	c.number = i
	c.done(i)
	return nil
}

// openInto opens frame i into p, which has its length.
func (c *content) openInto(p []byte, i int, until int64) error {
	raw, err := c.sealed(i, until)
	if err != nil {
		return err
	}
	if _, err := c.unseal(p[:0:len(p)], i, raw); err != nil {
		return err
	}
	c.done(i)
	return nil
}

// done notes that frame i was opened; of a content that has no other the sealed
// bytes are not needed any more.
func (c *content) done(i int) {
	c.before = i
	if len(c.starts) == 2 {
		freeWindow(c.window)
		c.window, c.windowAt = nil, 0
	}
}

// sealed returns the sealed bytes of frame i.
func (c *content) sealed(i int, until int64) ([]byte, error) {
	last := len(c.starts) - 2
	wanted := c.starts[min(last, int((until-1)>>frameLog))+1]
	if i == c.before+1 { // front to back
		wanted = max(wanted, min(c.starts[i]+c.src.ahead(), c.starts[last+1]))
	}
	return c.fill(c.starts[i], c.starts[i+1], min(wanted, c.starts[i]+spillAt))
}

// unseal opens frame i, whose sealed bytes raw are, into the memory of into and
// returns it. There must be room for the frame.
func (c *content) unseal(into []byte, i int, raw []byte) ([]byte, error) {
	last := len(c.starts) - 2
	kind, want := byte(kindFrame), frameSize
	if i == last {
		kind, want = kindLast, int(c.size-int64(i)<<frameLog)
	}
	nonce := nonceOf(kind, uint64(i))
	opened := scratches.Get().(*buffer)
	defer scratches.Put(opened)
	plain, err := c.aead.Open(opened.b[:0], nonce[:], raw, header[:])
	if err != nil {
		return into, c.damage(i, "damaged or sealed under another key")
	}
	out := into
	switch plain[0] {
	case encPlain:
		if len(plain)-1 == want {
			out = append(out, plain[1:]...)
		} else {
			return into, c.damage(i, "has %d bytes and not %d", len(plain)-1, want)
		}
	case encZstd:
		if out, err = decoder().DecodeAll(plain[1:], out); err != nil {
			return into, c.damage(i, "does not decompress: %v", err)
		}
	case encS2:
		if n, err := s2.DecodedLen(plain[1:]); err != nil || n != want {
			return into, c.damage(i, "does not decompress to %d bytes", want)
		}
		if out, err = s2.Decode(out[:want], plain[1:]); err != nil {
			return into, c.damage(i, "does not decompress: %v", err)
		}
	default:
		return into, c.damage(i, "unknown encoding %d", plain[0])
	}
	switch {
	case len(out) != want:
		return into, c.damage(i, "has %d bytes and not %d", len(out), want)
	case want > 0 && &out[0] != &into[:1][0]: // never by the decoders we use
		out = append(into, out...)
	}
	return out, nil
}

var scratches = sync.Pool{New: func() any { return &buffer{make([]byte, 0, maxFrame)} }}

// verify reads all of the content once: checksum, index, every frame.
func (c *content) verify(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.load(); err != nil {
		return err
	}
	head, err := c.fill(0, headerSize, spillAt)
	if err != nil {
		return err
	}
	if [headerSize]byte(head) != header {
		return c.damage(-1, "no content of a known version begins here")
	}
	crc := crc32.Update(0, castagnoli, head)
	c.number = -1
	var bad error
	for i := range len(c.starts) - 1 {
		if err := ctx.Err(); err != nil {
			return errs.E("pack.Verify", errs.Unavailable, errs.Storage, err)
		}
		raw, err := c.fill(c.starts[i], c.starts[i+1], c.starts[i]+spillAt)
		if err != nil {
			return err
		}
		crc = crc32.Update(crc, castagnoli, raw)
		if c.frame == nil {
			c.frame = *frames.Get().(*[]byte)
		}
		if _, err := c.unseal(c.frame[:0:frameSize], i, raw); err != nil && bad == nil {
			bad = err
		}
	}
	rest, err := c.fill(c.starts[len(c.starts)-1], c.at.Length, c.at.Length)
	if err != nil {
		return err
	}
	crc = crc32.Update(crc, castagnoli, rest[:len(rest)-4])
	if bad == nil && crc != binary.BigEndian.Uint32(rest[len(rest)-4:]) {
		bad = c.damage(-1, "the checksum does not fit")
	}
	return bad
}

// scrub checks a content without its key: form and checksum. each, where not
// nil, gets the sealed bytes piece by piece; what it got counts only when scrub
// returns nil.
func scrub(ctx context.Context, src source, at mailbox.Place, each func([]byte) error) error {
	if err := checkPlace("pack.Scrub", at); err != nil {
		return err
	}
	c := newContent(src, mailbox.BodyKey{}, at) // only its reading, not its key, is used
	var crc uint32
	var footer [footerSize]byte
	for from := int64(0); from < at.Length; {
		if err := ctx.Err(); err != nil {
			return errs.E("pack.Scrub", errs.Unavailable, errs.Storage, err)
		}
		piece, err := c.fill(from, min(from+spillAt, at.Length), at.Length)
		if err != nil {
			return err
		}
		if from == 0 && [headerSize]byte(piece) != header {
			return c.damage(-1, "no content of a known version begins here")
		}
		from += int64(len(piece))
		keepTail(&footer, piece)
		// The last four bytes are the sum itself.
		sum := piece[:len(piece)-int(max(0, min(int64(len(piece)), from-(at.Length-4))))]
		crc = crc32.Update(crc, castagnoli, sum)
		if each != nil {
			if err := each(piece); err != nil {
				return err
			}
		}
	}
	if [headerSize]byte(footer[4:]) != header || crc != binary.BigEndian.Uint32(footer[footerSize-4:]) {
		return c.damage(-1, "the checksum does not fit")
	}
	return nil
}

// keepTail makes tail the last bytes of what it had and piece.
func keepTail(tail *[footerSize]byte, piece []byte) {
	if n := len(piece); n < footerSize {
		copy(tail[:], tail[n:])
		copy(tail[footerSize-n:], piece)
		return
	}
	copy(tail[:], piece[len(piece)-footerSize:])
}
