package mime

import "sync"

var parsers = sync.Pool{New: func() any {
	return &parser{buf: make([]byte, bufSize), hdr: make([]byte, 0, 4096), stack: make([]string, 0, 8)}
}}

func (p *parser) release() {
	clear(p.stack[:cap(p.stack)])
	if cap(p.hdr) > 64<<10 {
		p.hdr = nil
	}
	p.refs, p.s = nil, scanner{}
	parsers.Put(p)
}
