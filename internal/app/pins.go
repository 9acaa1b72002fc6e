package app

import "sync"

// pins holds packs that a running backup reads, so that none is removed under it.
type pins struct {
	mu      sync.Mutex
	regions map[string]int // by region
}

// hold keeps a region's packs until the answer is called.
func (p *pins) hold(region string) (release func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.regions == nil {
		p.regions = map[string]int{}
	}
	p.regions[region]++
	var once sync.Once
	return func() {
		once.Do(func() {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.regions[region]--
		})
	}
}

// held tells of each pack of a region whether a backup holds it.
func (p *pins) held(region string) func(pack int64) bool {
	return func(int64) bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		return p.regions[region] > 0
	}
}
