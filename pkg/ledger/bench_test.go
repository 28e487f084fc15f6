package ledger_test

import (
	"fmt"
	"testing"

	"deskbridge/pkg/ledger"
)

// BenchmarkPut is one acknowledged record, on disk, with nobody writing.
func BenchmarkPut(b *testing.B) {
	for name, url := range databases(b) {
		b.Run(name, func(b *testing.B) {
			l := open(b, config(url(b), newCRM()))
			for i := 0; b.Loop(); i++ {
				put(b, l, record(i))
			}
		})
	}
}

// BenchmarkWritten is one record from the widget's PUT to the written call,
// with a portal that answers at once and has no limits.
func BenchmarkWritten(b *testing.B) {
	for name, url := range databases(b) {
		b.Run(name, func(b *testing.B) {
			c := newCRM()
			c.unique = true
			cfg := config(url(b), c)
			cfg.Workers = 16 // As the server has it.
			l := start(b, cfg)
			b.ResetTimer()
			fill(b, l, b.N)
			eventually(b, func() (string, bool) {
				s, err := l.Depth(b.Context())
				return fmt.Sprintf("%+v %v", s, err), err == nil && s == ledger.Stats{Done: b.N}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "interactions/s")
		})
	}
}
