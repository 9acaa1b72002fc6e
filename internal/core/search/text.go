package search

import (
	"context"
	"errors"
	"fmt"
	"io"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/mailbox"
	"postroom/internal/wire/address"
	"postroom/internal/wire/mime"
	"postroom/internal/wire/mime/charset"
)

const (
	maxText = 256 << 10 // bytes of a body's text that are indexed
	atOnce  = 1 << 20   // a content up to this is read whole
	// What html.Text reads for each byte asked for, and at least.
	htmlRatio, htmlLeast = 64, 256 << 10
	// A character of one byte may become three in UTF-8.
	widest = 3
)

// reader makes documents; it is used again for the next.
type reader struct {
	s    *Service
	set  gramSet
	body []byte
}

// document reads the text of an item: the header's fields decoded, subject and
// addresses as they read, and mime.SearchText of the body. What cannot be read,
// and what is longer than maxText, makes a document that is not complete. An
// error says that it can be read later.
func (r *reader) document(ctx context.Context, org ids.Org, it mailbox.News) (Doc, error) {
	r.set.clear()
	complete, err := r.read(ctx, org, it)
	if err != nil {
		if ctx.Err() != nil || errs.Is(err, errs.Unavailable) || errs.Is(err, errs.Throttled) {
			return Doc{}, err
		}
		r.s.log.Warn("an item could not be read for the search index", "org", org, "item", it.Item, "error", err)
	}
	return Doc{Item: it.Item, Complete: complete && err == nil, Grams: r.set.appendTo(nil)}, nil
}

func (r *reader) read(ctx context.Context, org ids.Org, it mailbox.News) (complete bool, err error) {
	defer func() { // a parser's fault must not end the process
		if p := recover(); p != nil {
			err = errors.Join(err, fmt.Errorf("panic: %v", p))
		}
	}()
	if it.Body.Length == 0 {
		return false, nil
	}
	msg, err := mime.Decode(it.Meta)
	if err != nil {
		return false, err
	}
	r.envelope(msg)
	content, err := r.s.boxes.OpenBody(ctx, org, it.Body)
	if err != nil {
		return false, err
	}
	defer content.Close()
	at := &failing{ReaderAt: content}
	if size := it.Body.Size; size <= atOnce {
		if int64(cap(r.body)) < size {
			r.body = make([]byte, size)
		}
		b := r.body[:size]
		if _, err := content.ReadAt(b, 0); err != nil && !errors.Is(err, io.EOF) {
			return false, err
		}
		at.ReaderAt = bytesAt(b)
	}
	header, err := mime.Header(at, msg.Root)
	if err != nil {
		return false, err
	}
	for _, f := range mime.AllFields(header) {
		r.set.feed(f.Name)
		r.set.feed(": ")
		r.set.feed(charset.DecodeHeader(f.Value))
		r.set.feed("\n")
	}
	r.set.end()
	text := mime.SearchText(at, msg.Root, maxText)
	r.set.feed(text)
	r.set.end()
	return whole(msg.Root, len(text)), at.err
}

// envelope takes what a search finds in the parsed header though it does not
// stand in it so.
func (r *reader) envelope(msg *mime.Message) {
	r.set.feed(msg.Subject)
	r.set.end()
	e := msg.Root.Envelope
	for _, list := range [...][]address.Mailbox{e.From, e.Sender, e.ReplyTo, e.To, e.Cc, e.Bcc} {
		for i := range list {
			m := &list[i]
			if m.Name != "" {
				r.set.feed(m.Name)
				r.set.feed(" ")
			}
			r.set.feed("<" + m.Local + "@" + m.Host + ">")
			r.set.end()
		}
	}
}

// whole tells whether n bytes of text are all that mime.SearchText finds with
// whatever limit.
func whole(root *mime.Part, n int) bool {
	if n > maxText-8 {
		return false
	}
	all := true
	root.Walk(func(_ []int, p *mime.Part) bool {
		if p.Subtype == "html" && widest*p.Size() > max(htmlLeast, htmlRatio*int64(maxText-n)) {
			all = false
		}
		return all
	})
	return all
}

// failing keeps the first fault of the storage: text that is missing for it must
// not be taken for all there is.
type failing struct {
	io.ReaderAt
	err error
}

func (f *failing) ReadAt(p []byte, off int64) (int, error) {
	n, err := f.ReaderAt.ReadAt(p, off)
	if err != nil && !errors.Is(err, io.EOF) && f.err == nil {
		f.err = err
	}
	return n, err
}

// bytesAt is a bytes.Reader without its position.
type bytesAt []byte

func (b bytesAt) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 || off >= int64(len(b)) {
		return 0, io.EOF
	}
	n := copy(p, b[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}
