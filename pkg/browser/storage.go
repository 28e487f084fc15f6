//go:build js && wasm

package browser

import (
	"fmt"
	"slices"
	"sync"

	"github.com/hack-pad/safejs"
)

// Storage keeps small texts in localStorage, which the frames of all tabs
// under the same top-level site share. What localStorage refuses is kept in
// memory for this page's life, so that Get always returns what was Set last.
type Storage struct {
	mu      sync.Mutex
	store   safejs.Value
	usable  bool
	memory  map[string]string   // Wins over store.
	removed map[string]struct{} // In store, but should not be.
}

// OpenStorage opens localStorage. There is always a Storage; [Storage.Usable]
// says whether it survives a reload.
func OpenStorage() *Storage {
	s := &Storage{memory: map[string]string{}, removed: map[string]struct{}{}}
	s.store = global("localStorage")
	// Where storage is blocked, the boot script has put one of its own there.
	shimmed, _ := text(get(boot(), "storage"))
	s.usable = shimmed != "memory" && s.probe()
	return s
}

func (s *Storage) probe() bool {
	const key = "deskbridge.probe"
	if s.store.Type() != safejs.TypeObject {
		return false
	}
	if _, err := s.store.Call("setItem", key, "1"); err != nil {
		return false
	}
	_, err := s.store.Call("removeItem", key)
	return err == nil
}

// Usable says whether values survive a reload. It turns false when the store
// refuses one, as when it is full.
func (s *Storage) Usable() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.usable
}

// Get returns the value of key, and whether there is one.
func (s *Storage) Get(key string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v, ok := s.memory[key]; ok {
		return v, true
	}
	if _, gone := s.removed[key]; gone || s.store.Type() != safejs.TypeObject {
		return "", false
	}
	v, err := s.store.Call("getItem", key)
	if err != nil {
		return "", false
	}
	return text(v)
}

// Set sets the value of key. After an error the value is in memory only.
func (s *Storage) Set(key, value string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.removed, key)
	if s.store.Type() != safejs.TypeObject {
		s.memory[key] = value
		return fmt.Errorf("browser: store: %w", errMissing)
	}
	if _, err := s.store.Call("setItem", key, value); err != nil {
		s.memory[key] = value
		s.usable = false
		return fmt.Errorf("browser: store: %w", err)
	}
	delete(s.memory, key)
	return nil
}

// Remove removes key. Removing what is not there is harmless.
func (s *Storage) Remove(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.memory, key)
	if s.store.Type() != safejs.TypeObject {
		return
	}
	if _, err := s.store.Call("removeItem", key); err != nil {
		s.removed[key] = struct{}{}
	}
}

// Keys returns all keys, sorted.
func (s *Storage) Keys() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var keys []string
	for key := range s.memory {
		keys = append(keys, key)
	}
	n, _ := number(get(s.store, "length"))
	for i := range n {
		v, err := s.store.Call("key", i)
		if err != nil {
			break
		}
		if key, ok := text(v); ok {
			if _, gone := s.removed[key]; !gone {
				keys = append(keys, key)
			}
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}
