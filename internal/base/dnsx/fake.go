package dnsx

import (
	"context"
	"net/netip"
	"sync"
)

// Fake is a DNS of maps, for tests and for a deployment without a network.
// A name that no map has is ErrNotFound.
type Fake struct {
	mu  sync.Mutex
	txt map[string][]string
	mx  map[string][]MX
	ip  map[string][]netip.Addr
	err map[string]error
}

// SetTXT sets the texts of a name; none removes it.
func (f *Fake) SetTXT(name string, texts ...string) { set(f, &f.txt, name, texts) }

// SetMX sets the exchangers of a name, by preference.
func (f *Fake) SetMX(name string, mx ...MX) { set(f, &f.mx, name, mx) }

// SetIP sets the addresses of a name.
func (f *Fake) SetIP(name string, ip ...netip.Addr) { set(f, &f.ip, name, ip) }

// Fail makes every question about a name fail; nil heals it.
func (f *Fake) Fail(name string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		f.err = map[string]error{}
	}
	f.err[plain(name)] = err
}

func (f *Fake) TXT(ctx context.Context, name string) ([]string, error) {
	return get(ctx, f, &f.txt, name)
}
func (f *Fake) MX(ctx context.Context, name string) ([]MX, error) { return get(ctx, f, &f.mx, name) }
func (f *Fake) IP(ctx context.Context, name string) ([]netip.Addr, error) {
	return get(ctx, f, &f.ip, name)
}

func set[T any](f *Fake, m *map[string][]T, name string, values []T) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if *m == nil {
		*m = map[string][]T{}
	}
	if len(values) == 0 {
		delete(*m, plain(name))
		return
	}
	(*m)[plain(name)] = append([]T(nil), values...)
}

func get[T any](ctx context.Context, f *Fake, m *map[string][]T, name string) ([]T, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := f.err[plain(name)]; err != nil {
		return nil, err
	}
	if v := (*m)[plain(name)]; len(v) > 0 {
		return append([]T(nil), v...), nil
	}
	return nil, ErrNotFound
}
