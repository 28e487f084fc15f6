package soak

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BenchmarkPut is PUT /api/interactions over HTTP, by several widgets at once
// and with all the rest of the server at work: the ledger writes to the HubSpot
// emulator meanwhile, whose limits are not felt.
func BenchmarkPut(b *testing.B) {
	const each = 4000 // Requests a measurement.
	by := scales{hubspotRate: 1000, indexDelay: time.Second, indexWait: 15 * time.Second, engagementWait: 15 * time.Second, finalizeAfter: time.Minute}
	for name, database := range map[string]func(testing.TB) string{"sqlite": func(testing.TB) string { return "" }, "postgres": schema} {
		for _, writers := range []int{8, 64} {
			b.Run(fmt.Sprintf("%s/%d writers", name, writers), func(b *testing.B) {
				w := newWorld(b, b.Context(), 1, writers, 1, database(b), by)
				for _, widget := range w.widgets {
					widget.client.BaseURL = "http://" + w.replicas[0].addr
				}
				started := time.Now()
				took := make([][]time.Duration, writers)
				b.ResetTimer()

				var all sync.WaitGroup
				for n, widget := range w.widgets {
					all.Go(func() {
						for i := n; i < each; i += writers {
							p := makePlan(1, i, writers, w.people, started.UnixMilli())
							r := p.offers[0].steps[len(p.offers[0].steps)-1].record
							began := time.Now()
							_, err := widget.put(b.Context(), r)
							took[n] = append(took[n], time.Since(began))
							if err != nil {
								b.Error(err)
								return
							}
						}
					})
				}
				all.Wait()

				b.StopTimer()
				times := slices.Sorted(slices.Values(slices.Concat(took...)))
				require.NotEmpty(b, times)
				b.ReportMetric(0, "ns/op")
				b.ReportMetric(float64(len(times))/time.Since(started).Seconds(), "puts/s")
				b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "p50-ms")
				b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "p99-ms")
			})
		}
	}
}
