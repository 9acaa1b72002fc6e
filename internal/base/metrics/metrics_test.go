package metrics

import "testing"

func TestCountTogether(t *testing.T) {
	r := New()
	r.Counter("a_total", "help", "kind").Inc("x")
	r.Counter("a_total", "help", "kind").Inc("x")
	got, err := r.Gatherer().Gather()
	if err != nil || len(got) != 1 || got[0].Metric[0].Counter.GetValue() != 2 {
		t.Fatal(got, err)
	}
}

func TestNilRegistry(t *testing.T) {
	var r *Registry
	r.Counter("a_total", "help").Inc()
	r.Gauge("b", "help").Set(1)
	r.GaugeFunc("c", "help", func() float64 { return 1 })
	r.Histogram("d", "help", nil).Observe(1)
}
