package awsapi

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"postroom/internal/wire/sigv4"
)

// benchmark signs and sends body(i) on 32 connections and prints calls/s. The
// client shares the cores with the server.
func benchmark(b *testing.B, w *world, target string, body func(i int64) string) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}}
	var n, failed atomic.Int64
	b.SetParallelism(16)
	b.ReportAllocs()
	start, cpu := time.Now(), cpuTime()
	b.ResetTimer()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			text := body(n.Add(1))
			r, _ := http.NewRequest(http.MethodPost, w.url, strings.NewReader(text))
			r.Header.Set("Content-Type", "application/x-amz-json-1.1")
			r.Header.Set("X-Amz-Target", target)
			sigv4.Sign(r, []byte(text), w.root.id, w.root.secret, east, service, w.clock.Now())
			a, err := client.Do(r)
			if err != nil {
				failed.Add(1)
				continue
			}
			io.Copy(io.Discard, a.Body)
			a.Body.Close()
			if a.StatusCode != http.StatusOK {
				failed.Add(1)
			}
		}
	})
	b.ReportMetric(float64(b.N)/time.Since(start).Seconds(), "calls/s")
	// What the machine would do if nothing else ran on its cores.
	b.ReportMetric(float64(cpuTime()-cpu)/float64(time.Microsecond)/float64(b.N), "cpu-µs/call")
	if failed.Load() > 0 {
		b.Errorf("%d of %d calls failed", failed.Load(), b.N)
	}
}

// cpuTime is what the process has used of all cores, client included.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func BenchmarkDescribeUser(b *testing.B) {
	w := newWorld(b)
	org := w.signed(w.root, east, "WorkMailService.CreateOrganization", `{"Alias":"acme"}`).str("OrganizationId")
	const users = 1000
	ids := make([]string, users)
	for i := range ids {
		ids[i] = w.signed(w.root, east, "WorkMailService.CreateUser", fmt.Sprintf(`{"OrganizationId":%q,"Name":"user%d","DisplayName":"User %d"}`, org, i, i)).str("UserId")
	}
	benchmark(b, w, "WorkMailService.DescribeUser", func(i int64) string {
		return fmt.Sprintf(`{"OrganizationId":%q,"UserId":%q}`, org, ids[i%users])
	})
}

func BenchmarkCreateUser(b *testing.B) {
	w := newWorld(b)
	org := w.signed(w.root, east, "WorkMailService.CreateOrganization", `{"Alias":"acme"}`).str("OrganizationId")
	run := time.Now().UnixNano()
	benchmark(b, w, "WorkMailService.CreateUser", func(i int64) string {
		return fmt.Sprintf(`{"OrganizationId":%q,"Name":"u%d-%d","DisplayName":"User %d"}`, org, run, i, i)
	})
}
