package mime

import (
	"io"

	"postroom/internal/wire/mime/charset"
)

// ReadMessage reads what a delivery keeps of the message in the first size
// bytes of r. The only error is one of r itself.
func ReadMessage(r io.ReaderAt, size int64) (*Message, error) {
	p, root, err := parse(r, size)
	if err != nil {
		return nil, err
	}
	m := &Message{
		Root: root, Size: size, Truncated: p.truncated, Ambiguous: p.ambiguous,
		References: references(p.refs, root.Envelope.InReplyTo),
	}
	p.release()
	e := root.Envelope
	m.Subject = charset.DecodeHeader(e.Subject)
	m.BaseSubject = BaseSubject(m.Subject)
	m.Date, _ = ParseDate(e.Date)
	if ids := messageIDs(e.MessageID); len(ids) > 0 {
		m.MessageID = ids[0]
	}
	m.HasAttachment = root.hasAttachment()
	m.Preview = Preview(r, root, previewChars)
	return m, nil
}

// References lists the message ids of the thread that a header names, oldest
// first, the direct parent last, without angle brackets (RFC 5322 §3.6.4).
func References(header []byte) []string {
	var refs []string
	if v := Get(header, "References"); v != "" {
		refs = messageIDs(v)
	}
	return references(refs, Get(header, "In-Reply-To"))
}

// references keeps the first and the last ids of a very long thread.
func references(refs []string, inReplyTo string) []string {
	if parent := messageIDs(inReplyTo); len(parent) > 0 {
		known := false
		for _, id := range refs {
			known = known || id == parent[0]
		}
		if !known {
			refs = append(refs[:len(refs):len(refs)], parent[0])
		}
	}
	if n := len(refs); n > maxReferences {
		refs = append(refs[:1:1], refs[n-maxReferences+1:]...)
	}
	return refs
}
