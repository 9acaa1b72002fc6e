package pack

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"postroom/internal/base/errs"
	"postroom/internal/core/mailbox"
)

// group is the contents that go into one object.
type group struct {
	blobs   []*buffer
	answers []chan answer
	size    int
	timer   *time.Timer
}

// Put implements mailbox.Packs. A content of more than 1 MiB sealed gets an
// object of its own, collected in memory up to 16 MiB and beyond that in a
// temporary file.
func (s *S3) Put(ctx context.Context, key mailbox.BodyKey, content io.Reader, size int64) (mailbox.Place, error) {
	big := &spool{dir: s.opts.TempDir}
	defer big.close()
	rest, length, err := seal(ctx, &key, content, size, big.write)
	if err != nil {
		return mailbox.Place{}, err
	}
	if big.size == 0 {
		return s.join(ctx, rest)
	}
	defer rest.free()
	if err := big.write(rest.b); err != nil {
		return mailbox.Place{}, err
	}
	pack, err := s.putNew(ctx, "pack.Put", big.reader)
	if err != nil {
		return mailbox.Place{}, err
	}
	return mailbox.Place{Pack: pack, Length: length}, nil
}

// join adds a blob to the group that is forming and waits for its PUT.
func (s *S3) join(ctx context.Context, blob *buffer) (mailbox.Place, error) {
	mine := make(chan answer, 1)
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return mailbox.Place{}, unavailable("pack.Put", errClosed)
	}
	if s.group != nil && s.group.size+len(blob.b) > groupMax {
		s.send(s.group)
		s.group = nil
	}
	if s.group == nil {
		g := &group{}
		g.timer = time.AfterFunc(s.opts.Wait, func() { s.cut(g) })
		s.group = g
	}
	g := s.group
	g.blobs, g.answers, g.size = append(g.blobs, blob), append(g.answers, mine), g.size+len(blob.b)
	s.mu.Unlock()
	select {
	case a := <-mine:
		return a.place, a.err
	case <-ctx.Done():
		return mailbox.Place{}, cancelled(ctx.Err())
	}
}

// cut sends g off when its wait is over, if nobody did before.
func (s *S3) cut(g *group) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.group == g {
		s.group = nil
		s.send(g)
	}
}

// send starts the PUT of g. s.mu is held.
func (s *S3) send(g *group) {
	g.timer.Stop()
	s.running.Add(1)
	go func() {
		defer s.running.Done()
		s.slots <- struct{}{}
		defer func() { <-s.slots }()
		s.put(g)
	}()
}

func (s *S3) put(g *group) {
	ctx, stop := context.WithTimeout(s.base, putTimeout)
	defer stop()
	body := g.blobs[0].b
	if len(g.blobs) > 1 {
		body = make([]byte, 0, g.size)
		for _, b := range g.blobs {
			body = append(body, b.b...)
		}
	}
	pack, err := s.putNew(ctx, "pack.Put", func() (io.ReadSeeker, error) { return bytes.NewReader(body), nil })
	at := mailbox.Place{Pack: pack}
	for i, b := range g.blobs {
		at.Length = int64(len(b.b))
		b.free()
		if err != nil {
			g.answers[i] <- answer{err: err}
		} else {
			g.answers[i] <- answer{place: at}
		}
		at.Offset += at.Length
	}
}

// putNew stores a new object and returns its pack number. A number that is there
// is another machine's, or our own whose answer got lost: the next one is tried.
func (s *S3) putNew(ctx context.Context, op string, body func() (io.ReadSeeker, error)) (int64, error) {
	for tries := 1; ; tries++ {
		pack := s.next()
		r, err := body()
		if err != nil {
			return 0, unavailable(op, err)
		}
		err = s.putObject(ctx, pack, r)
		if err == nil {
			return pack, nil
		}
		if !conflict(err) || tries == 4 {
			return 0, unavailable(op, err)
		}
	}
}

func (s *S3) putObject(ctx context.Context, pack int64, body io.ReadSeeker) error {
	_, err := s.client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &s.opts.Bucket, Key: aws.String(s.key(pack)), Body: body, IfNoneMatch: aws.String("*"),
	})
	return err
}

// conflict: 412 the key is taken; 409 another PUT of it runs.
func conflict(err error) bool {
	status := statusOf(err)
	return status == http.StatusPreconditionFailed || status == http.StatusConflict
}

// Move implements mailbox.Packs, by objects of about 16 MiB.
func (s *S3) Move(ctx context.Context, from []mailbox.Place) ([]mailbox.Place, error) {
	const op = "pack.Move"
	to := make([]mailbox.Place, 0, len(from))
	out := &spool{dir: s.opts.TempDir}
	defer out.close()
	placed := 0
	flush := func() error {
		if placed == len(to) {
			return nil
		}
		pack, err := s.putNew(ctx, op, out.reader)
		for ; placed < len(to); placed++ {
			to[placed].Pack = pack
		}
		out.reset()
		return err
	}
	for _, at := range from {
		if out.size > 0 && out.size+at.Length > groupMax {
			if err := flush(); err != nil {
				return nil, err
			}
		}
		to = append(to, mailbox.Place{Offset: out.size, Length: at.Length})
		if err := scrub(ctx, object{ctx, s, at.Pack}, at, out.write); err != nil {
			return nil, err
		}
	}
	if err := flush(); err != nil {
		return nil, err
	}
	return to, nil
}

// WritePack implements mailbox.Packs.
func (s *S3) WritePack(ctx context.Context, pack int64, from io.Reader) error {
	const op = "pack.WritePack"
	if pack <= 0 || pack > maxNumber {
		return errs.Say(op, errs.Invalid, errs.Storage, "%d is no number of a pack.", pack)
	}
	whole := &spool{dir: s.opts.TempDir}
	defer whole.close()
	if err := copyAll(ctx, writerFunc(whole.write), from); err != nil {
		return err
	}
	body, err := whole.reader()
	if err != nil {
		return unavailable(op, err)
	}
	err = s.putObject(ctx, pack, body)
	if conflict(err) {
		return errExists(pack)
	}
	if err != nil {
		return unavailable(op, err)
	}
	return nil
}

type writerFunc func([]byte) error

func (f writerFunc) Write(p []byte) (int, error) {
	if err := f(p); err != nil {
		return 0, err
	}
	return len(p), nil
}

// spool collects the body of one PUT, which has to be read twice (its hash is
// signed first): in memory up to 16 MiB, beyond that in a file without a name.
type spool struct {
	dir  string
	size int64
	mem  []byte
	file *os.File
}

func (s *spool) write(p []byte) error {
	if s.file == nil && len(s.mem)+len(p) > groupMax {
		f, err := os.CreateTemp(s.dir, "postroom-pack-")
		if err != nil {
			return unavailable("pack.Put", err)
		}
		s.file = f
		if err := errors.Join(os.Remove(f.Name()), writeAll(f, s.mem)); err != nil {
			return unavailable("pack.Put", err)
		}
		s.mem = nil
	}
	if s.file != nil {
		if err := writeAll(s.file, p); err != nil {
			return unavailable("pack.Put", err)
		}
	} else {
		s.mem = append(s.mem, p...)
	}
	s.size += int64(len(p))
	return nil
}

func writeAll(f *os.File, p []byte) error {
	_, err := f.Write(p)
	return err
}

// reader reads all from the start.
func (s *spool) reader() (io.ReadSeeker, error) {
	if s.file == nil {
		return bytes.NewReader(s.mem), nil
	}
	_, err := s.file.Seek(0, io.SeekStart)
	return unclosed{s.file}, err
}

// unclosed keeps a client from closing the file under a retry.
type unclosed struct{ io.ReadSeeker }

func (s *spool) reset() {
	s.close()
	s.size, s.mem, s.file = 0, s.mem[:0], nil
}

func (s *spool) close() {
	if s.file != nil {
		s.file.Close()
	}
}
