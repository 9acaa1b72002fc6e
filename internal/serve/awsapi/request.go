package awsapi

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/wire/awsjson"
)

const bodyTime = 15 * time.Second

// buffer holds a body while a call runs; nothing that outlives the call points
// into it.
type buffer struct{ bytes []byte }

const keptBuffer = 64 << 10

var buffers = sync.Pool{New: func() any { return &buffer{make([]byte, 0, 2<<10)} }}

func (b *buffer) free() {
	if cap(b.bytes) > keptBuffer {
		return // a rare long one is not worth keeping
	}
	clear(b.bytes) // it may have held a password
	b.bytes = b.bytes[:0]
	buffers.Put(b)
}

// read reads the whole body: at most awsjson.DefaultLimits.Bytes, within bodyTime.
func (b *buffer) read(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	const op = "awsapi.read"
	limit := int64(awsjson.DefaultLimits.Bytes)
	if r.ContentLength > limit {
		w.Header().Set("Connection", "close")
		return nil, longBody(op, limit)
	}
	if r.ContentLength == 0 {
		return nil, nil
	}
	// A ResponseWriter that has no deadlines (a test's recorder) has the server's.
	deadline := http.NewResponseController(w).SetReadDeadline
	_ = deadline(time.Now().Add(bodyTime))
	defer func() { _ = deadline(time.Time{}) }() // it would cancel a call that takes longer
	from := http.MaxBytesReader(w, r.Body, limit)
	for {
		if len(b.bytes) == cap(b.bytes) {
			b.bytes = append(b.bytes, 0)[:len(b.bytes)]
		}
		n, err := from.Read(b.bytes[len(b.bytes):cap(b.bytes)])
		b.bytes = b.bytes[:len(b.bytes)+n]
		switch {
		case err == io.EOF:
			return b.bytes, nil
		case err != nil:
			var long *http.MaxBytesError
			if errors.As(err, &long) {
				return nil, longBody(op, limit)
			}
			return nil, &refusal{serialization, "The request body ended too early or came too slowly.", errs.Invalid}
		}
	}
}

func longBody(op string, limit int64) error {
	return errs.Say(op, errs.TooLarge, errs.Request, "The request body is longer than %d bytes.", limit)
}

// find finds the operation of X-Amz-Target.
func (c *call) find() error {
	targets := c.request.Header["X-Amz-Target"]
	if len(targets) != 1 {
		return &refusal{unknownOperation, "The request must have one X-Amz-Target header that names the operation.", errs.NotFound}
	}
	if c.op = c.h.operations[targets[0]]; c.op == nil {
		return &refusal{unknownOperation, "There is no operation '" + printable(targets[0]) + "'.", errs.NotFound}
	}
	return nil
}

// printable is a caller's text, short enough for an answer.
func printable(s string) string {
	if len(s) > 128 {
		s = s[:128]
	}
	return strings.ToValidUTF8(s, "?")
}

// readIfMatch reads the revision that a caller says it saw (RFC 9110 §13.1.1).
func (c *call) readIfMatch() error {
	values := c.request.Header["If-Match"]
	if len(values) == 0 || len(values) == 1 && values[0] == "*" {
		return nil
	}
	text := values[0]
	if len(text) > 2 && text[0] == '"' && text[len(text)-1] == '"' {
		text = text[1 : len(text)-1]
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 || len(values) > 1 {
		return errs.Say("awsapi.IfMatch", errs.Invalid, errs.Request, "If-Match must be one revision as an ETag header had it.")
	}
	c.ifMatch = n
	return nil
}
