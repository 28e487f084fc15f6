package main

import (
	"errors"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// accountsBody is the page of accounts and of who is signed in.
type accountsBody struct {
	Accounts []accountView
	Agents   []agentView
}

// agentView is an agent with their sessions.
type agentView struct {
	AgentID, Name, Email string
	Sessions             []agentSession
}

// accountsPage is GET /admin/accounts.
func (s *server) accountsPage(c echo.Context) error {
	ctx, org := c.Request().Context(), adminOf(c).OrgID
	accounts, err := s.accountsOf(ctx, org)
	if err != nil {
		return err
	}
	sessions, err := s.SignIns.list(ctx, org)
	if err != nil {
		return err
	}
	b := accountsBody{Accounts: accounts}
	for _, one := range sessions {
		i := slices.IndexFunc(b.Agents, func(a agentView) bool { return a.AgentID == one.AgentID })
		if i < 0 {
			i = len(b.Agents)
			b.Agents = append(b.Agents, agentView{AgentID: one.AgentID, Name: one.Name, Email: one.Email})
		}
		b.Agents[i].Sessions = append(b.Agents[i].Sessions, one)
	}
	slices.SortStableFunc(b.Agents, func(x, y agentView) int { return strings.Compare(strings.ToLower(x.Name), strings.ToLower(y.Name)) })
	return s.show(c, http.StatusOK, "accounts", "Accounts and sessions", b)
}

// endSession is POST /admin/accounts/session.
func (s *server) endSession(c echo.Context) error {
	err := s.endOne(c, c.FormValue("id"))
	if errors.Is(err, fs.ErrNotExist) {
		return see(c, accountsPage, "gone")
	}
	if err != nil {
		return err
	}
	return see(c, accountsPage, "ended")
}

// endAgent is POST /admin/accounts/agent: all of an agent's sessions.
func (s *server) endAgent(c echo.Context) error {
	if err := s.endAll(c, c.FormValue("agent")); err != nil {
		return err
	}
	return see(c, accountsPage, "endedAll")
}

// doctorBody is what doctor says.
type doctorBody struct {
	Findings      []finding
	Failed, Warns int
	Took          time.Duration
}

// doctorPage is GET /admin/doctor.
func (s *server) doctorPage(c echo.Context) error {
	began := s.Now()
	all := s.examine(c)
	b := doctorBody{Findings: all, Took: s.Now().Sub(began).Round(100 * time.Millisecond)}
	for _, f := range all {
		switch f.Status {
		case healthFail:
			b.Failed++
		case healthWarn:
			b.Warns++
		}
	}
	// What has to be done comes first.
	rank := map[string]int{healthFail: 0, healthWarn: 1, healthOK: 2}
	slices.SortStableFunc(b.Findings, func(x, y finding) int { return rank[x.Status] - rank[y.Status] })
	return s.show(c, http.StatusOK, "doctor", "Doctor", b)
}
