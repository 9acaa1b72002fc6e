package pack

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"sync"

	"github.com/klauspost/compress/zstd"

	"postroom/internal/core/mailbox"
)

// The sealed form of one content; DESIGN.md says why.
//
//	blob   = header frame+ index footer
//	header = "PRBODY" version(1) log2 of the frame's size(1)
//	frame  = AES-GCM(nonce(frame|last, number), encoding(1) bytes)
//	index  = AES-GCM(nonce(index, count of frames), plain size(8) (length of frame(4))+)
//	footer = length of the sealed index(4) header(8) CRC-32C of all before(4)
const (
	frameLog   = 16
	frameSize  = 1 << frameLog // plain bytes of every frame but the last
	headerSize = 8
	footerSize = 4 + headerSize + 4
	tagSize    = 16
	minFrame   = 1 + tagSize             // sealed bytes of an empty frame
	maxFrame   = 1 + frameSize + tagSize // a frame that did not shrink is stored as it is
	minIndex   = 8 + 4 + tagSize
	minBlob    = headerSize + minFrame + minIndex + footerSize
	maxFrames  = 1 << 16 // contents of 4 GiB at most

	// MaxContent is the most plain bytes that one content may have.
	MaxContent = maxFrames * frameSize

	// wholeBlob is what is read at once: the sealed form of any content of one frame.
	wholeBlob = headerSize + maxFrame + minIndex + footerSize
	// tailRead holds the index of a content of 250 MiB.
	tailRead = 16 << 10
)

var header = [headerSize]byte{'P', 'R', 'B', 'O', 'D', 'Y', 1, frameLog}

// What a nonce is for. The key belongs to one content, so number and kind make
// each nonce unique, and a frame that is moved, cut off or repeated cannot open.
const (
	kindFrame = 0
	kindLast  = 1
	kindIndex = 2
)

// Encodings of a frame's bytes, the first byte inside the seal.
const (
	encPlain = 0
	encZstd  = 1
	encS2    = 2
)

func nonceOf(kind byte, number uint64) (n [12]byte) {
	n[0] = kind
	binary.BigEndian.PutUint64(n[4:], number)
	return n
}

func newAEAD(key *mailbox.BodyKey) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Encoder and decoder are safe for parallel EncodeAll and DecodeAll and keep one
// state per core.
var (
	encoder = sync.OnceValue(func() *zstd.Encoder {
		e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithWindowSize(frameSize),
			zstd.WithEncoderCRC(false), zstd.WithSingleSegment(true), zstd.WithLowerEncoderMem(true))
		if err != nil {
			panic(err) // the options are constants
		}
		return e
	})
	decoder = sync.OnceValue(func() *zstd.Decoder {
		d, err := zstd.NewReader(nil, zstd.WithDecoderMaxMemory(frameSize), zstd.WithDecodeAllCapLimit(true),
			zstd.WithDecoderConcurrency(0), zstd.IgnoreChecksum(true))
		if err != nil {
			panic(err) // the options are constants
		}
		return d
	})
)

// Damage says that stored bytes are not what was put there, or not under this
// key: the cause of an error of kind Internal, subject Storage.
type Damage struct {
	Pack   int64
	Offset int64 // of the content in the pack
	Frame  int   // -1 where it is not one frame
	Reason string
}

func (d *Damage) Error() string {
	if d.Frame < 0 {
		return fmt.Sprintf("pack %d, offset %d: %s", d.Pack, d.Offset, d.Reason)
	}
	return fmt.Sprintf("pack %d, offset %d, frame %d: %s", d.Pack, d.Offset, d.Frame, d.Reason)
}
