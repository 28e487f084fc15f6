package ledger_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"deskbridge/pkg/ledger"
)

// BenchmarkPut is one acknowledged record, on disk, with nobody writing.
func BenchmarkPut(b *testing.B) {
	l := open(b, config(filepath.Join(b.TempDir(), "ledger.db"), newCRM()))
	for i := 0; b.Loop(); i++ {
		put(b, l, inbound(fmt.Sprint("bench-", i)))
	}
}

// BenchmarkWritten is one record from the widget's PUT to the written call,
// with a portal that answers at once.
func BenchmarkWritten(b *testing.B) {
	for name, url := range map[string]func() string{
		"sqlite":   func() string { return filepath.Join(b.TempDir(), "ledger.db") },
		"postgres": func() string { return postgres(b) },
	} {
		b.Run(name, func(b *testing.B) {
			c := newCRM()
			c.unique = true
			cfg := config(url(), c)
			cfg.Workers = 50
			l := start(b, cfg)
			b.ResetTimer()
			for i := range b.N {
				put(b, l, inbound(fmt.Sprint("bench-", i)))
			}
			eventually(b, func() (string, bool) {
				s, err := l.Depth(b.Context())
				return fmt.Sprintf("%+v %v", s, err), err == nil && s == ledger.Stats{Done: b.N}
			})
		})
	}
}
