package mailbox

import (
	"context"
	"io"
	"time"
)

// BodyKey is the random data key of one stored content (AES-256). A key seals one
// content, ever: each Put gets a new one.
type BodyKey [32]byte

// Place is where a content's sealed bytes lie: pack's number, first byte and
// count of sealed bytes.
type Place struct {
	Pack   int64
	Offset int64
	Length int64
}

// Sealed is a place and what opens it.
type Sealed struct {
	Key BodyKey
	At  Place
}

// Content is an open content: its plain bytes, at random. A range opens only
// the frames it touches. A damaged frame is an error of kind Internal, subject
// Storage, that names pack and offset.
type Content interface {
	io.ReaderAt
	// Size is the count of plain bytes. It reads the content's index when asked
	// first; -1 says that this failed, and ReadAt then says why.
	Size() int64
	Close() error
}

// PackInfo describes one pack: its number, the count of bytes that are
// lasting, and when it was last appended to.
type PackInfo struct {
	Pack    int64
	Length  int64
	Changed time.Time
}

// Packs keeps the bodies: append-only packs of many deliveries, each content cut
// into frames of 64 KiB, each frame compressed, then sealed under the content's
// key. Bytes first, then the row that names them: bytes without a row are
// garbage. store/pack has it for local files and for S3.
type Packs interface {
	// Put stores content under key and returns when it survives power loss.
	// Puts that run together share one fsync or one PUT. size is the count of
	// plain bytes where known, else -1; a content of another size is refused
	// with errs.Invalid. An error of content itself is returned as it is.
	// errs.Unavailable: the storage cannot take it now, or ctx ended; what may
	// then have been stored is garbage.
	Put(ctx context.Context, key BodyKey, content io.Reader, size int64) (Place, error)
	// Open opens a content. Nothing is read before it is asked for. ctx may bound
	// the reads too.
	Open(ctx context.Context, key BodyKey, at Place) (Content, error)
	// OpenAll opens contents that will all be read soon, in this order: what lies
	// together is fetched together. Where one cannot be opened its error is set.
	OpenAll(ctx context.Context, list []Sealed) ([]Content, []error)
	// Verify reads every frame of a content and its checksum.
	Verify(ctx context.Context, key BodyKey, at Place) error
	// List returns all packs, by number. A pack that is being written and has no
	// lasting byte yet is not among them.
	List(ctx context.Context) ([]PackInfo, error)
	// Move copies contents, sealed as they are, into another pack and returns
	// their new places in the same order, once lasting. It stops at a content
	// whose checksum does not fit.
	Move(ctx context.Context, from []Place) ([]Place, error)
	// ReadPack streams the first length bytes of a pack, for a backup. A pack that
	// is shorter ends in io.ErrUnexpectedEOF; one that is missing is
	// errs.NotFound.
	ReadPack(ctx context.Context, pack, length int64) (io.ReadCloser, error)
	// WritePack stores a pack whole under its number, for a restore. One that
	// is there already is refused with errs.Exists.
	WritePack(ctx context.Context, pack int64, from io.Reader) error
	// Remove deletes a pack. The caller knows that nothing lives in it. One that
	// is not there is no error.
	Remove(ctx context.Context, pack int64) error
	// Close ends the appending; contents that are open stay readable.
	Close() error
}
