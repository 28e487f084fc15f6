package lookup_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/hubspot/hubspottest"
	"deskbridge/pkg/lookup"
)

// distant is an emulated account that takes a while to answer, with HubSpot's
// limits and ours, and a contact or a company for each of many numbers.
func distant(b *testing.B, takes time.Duration) lookup.Portal {
	b.Helper()
	server := hubspottest.New(hubspottest.Config{IndexDelay: -1})
	for i := range 200 {
		_, err := server.AddObject("contacts", map[string]string{"firstname": fmt.Sprint("Contact ", i), "phone": contactNumber(i)})
		require.NoError(b, err)
		_, err = server.AddObject("companies", map[string]string{"name": fmt.Sprint("Company ", i), "phone": companyNumber(i)})
		require.NoError(b, err)
	}
	api := server.Handler()
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // Only then it is noticed that somebody has hung up.
		r.Body = io.NopCloser(bytes.NewReader(body))
		timer := time.NewTimer(takes)
		defer timer.Stop()
		select {
		case <-timer.C:
			api.ServeHTTP(w, r)
		case <-r.Context().Done():
		}
	}))
	b.Cleanup(func() {
		front.CloseClientConnections() // Some hang.
		front.Close()
	})
	return lookup.Portal{ID: hubspottest.PortalID, CRM: &hubspot.Client{
		BaseURL: front.URL, Limiter: hubspot.NewLimiter(),
		HTTP:  &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
		Token: func(context.Context) (string, error) { return hubspottest.Token, nil },
	}}
}

func contactNumber(i int) string { return fmt.Sprintf("+1415556%04d", i) }
func companyNumber(i int) string { return fmt.Sprintf("+1415557%04d", i) }
func nobodys(i int) string       { return fmt.Sprintf("+1415558%04d", i) }

// calls are how long matches took, and how many of them were answered.
type calls struct {
	mu       sync.Mutex
	took     []time.Duration
	answered int
}

func (c *calls) match(look *lookup.Lookup, p lookup.Portal, number string) {
	// What the server gives it of the default deadline.
	ctx, cancel := context.WithTimeout(context.Background(), 2850*time.Millisecond)
	defer cancel()
	began := time.Now()
	_, err := look.Match(ctx, p, lookup.Query{Number: number, Inbound: true})
	took := time.Since(began)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.took = append(c.took, took)
	if err == nil {
		c.answered++
	}
}

func (c *calls) report(b *testing.B) {
	b.Helper()
	slices.Sort(c.took)
	at := func(percent int) float64 {
		return float64(c.took[min(len(c.took)*percent/100, len(c.took)-1)].Microseconds()) / 1000
	}
	b.ReportMetric(at(50), "ms-p50")
	b.ReportMetric(at(99), "ms-p99")
	b.ReportMetric(at(100), "ms-max")
	b.ReportMetric(100*float64(c.answered)/float64(len(c.took)), "%-answered")
	b.ReportMetric(0, "ns/op") // It is a plan's duration.
}

// BenchmarkMatch measures matches of calls from numbers that nobody has asked
// for yet: contacts', companies' and nobody's in turn, as many a second as is
// said. b.N is not used.
func BenchmarkMatch(b *testing.B) {
	for rate, n := range map[int]int{1: 30, 3: 60, 6: 90} {
		b.Run(fmt.Sprintf("HubSpot at 200 ms, %d calls a second", rate), func(b *testing.B) {
			p, look := distant(b, 200*time.Millisecond), lookup.New(lookup.Config{})
			var c calls
			var wg sync.WaitGroup
			tick := time.NewTicker(time.Second / time.Duration(rate))
			defer tick.Stop()
			for i := range n {
				<-tick.C
				wg.Go(func() { c.match(look, p, []func(int) string{contactNumber, companyNumber, nobodys}[i%3](i)) })
			}
			wg.Wait()
			c.report(b)
		})
	}
	b.Run("from the cache", func(b *testing.B) {
		p, look := distant(b, 0), lookup.New(lookup.Config{})
		var c calls
		for range 10_001 {
			c.match(look, p, contactNumber(0))
		}
		c.took = c.took[1:]
		c.answered--
		c.report(b)
	})
	b.Run("old answers while HubSpot hangs", func(b *testing.B) {
		p, look := distant(b, 0), lookup.New(lookup.Config{Fresh: time.Nanosecond})
		var c calls
		c.match(look, p, contactNumber(0))
		c = calls{}
		p.CRM = distant(b, time.Minute).CRM
		crowd(50, func(int) { c.match(look, p, contactNumber(0)) })
		c.report(b)
	})
	b.Run("HubSpot hangs", func(b *testing.B) {
		p, look := distant(b, time.Minute), lookup.New(lookup.Config{})
		var c calls
		crowd(50, func(i int) { c.match(look, p, contactNumber(i)) })
		c.report(b)
	})
	b.Run("50 calls at once", func(b *testing.B) {
		p, look := distant(b, 200*time.Millisecond), lookup.New(lookup.Config{})
		var c calls
		crowd(50, func(i int) {
			c.match(look, p, []func(int) string{contactNumber, companyNumber, nobodys}[i%3](i))
		})
		c.report(b)
	})
}

// crowd does something n times at the same time.
func crowd(n int, do func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { do(i) })
	}
	wg.Wait()
}
