package imap

import "strconv"

// Search writes SEARCH with sequence numbers or UIDs.
func (e *Encoder) Search(nums []uint32) {
	b := append(e.start(), "* SEARCH"...)
	for _, n := range nums {
		b = strconv.AppendUint(append(b, ' '), uint64(n), 10)
		if len(b) >= flushAt {
			e.buf = b
			e.send()
			b = e.buf
		}
	}
	e.end(b)
}

// SearchData is the result of a SEARCH with RETURN.
type SearchData struct {
	Min, Max uint32 // 0 if nothing was found
	Count    uint32
	All      NumSet // ascending
}

// ESearch writes ESEARCH (RFC 4731) with the results that were asked for. MIN,
// MAX and ALL are left out when nothing was found.
func (e *Encoder) ESearch(tag string, uid bool, want SearchReturn, r *SearchData) {
	b := append(e.start(), `* ESEARCH (TAG `...)
	b = append(appendQuoted(b, tag), ')')
	if uid {
		b = append(b, " UID"...)
	}
	if want&ReturnMin != 0 && r.Min != 0 {
		b = strconv.AppendUint(append(b, " MIN "...), uint64(r.Min), 10)
	}
	if want&ReturnMax != 0 && r.Max != 0 {
		b = strconv.AppendUint(append(b, " MAX "...), uint64(r.Max), 10)
	}
	if want&ReturnAll != 0 && len(r.All.Ranges) > 0 {
		b = r.All.Append(append(b, " ALL "...))
	}
	if want&ReturnCount != 0 {
		b = strconv.AppendUint(append(b, " COUNT "...), uint64(r.Count), 10)
	}
	e.end(b)
}
