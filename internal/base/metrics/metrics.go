// Package metrics counts what happens, for Prometheus. A nil *Registry is
// valid and shows nothing, so that a part can always count. Labels come from
// small fixed sets: never an address, a name, an organization or an id.
package metrics

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"
)

// Registry has the metrics of one process.
type Registry struct{ reg *prometheus.Registry }

// New makes an empty registry.
func New() *Registry { return &Registry{prometheus.NewRegistry()} }

// Gatherer is what a page of metrics is made from.
func (r *Registry) Gatherer() prometheus.Gatherer { return r.reg }

// add registers c, or returns the one that has its name already: two regions
// count together.
func add[C prometheus.Collector](r *Registry, c C) C {
	if r == nil {
		return c
	}
	if err := r.reg.Register(c); err != nil {
		if have := (prometheus.AlreadyRegisteredError{}); errors.As(err, &have) {
			return have.ExistingCollector.(C)
		}
		panic(err) // one name with two meanings: a fault of the program, seen at its first start
	}
	return c
}

// Counter only goes up.
type Counter struct{ v *prometheus.CounterVec }

// Counter makes or finds a counter; its name ends in _total.
func (r *Registry) Counter(name, help string, labels ...string) Counter {
	return Counter{add(r, prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels))}
}

// Inc adds one, for the labels' values in their order.
func (c Counter) Inc(values ...string) { c.v.WithLabelValues(values...).Inc() }

// Add adds n, which is not negative.
func (c Counter) Add(n float64, values ...string) { c.v.WithLabelValues(values...).Add(n) }

// Gauge goes up and down.
type Gauge struct{ v *prometheus.GaugeVec }

// Gauge makes or finds a gauge.
func (r *Registry) Gauge(name, help string, labels ...string) Gauge {
	return Gauge{add(r, prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, labels))}
}

// Add adds n, which may be negative.
func (g Gauge) Add(n float64, values ...string) { g.v.WithLabelValues(values...).Add(n) }

// Set sets it.
func (g Gauge) Set(n float64, values ...string) { g.v.WithLabelValues(values...).Set(n) }

// GaugeFunc is a gauge that is asked for when it is shown. Where the name is
// taken already, the first function stays.
func (r *Registry) GaugeFunc(name, help string, f func() float64) {
	if r != nil {
		add(r, prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, f))
	}
}

// Histogram counts seconds or bytes into buckets.
type Histogram struct{ v *prometheus.HistogramVec }

// Histogram makes or finds a histogram; nil buckets are 5 ms to 10 s.
func (r *Registry) Histogram(name, help string, buckets []float64, labels ...string) Histogram {
	return Histogram{add(r, prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}, labels))}
}

// Observe adds a value.
func (h Histogram) Observe(value float64, values ...string) {
	h.v.WithLabelValues(values...).Observe(value)
}
