package ledger_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/time/rate"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/ledger"
)

// databases are those that a benchmark runs on.
func databases(b *testing.B) map[string]func(b *testing.B) string {
	b.Helper()
	return map[string]func(b *testing.B) string{
		"sqlite":   func(b *testing.B) string { return filepath.Join(b.TempDir(), "ledger.db") },
		"postgres": func(b *testing.B) string { return postgres(b) },
	}
}

// limited is a portal with a limit of requests, as the client keeps it.
type limited struct {
	*crm
	limiter *rate.Limiter
}

func (l limited) Upsert(ctx context.Context, unique string, properties map[string]string) (string, error) {
	if err := l.limiter.Wait(ctx); err != nil {
		return "", err
	}
	return l.crm.Upsert(ctx, unique, properties)
}

func (l limited) Link(ctx context.Context, id, typeID, objectID string) error {
	if err := l.limiter.Wait(ctx); err != nil {
		return err
	}
	return l.crm.Link(ctx, id, typeID, objectID)
}

// percentile sorts.
func percentile(all []time.Duration, p int) time.Duration {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[min(len(all)*p/100, len(all)-1)]
}

// BenchmarkBacklog drains a day's 50,000 records at HubSpot's limit, 9 requests
// a second and 20 at once, made 20 times faster, while a call ends every 100 ms:
// how long is it until those are written? fresh-… is as measured, vendor-… the
// same at HubSpot's own pace, as if everything were the limit's doing.
// DESKBRIDGE_BACKLOG changes the number of records.
func BenchmarkBacklog(b *testing.B) {
	const scale = 20
	records := 50_000
	if text := os.Getenv("DESKBRIDGE_BACKLOG"); text != "" {
		var err error
		records, err = strconv.Atoi(text)
		require.NoError(b, err)
	}
	for name, url := range databases(b) {
		b.Run(name, func(b *testing.B) {
			c := newCRM()
			c.unique = true
			portal := limited{c, rate.NewLimiter(9*scale, 20*scale)}
			cfg := config(url(b), portal)
			cfg.Workers = 0 // As the server has it.
			l := open(b, cfg)
			fill(b, l, records)

			began := time.Now()
			require.NoError(b, l.Start(b.Context()))
			var fresh []time.Duration
			for i := 0; c.linked() < records+i; i++ { // Every record is linked once, at its end.
				r := inbound(fmt.Sprint("fresh-", i))
				r.EndedAt = time.Now().UnixMilli()
				ended := time.Now()
				put(b, l, r)
				await(b, l, r.Key, "enriched")
				fresh = append(fresh, time.Since(ended))
				pause := time.NewTimer(max(0, 100*time.Millisecond-time.Since(ended)))
				<-pause.C
			}

			took := time.Since(began)
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(records)/took.Seconds(), "records/s")
			b.ReportMetric(float64(c.requests())/took.Seconds(), "requests/s")
			for _, p := range []int{50, 99, 100} {
				at := percentile(fresh, p)
				b.ReportMetric(float64(at.Milliseconds()), fmt.Sprintf("fresh-p%d-ms", p))
				b.ReportMetric(at.Seconds()*scale, fmt.Sprintf("vendor-p%d-s", p))
			}
		})
	}
}

func (c *crm) linked() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.asked["link"]
}

// requests counts what the limit was for.
func (c *crm) requests() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.asked["upsert"] + c.asked["link"]
}

// fill stores records that ended long ago.
func fill(b *testing.B, l *ledger.Ledger, records int) {
	b.Helper()
	var all sync.WaitGroup
	const writers = 16
	for w := range writers {
		all.Go(func() {
			for i := w; i < records; i += writers {
				put(b, l, record(i))
			}
		})
	}
	all.Wait()
}

// record is one of many.
func record(i int) backend.Record {
	r := inbound(fmt.Sprintf("00000000-0000-4000-8000-%012d:a0000000-0000-4000-8000-000000000001:1", i))
	r.InteractionID, r.Number = r.Key[:36], fmt.Sprintf("+1408%07d", i)
	return r
}

// BenchmarkMemory is what 100,000 stored records take of a running ledger.
func BenchmarkMemory(b *testing.B) {
	for name, url := range databases(b) {
		b.Run(name, func(b *testing.B) {
			c := newCRM()
			c.unique = true
			path := url(b)
			if name == "sqlite" {
				path = "file:" + path + "?_pragma=synchronous(OFF)"
			}
			cfg := config(path, limited{c, rate.NewLimiter(9, 20)})
			cfg.Workers = 0
			l := open(b, cfg)
			before, _ := memory(b)
			fill(b, l, 100_000)
			require.NoError(b, l.Start(b.Context()))
			eventually(b, func() (string, bool) { return "nothing was written", c.requests() > 50 })

			heap, resident := memory(b)
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(before)/(1<<20), "heap-before-MB")
			b.ReportMetric(float64(heap)/(1<<20), "heap-MB")
			b.ReportMetric(float64(resident)/(1<<20), "rss-MB")
		})
	}
}

// memory is the live heap and what the process holds, in bytes.
func memory(b *testing.B) (heap, resident uint64) {
	b.Helper()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	f, err := os.Open("/proc/self/status")
	if err != nil {
		return m.HeapAlloc, m.Sys // Not Linux.
	}
	defer func() { _ = f.Close() }()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if text, ok := strings.CutPrefix(lines.Text(), "VmRSS:"); ok {
			kib, err := strconv.ParseUint(strings.TrimSpace(strings.TrimSuffix(text, "kB")), 10, 64)
			require.NoError(b, err)
			return m.HeapAlloc, kib << 10
		}
	}
	return m.HeapAlloc, m.Sys
}
