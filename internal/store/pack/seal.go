package pack

import (
	"context"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"sync"

	"postroom/internal/base/errs"
	"postroom/internal/core/mailbox"

	"github.com/klauspost/compress/s2"
)

// spillAt is how many sealed bytes of one content wait in memory. A content
// that has more is written by its own caller, so it never holds up others.
const spillAt = 1 << 20

// buffer is a pooled slice of sealed bytes.
type buffer struct{ b []byte }

var buffers = sync.Pool{New: func() any { return new(buffer) }}

func newBuffer() *buffer {
	b := buffers.Get().(*buffer)
	b.b = b.b[:0]
	return b
}

func (b *buffer) free() { buffers.Put(b) }

// sealer makes the sealed form of one content at a time.
type sealer struct {
	plain   []byte // one frame and the byte that tells whether it is the last
	encoded []byte
	lengths []uint32
	out     *buffer
	flushed int64 // bytes given to spill so far
	size    int64 // plain bytes so far
	crc     uint32
	aead    cipher.AEAD
}

var sealers = sync.Pool{New: func() any {
	return &sealer{plain: make([]byte, frameSize+1), encoded: make([]byte, 0, 1+s2.MaxEncodedLen(frameSize)+1024)}
}}

// seal reads content to its end and returns what is left of its sealed form in a
// buffer that the caller frees; spill got all before it, in pieces of about
// spillAt, and is never called for less. length is the whole count of sealed
// bytes. An error of content itself is returned as it is.
func seal(ctx context.Context, key *mailbox.BodyKey, content io.Reader, size int64, spill func([]byte) error) (*buffer, int64, error) {
	aead, err := newAEAD(key)
	if err != nil {
		return nil, 0, errs.E("pack.Put", errs.Internal, errs.Storage, err)
	}
	s := sealers.Get().(*sealer)
	s.lengths, s.flushed, s.size, s.crc, s.aead = s.lengths[:0], 0, 0, 0, aead
	s.out = newBuffer()
	out := s.out
	err = s.run(ctx, content, size, spill)
	length := s.flushed + int64(len(out.b))
	s.out, s.aead = nil, nil
	sealers.Put(s)
	if err != nil {
		out.free()
		return nil, 0, err
	}
	return out, length, nil
}

func (s *sealer) run(ctx context.Context, content io.Reader, size int64, spill func([]byte) error) error {
	s.out.b = append(s.out.b, header[:]...)
	have := 0
	for last := false; !last; {
		if err := ctx.Err(); err != nil {
			return cancelled(err)
		}
		n, err := readFull(content, s.plain[have:])
		have += n
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		last = have <= frameSize
		if s.size+int64(have) > MaxContent {
			return errs.Say("pack.Put", errs.TooLarge, errs.Storage, "A content may have %d bytes at most.", int64(MaxContent))
		}
		frame := s.plain[:min(have, frameSize)]
		s.frame(frame, last)
		if !last {
			s.plain[0] = s.plain[frameSize]
			have = 1
		}
		if len(s.out.b) >= spillAt {
			if err := s.flush(spill); err != nil {
				return err
			}
		}
	}
	if size >= 0 && s.size != size {
		return errs.Say("pack.Put", errs.Invalid, errs.Storage, "The content has %d bytes and not %d as was said.", s.size, size)
	}
	s.finish()
	return nil
}

// frame compresses and seals one frame onto out.
func (s *sealer) frame(plain []byte, last bool) {
	if last && len(s.lengths) == 0 {
		// Most mail is one frame, and there time counts more than a third of its space.
		s.encoded = s.encoded[:1+s2.MaxEncodedLen(len(plain))]
		s.encoded[0] = encS2
		s.encoded = s.encoded[:1+len(s2.Encode(s.encoded[1:], plain))]
	} else {
		s.encoded = append(s.encoded[:0], encZstd)
		s.encoded = encoder().EncodeAll(plain, s.encoded)
	}
	if len(s.encoded)-1 >= len(plain) {
		s.encoded = append(append(s.encoded[:0], encPlain), plain...)
	}
	kind := byte(kindFrame)
	if last {
		kind = kindLast
	}
	nonce := nonceOf(kind, uint64(len(s.lengths)))
	before := len(s.out.b)
	s.out.b = s.aead.Seal(s.out.b, nonce[:], s.encoded, header[:])
	s.lengths = append(s.lengths, uint32(len(s.out.b)-before))
	s.size += int64(len(plain))
}

func (s *sealer) flush(spill func([]byte) error) error {
	s.crc = crc32.Update(s.crc, castagnoli, s.out.b)
	if err := spill(s.out.b); err != nil {
		return err
	}
	s.flushed += int64(len(s.out.b))
	s.out.b = s.out.b[:0]
	return nil
}

// finish appends index and footer.
func (s *sealer) finish() {
	index := binary.BigEndian.AppendUint64(s.encoded[:0], uint64(s.size))
	for _, l := range s.lengths {
		index = binary.BigEndian.AppendUint32(index, l)
	}
	s.encoded = index
	nonce := nonceOf(kindIndex, uint64(len(s.lengths)))
	before := len(s.out.b)
	s.out.b = s.aead.Seal(s.out.b, nonce[:], index, header[:])
	s.out.b = binary.BigEndian.AppendUint32(s.out.b, uint32(len(s.out.b)-before))
	s.out.b = append(s.out.b, header[:]...)
	s.crc = crc32.Update(s.crc, castagnoli, s.out.b)
	s.out.b = binary.BigEndian.AppendUint32(s.out.b, s.crc)
}

// readFull reads until p is full or r ends, which alone is io.EOF. io.ReadFull
// will not do: it says io.ErrUnexpectedEOF for a short end, which is also what a
// reader says whose own source broke off.
func readFull(r io.Reader, p []byte) (int, error) {
	n, idle := 0, 0
	for n < len(p) {
		m, err := r.Read(p[n:])
		n += m
		if err != nil {
			return n, err
		}
		if m > 0 {
			idle = 0
		} else if idle++; idle > 100 {
			return n, io.ErrNoProgress
		}
	}
	return n, nil
}

func cancelled(err error) error {
	return errs.E("pack.Put", errs.Unavailable, errs.Storage, err)
}

var errClosed = errors.New("the packs are closed")

// unavailable is the answer when the storage cannot take or give bytes now.
func unavailable(op string, cause error) error {
	return errs.Say(op, errs.Unavailable, errs.Storage,
		"The mail storage cannot be used at the moment. Try again later.").Because(cause)
}
