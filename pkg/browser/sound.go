//go:build js && wasm

package browser

import (
	"fmt"
	"sync"

	"github.com/hack-pad/safejs"
)

// A ring is two tones together, two seconds on and four off, for three
// minutes at most: no offer rings longer.
const (
	ringOn, ringEvery = 2.0, 6.0 // Seconds.
	ringTimes         = 30
	ringLoudest       = 0.25 // Of full scale, at volume 10.
)

var ringTones = [...]float64{440, 480} // Hz

// Sound plays the ring tone by Web Audio: no file has to be loaded. Browsers
// let a frame be heard only after a press in it; until then a ring is silent,
// starts to be heard with the first press, and Blocked says so.
type Sound struct {
	mu      sync.Mutex
	audio   safejs.Value
	master  safejs.Value   // The gain node that has the volume.
	playing []safejs.Value // Oscillators.
	remove  []func()
}

// OpenSound prepares the sound. The first press or key in the page unlocks it.
func OpenSound() *Sound {
	s := &Sound{audio: safejs.Undefined(), master: safejs.Undefined()}
	for _, event := range []string{"pointerdown", "keydown"} {
		if remove, err := listen(safejs.Global(), event, func(safejs.Value) { s.resume() }); err == nil {
			s.remove = append(s.remove, remove)
		}
	}
	return s
}

func (s *Sound) resume() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open() != nil {
		return
	}
	if state, _ := text(get(s.audio, "state")); state == "suspended" {
		s.forget(s.audio.Call("resume"))
	}
}

// forget takes the promise of a call whose outcome shows elsewhere; a
// rejection would otherwise be an error on the console.
func (s *Sound) forget(promise safejs.Value, err error) {
	if err != nil {
		return
	}
	if never, err := global("Function").New("return 0"); err == nil {
		_, _ = promise.Call("catch", never)
	}
}

func (s *Sound) open() error {
	if present(s.audio) {
		return nil
	}
	constructor := global("AudioContext")
	if constructor.Type() != safejs.TypeFunction {
		return errMissing
	}
	audio, err := constructor.New()
	if err != nil {
		return err
	}
	s.audio = audio
	return nil
}

// Ring starts to ring at a volume of 1 to 10. Ringing twice is ringing once, at
// the later volume.
func (s *Sound) Ring(volume int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	// Ears hear ratios: each step is the square of its share.
	gain := ringLoudest * float64(volume*volume) / 100
	if len(s.playing) > 0 {
		return get(s.master, "gain").Set("value", gain)
	}
	if err := s.open(); err != nil {
		return fmt.Errorf("browser: ring: %w", err)
	}
	if err := s.ring(gain); err != nil {
		s.quiet()
		return fmt.Errorf("browser: ring: %w", err)
	}
	return nil
}

func (s *Sound) ring(volume float64) error {
	s.forget(s.audio.Call("resume"))
	master, err := s.audio.Call("createGain")
	if err != nil {
		return err
	}
	s.master = master
	if err := get(master, "gain").Set("value", volume); err != nil {
		return err
	}
	if _, err := master.Call("connect", get(s.audio, "destination")); err != nil {
		return err
	}
	loudness, err := s.audio.Call("createGain")
	if err != nil {
		return err
	}
	now, err := get(s.audio, "currentTime").Float()
	if err != nil {
		return err
	}
	gain := get(loudness, "gain")
	for i := range ringTimes {
		on := now + float64(i)*ringEvery
		if _, err := gain.Call("setValueAtTime", 1, on); err != nil {
			return err
		}
		if _, err := gain.Call("setValueAtTime", 0, on+ringOn); err != nil {
			return err
		}
	}
	if _, err := loudness.Call("connect", master); err != nil {
		return err
	}
	for _, hertz := range ringTones {
		tone, err := s.audio.Call("createOscillator")
		if err != nil {
			return err
		}
		if err := get(tone, "frequency").Set("value", hertz); err != nil {
			return err
		}
		if _, err := tone.Call("connect", loudness); err != nil {
			return err
		}
		if _, err := tone.Call("start"); err != nil {
			return err
		}
		s.playing = append(s.playing, tone)
	}
	return nil
}

// Quiet stops ringing.
func (s *Sound) Quiet() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.quiet()
}

func (s *Sound) quiet() {
	for _, tone := range s.playing {
		_, _ = tone.Call("stop")
		_, _ = tone.Call("disconnect")
	}
	if present(s.master) {
		_, _ = s.master.Call("disconnect")
		s.master = safejs.Undefined()
	}
	s.playing = nil
}

// Ringing says whether it rings, heard or not.
func (s *Sound) Ringing() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.playing) > 0
}

// Blocked says whether a ring would not be heard at the moment because nobody
// has pressed anything in this frame yet.
func (s *Sound) Blocked() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open() != nil {
		return true
	}
	state, _ := text(get(s.audio, "state"))
	return state != "running"
}

// Close stops the sound for good.
func (s *Sound) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.quiet()
	for _, remove := range s.remove {
		remove()
	}
	s.remove = nil
	if present(s.audio) {
		s.forget(s.audio.Call("close"))
	}
}
