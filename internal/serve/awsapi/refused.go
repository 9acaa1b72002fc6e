package awsapi

import (
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"postroom/internal/base/metrics"
	"postroom/internal/base/netx"
)

const (
	refusedNetworks = 4096        // that are remembered at once
	refusedEvery    = time.Minute // between two lines about one network
)

// refused counts calls of callers who are not known: by exception and kind of
// network in the metrics, by network in the log, one line a minute each. They
// are not kept one by one.
type refused struct {
	log     *slog.Logger
	counter metrics.Counter

	mu       sync.Mutex
	networks map[netip.Prefix]*since
}

type since struct {
	calls int
	told  time.Time
}

func newRefused(log *slog.Logger, m *metrics.Registry) *refused {
	return &refused{
		log: log, networks: map[netip.Prefix]*since{},
		counter: m.Counter("postroom_api_refused_total", "API calls of unknown callers, by exception and kind of network.", "exception", "network"),
	}
}

func (r *refused) count(from netip.Addr, exception string, now time.Time) {
	r.counter.Inc(exception, kindOf(from))
	network := netx.Network(from)
	r.mu.Lock()
	s := r.networks[network]
	if s == nil {
		if len(r.networks) >= refusedNetworks {
			clear(r.networks)
		}
		s = &since{}
		r.networks[network] = s
	}
	s.calls++
	calls, tell := s.calls, now.Sub(s.told) >= refusedEvery
	if tell {
		s.calls, s.told = 0, now
	}
	r.mu.Unlock()
	if tell {
		r.log.Info("calls without a valid signature", "network", network.String(), "calls", calls, "exception", exception)
	}
}

// kindOf is a network as a label: there are few.
func kindOf(a netip.Addr) string {
	switch {
	case !a.IsValid():
		return "unknown"
	case a.IsLoopback():
		return "loopback"
	case a.IsPrivate() || a.IsLinkLocalUnicast():
		return "private"
	case a.Is4():
		return "ipv4"
	}
	return "ipv6"
}
