package engine

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"sync"
	"time"

	"deskbridge/pkg/softphone"
)

// A Share lets several frames of one Agent Desktop use one engine: the frame
// that gets the lead runs it, the others draw its view and hand it what is
// pressed in them. When the leading frame goes, as elements do when the agent
// opens another page of the Desktop, another one takes over.
//
// To a panel a Share is what an engine is: its source and its directory.
type Share struct {
	cfg   ShareConfig
	frame string

	drawing sync.Mutex // One view after the other.
	mu      sync.Mutex
	own     *Engine // This frame's; nil while another one leads.
	view    softphone.View
	told    bool   // A view has come from the frame that leads.
	asked   bool   // Somebody listens, so views are sent.
	presser string // The frame in which something was pressed last; empty for this one.
	at      time.Time
	subs    map[int]func(softphone.View)
	subID   int
	answers map[string]chan shareMessage
}

// ShareConfig configures a [Share].
type ShareConfig struct {
	Leader  Leader         // Required. Elects the frame that runs the engine.
	Channel Tabs           // Required. Between the frames of this browser.
	New     func() *Engine // Required. Makes this frame's engine, once.
	NewID   func() string  // Required. A fresh random id.
	Version string         // Frames of another version do not understand each other.
	// Wait is how long to listen for a frame that leads already before one
	// competes for the lead: frames that come and go leave it to those that stay.
	Wait time.Duration
	// OpenTab opens a page in a new tab. Nil where there is no browser.
	OpenTab func(url string) error
}

// pressedFor is how long browsers let a frame open tabs after a press in it.
const pressedFor = 4 * time.Second

// shareMessage is what frames tell each other; one of the members is set.
type shareMessage struct {
	Version string          `json:"v"`
	Lead    bool            `json:"lead,omitempty"` // Another frame leads from now on.
	Ask     bool            `json:"ask,omitempty"`  // For a view.
	View    *softphone.View `json:"view,omitempty"` // The leading frame's.
	Press   string          `json:"press,omitempty"`
	Data    json.RawMessage `json:"data,omitempty"` // Of the press.
	From    string          `json:"from,omitempty"` // The frame of the press.
	Open    string          `json:"open,omitempty"` // A page to open in a tab, by the frame in which it was asked for.

	// A question for the leading frame's directory, and its answer.
	Search *softphone.DirectoryQuery `json:"search,omitempty"`
	Number *string                   `json:"number,omitempty"`
	ID     string                    `json:"id,omitempty"`
	To     string                    `json:"to,omitempty"`
	Page   *softphone.DirectoryPage  `json:"page,omitempty"`
	Info   *softphone.NumberInfo     `json:"info,omitempty"`
	Failed bool                      `json:"failed,omitempty"`
}

// errFollowed is what a search in another frame came to.
var errFollowed = errors.New("engine: the frame that leads could not answer")

var errNoTabs = errors.New("engine: no tabs here")

// presses are the events that come from the agent's hand.
var presses = func() map[string]reflect.Type {
	byName := map[string]reflect.Type{}
	for _, e := range []softphone.Event{
		softphone.SignInRequested{}, softphone.SignOutRequested{}, softphone.LeadRequested{}, softphone.StationRequested{},
		softphone.StateRequested{}, softphone.DialRequested{}, softphone.AnswerRequested{}, softphone.DeclineRequested{},
		softphone.HoldRequested{}, softphone.ResumeRequested{}, softphone.EndRequested{}, softphone.RecordingPauseRequested{},
		softphone.RecordingResumeRequested{}, softphone.NotesEdited{}, softphone.TitleEdited{}, softphone.TicketRequested{},
		softphone.WrapUpChosen{}, softphone.WrapUpSubmitted{}, softphone.MatchChosen{}, softphone.ContactCreateRequested{},
		softphone.CallShown{}, softphone.RecordOpened{}, softphone.MissedDismissed{}, softphone.ProblemDismissed{},
		softphone.ReceiptRetried{}, softphone.RecordMended{}, softphone.CardAsked{}, softphone.RecordShown{},
		softphone.ConsultRequested{}, softphone.ConsultEndRequested{}, softphone.SwapRequested{}, softphone.MergeRequested{},
		softphone.TransferRequested{}, softphone.ConsultTransferRequested{}, softphone.LeaveRequested{}, softphone.HandOverRequested{},
		softphone.DropRequested{}, softphone.MuteRequested{}, softphone.DigitsRequested{}, softphone.VariableEdited{},
		softphone.WrapUpExtended{}, softphone.FollowUpChosen{}, softphone.BuddiesRequested{}, softphone.ActivitySeen{},
		softphone.PopInChosen{}, softphone.NavigateFailed{},
	} {
		t := reflect.TypeOf(e)
		byName[t.Name()] = t
	}
	return byName
}()

// NewShare returns a share that does nothing until Run.
func NewShare(cfg ShareConfig) *Share {
	return &Share{cfg: cfg, frame: cfg.NewID(), subs: map[int]func(softphone.View){}, answers: map[string]chan shareMessage{}}
}

// Run follows the frame that leads, and leads when it can, until ctx ends.
func (s *Share) Run(ctx context.Context) error {
	heard := make(chan struct{})
	go s.listen(ctx, heard)
	s.post(shareMessage{Ask: true})
	if s.cfg.Wait > 0 {
		pause(ctx, s.cfg.Wait, heard)
	}
	if _, err := s.cfg.Leader.Acquire(ctx, false); err != nil {
		return err
	}
	e := s.cfg.New()
	s.mu.Lock()
	s.own = e
	s.mu.Unlock()
	s.post(shareMessage{Lead: true})
	e.Subscribe(func(v softphone.View) {
		s.publish(func() softphone.View { return v })
		s.show(v, true)
	})
	return e.Run(ctx)
}

// Leads returns this frame's engine, nil while another frame leads.
func (s *Share) Leads() *Engine {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.own
}

// show hands a view to who has subscribed here. Another frame's comes too late
// when this one leads.
func (s *Share) show(v softphone.View, own bool) {
	s.drawing.Lock()
	defer s.drawing.Unlock()
	s.mu.Lock()
	if !own && s.own != nil {
		s.mu.Unlock()
		return
	}
	all := make([]func(softphone.View), 0, len(s.subs))
	for _, f := range s.subs {
		all = append(all, f)
	}
	s.mu.Unlock()
	for _, f := range all {
		f(v)
	}
}

// publish sends a view to the other frames, if there are any. The view is taken
// while no other one is sent: an older one must not follow a newer.
func (s *Share) publish(view func() softphone.View) {
	s.drawing.Lock()
	defer s.drawing.Unlock()
	s.mu.Lock()
	asked := s.asked
	s.mu.Unlock()
	if asked {
		v := view()
		s.post(shareMessage{View: &v})
	}
}

func (s *Share) post(m shareMessage) {
	m.Version = s.cfg.Version
	text, err := json.Marshal(m)
	if err == nil {
		_ = s.cfg.Channel.Post(text) // Nobody may be there.
	}
}

// listen hears the other frames until ctx ends. heard is closed with the first
// view.
func (s *Share) listen(ctx context.Context, heard chan struct{}) {
	for {
		text, err := s.cfg.Channel.Receive(ctx)
		if err != nil {
			return
		}
		var m shareMessage
		if json.Unmarshal(text, &m) != nil {
			continue
		}
		if m.Version != s.cfg.Version {
			if m.View != nil {
				s.foreign()
			}
			continue
		}
		e := s.Leads()
		switch {
		case m.To == s.frame && m.Open != "":
			if s.cfg.OpenTab == nil || s.cfg.OpenTab(m.Open) != nil {
				s.Send(softphone.NavigateFailed{Tab: true})
			}
		case m.To == s.frame:
			s.mu.Lock()
			answer := s.answers[m.ID]
			delete(s.answers, m.ID)
			s.mu.Unlock()
			if answer != nil {
				answer <- m
			}
		case m.To != "":
		case m.View != nil && e == nil:
			if s.take(*m.View) {
				close(heard)
			}
		case m.Lead && e == nil:
			s.post(shareMessage{Ask: true})
		case e == nil:
		case m.Ask:
			s.mu.Lock()
			s.asked = true
			s.mu.Unlock()
			s.publish(e.View)
		case m.Press != "":
			if ev, ok := pressed(m.Press, m.Data); ok {
				s.note(m.From)
				e.Send(ev)
			}
		case m.Search != nil || m.Number != nil:
			go s.answer(ctx, e, m)
		}
	}
}

// foreign says that the frame that leads is of another version.
func (s *Share) foreign() {
	if s.Leads() == nil {
		s.take(softphone.View{
			Screen: softphone.ScreenBoot, Problems: []softphone.Problem{{Code: softphone.VersionMismatch}},
			Desktop: &softphone.Surroundings{},
		})
	}
}

// take draws the view of the frame that leads; first says that there was none.
func (s *Share) take(v softphone.View) (first bool) {
	s.mu.Lock()
	first = !s.told
	s.view, s.told = v, true
	s.mu.Unlock()
	s.show(v, false)
	return first
}

func pressed(name string, data json.RawMessage) (softphone.Event, bool) {
	t, ok := presses[name]
	if !ok {
		return nil, false
	}
	v := reflect.New(t)
	if len(data) > 0 && json.Unmarshal(data, v.Interface()) != nil {
		return nil, false
	}
	ev, ok := v.Elem().Interface().(softphone.Event)
	return ev, ok
}

// View implements ui.Source.
func (s *Share) View() softphone.View {
	s.mu.Lock()
	own, view := s.own, s.view
	s.mu.Unlock()
	if own != nil {
		return own.View()
	}
	if view.Screen == "" {
		view.Screen = softphone.ScreenBoot
	}
	return view
}

// Subscribe implements ui.Source.
func (s *Share) Subscribe(f func(softphone.View)) (remove func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.subID
	s.subID++
	s.subs[id] = f
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.subs, id)
	}
}

// Send implements ui.Source.
func (s *Share) Send(e softphone.Event) {
	if own := s.Leads(); own != nil {
		s.note("")
		own.Send(e)
		return
	}
	data, err := json.Marshal(e)
	if err == nil {
		s.post(shareMessage{Press: reflect.TypeOf(e).Name(), Data: data, From: s.frame})
	}
}

// note remembers in which frame the agent works.
func (s *Share) note(frame string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.presser, s.at = frame, time.Now()
}

// OpenTab opens a page in a tab: in the frame in which the agent has just
// pressed something, for browsers do not let another one.
func (s *Share) OpenTab(url string) error {
	s.mu.Lock()
	frame, recent := s.presser, time.Since(s.at) < pressedFor
	s.mu.Unlock()
	if frame != "" && recent {
		s.post(shareMessage{To: frame, Open: url})
		return nil
	}
	if s.cfg.OpenTab == nil {
		return errNoTabs
	}
	return s.cfg.OpenTab(url)
}

// NewKey makes the key of an outdial, as [Engine.NewKey] does.
func (s *Share) NewKey() softphone.CallKey {
	if own := s.Leads(); own != nil {
		return own.NewKey()
	}
	return softphone.CallKey("dial-" + s.cfg.NewID() + ":" + s.View().Agent.AgentID + ":1")
}

// Search implements ui.Directory.
func (s *Share) Search(ctx context.Context, q softphone.DirectoryQuery) (softphone.DirectoryPage, error) {
	if own := s.Leads(); own != nil {
		return own.Search(ctx, q)
	}
	m, err := s.ask(ctx, shareMessage{Search: &q}, searchWithin)
	if err != nil || m.Page == nil {
		return softphone.DirectoryPage{}, errors.Join(err, errFollowed)
	}
	return *m.Page, nil
}

// Number implements ui.Directory.
func (s *Share) Number(ctx context.Context, typed string) (softphone.NumberInfo, error) {
	if own := s.Leads(); own != nil {
		return own.Number(ctx, typed)
	}
	m, err := s.ask(ctx, shareMessage{Number: &typed}, numberWithin)
	if err != nil || m.Info == nil {
		return softphone.NumberInfo{}, errors.Join(err, errFollowed)
	}
	return *m.Info, nil
}

// ask puts a question to the frame that leads.
func (s *Share) ask(ctx context.Context, m shareMessage, within time.Duration) (shareMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	answer := make(chan shareMessage, 1)
	m.ID = s.frame + "." + s.cfg.NewID()
	s.mu.Lock()
	s.answers[m.ID] = answer
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.answers, m.ID)
	}()
	s.post(m)
	select {
	case got := <-answer:
		return got, nil
	case <-ctx.Done():
		return shareMessage{}, ctx.Err()
	}
}

// answer answers another frame's question.
func (s *Share) answer(ctx context.Context, e *Engine, m shareMessage) {
	to, _, _ := strings.Cut(m.ID, ".")
	out := shareMessage{ID: m.ID, To: to}
	if m.Search != nil {
		if page, err := e.Search(ctx, *m.Search); err == nil {
			out.Page = &page
		}
	} else if info, err := e.Number(ctx, *m.Number); err == nil {
		out.Info = &info
	}
	out.Failed = out.Page == nil && out.Info == nil
	s.post(out)
}
