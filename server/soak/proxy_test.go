package soak

import (
	"bytes"
	"encoding/json"
	"hash/fnv"
	"io"
	"log"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"deskbridge/pkg/backend"
)

// proxy stands between the widgets and the replicas: it takes turns between
// these, and spoils what stores records.
type proxy struct {
	seed uint64
	next []http.Handler // The replicas.
	turn atomic.Uint64
	wg   sync.WaitGroup // Copies on their way.

	mu    sync.Mutex
	tries map[string]uint64
	held  map[string]*http.Request // A copy by key, until a newer one has passed.
	done  map[string]int           // How often what was done.
}

func newProxy(seed uint64, replicas ...string) *proxy {
	p := &proxy{seed: seed, tries: map[string]uint64{}, held: map[string]*http.Request{}, done: map[string]int{}}
	for _, base := range replicas {
		target := &url.URL{Scheme: "http", Host: strings.TrimPrefix(base, "http://")}
		p.next = append(p.next, &httputil.ReverseProxy{
			Rewrite: func(r *httputil.ProxyRequest) {
				r.SetURL(target)
				r.Out.Host = r.In.Host
			},
			Transport:    &http.Transport{MaxIdleConnsPerHost: 64},
			ErrorLog:     log.New(io.Discard, "", 0),
			ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
		})
	}
	return p
}

func (p *proxy) forward(w http.ResponseWriter, r *http.Request) {
	p.next[p.turn.Add(1)%uint64(len(p.next))].ServeHTTP(w, r)
}

// copyOf is the same request again, which nobody waits for.
func copyOf(r *http.Request, body []byte) *http.Request {
	again, _ := http.NewRequest(r.Method, r.URL.String(), bytes.NewReader(body)) // It was one before.
	again.Header, again.Host, again.RemoteAddr = r.Header.Clone(), r.Host, r.RemoteAddr
	return again
}

// send carries out a copy.
func (p *proxy) send(r *http.Request) {
	p.wg.Go(func() {
		defer func() { _ = recover() }() // A replica that dies in its answer.
		p.forward(httptest.NewRecorder(), r)
	})
}

// flush lets go of the copies that are still held, and waits for all.
func (p *proxy) flush() {
	p.mu.Lock()
	for _, r := range p.held {
		p.send(r)
	}
	clear(p.held)
	p.mu.Unlock()
	p.wg.Wait()
}

// chance is the same for the same try in each run with the seed.
func (p *proxy) chance(key string, revision int64) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(key))
	p.mu.Lock()
	p.tries[key]++
	n := p.tries[key]
	p.mu.Unlock()
	return rand.New(rand.NewPCG(p.seed^h.Sum64(), uint64(revision)<<32|n))
}

func (p *proxy) count(what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done[what]++
}

// release sends the held copy of a key after something newer has passed.
func (p *proxy) release(key string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if old := p.held[key]; old != nil {
		delete(p.held, key)
		p.send(old)
	}
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPut || !strings.HasPrefix(r.URL.Path, backend.InteractionsPath+"/") {
		p.forward(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	var record backend.Record
	if err := json.Unmarshal(body, &record); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	chance := p.chance(record.Key, record.Revision)
	p.count("puts")
	switch n := chance.IntN(100); {
	case n < 3:
		p.count("lost on the way there")
		panic(http.ErrAbortHandler)
	case n < 6:
		p.count("lost on the way back")
		p.forward(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	case n < 9:
		p.count("doubled")
		p.send(copyOf(r, body))
	case n < 13:
		p.count("overtaken") // The copy comes after the next revision.
		p.mu.Lock()
		p.held[record.Key] = copyOf(r, body)
		p.mu.Unlock()
		p.forward(w, r)
		return
	case n < 17:
		p.count("delayed")
		timer := time.NewTimer(time.Duration(chance.IntN(400)) * time.Millisecond)
		select {
		case <-timer.C:
		case <-r.Context().Done():
			timer.Stop()
		}
	case n < 18:
		p.count("answered by somebody else")
		http.Error(w, "<html>Bad gateway</html>", http.StatusBadGateway)
		return
	}
	p.forward(w, r)
	p.release(record.Key)
}
