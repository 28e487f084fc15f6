package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"deskbridge/pkg/tenant"
	"deskbridge/pkg/webexcc"
	"deskbridge/pkg/webexcc/webexcctest"
)

// supervised is the body of a change that a supervisor makes.
type supervised struct {
	State   string `json:"state"`   // Available or Idle; Idle where a code is given.
	AuxCode string `json:"auxCode"` // Id or name of an idle code.
	By      string `json:"by"`      // supervisor, the default: nobody else is emulated.
}

func readSupervised(c echo.Context) (supervised, error) {
	var body supervised
	if err := bind(c, &body); err != nil && !errors.Is(err, io.EOF) {
		return supervised{}, err
	}
	if body.By != "" && body.By != "supervisor" {
		return supervised{}, fmt.Errorf("by %q: only a supervisor changes agents here", body.By)
	}
	return body, nil
}

func (w *clouds) agentState(c echo.Context) error {
	body, err := readSupervised(c)
	if err != nil {
		return err
	}
	if body.State == "" && body.AuxCode != "" {
		body.State = webexcc.Idle
	}
	if body.State == webexcc.LoggedOut {
		return errors.New("POST to logout instead")
	}
	return w.answered(c, w.webex.SetAgentState(c.Param("agent"), body.State, body.AuxCode))
}

func (w *clouds) agentLogout(c echo.Context) error {
	if _, err := readSupervised(c); err != nil {
		return err
	}
	return w.answered(c, w.webex.SetAgentState(c.Param("agent"), webexcc.LoggedOut, ""))
}

func (w *clouds) agentTakeover(c echo.Context) error {
	return w.answered(c, w.webex.MultiLogin(c.Param("agent")))
}

// profile changes what Webex says of agents, and lets our backend ask again.
func (w *clouds) profile(c echo.Context) error {
	var change webexcctest.ProfileChange
	if err := bind(c, &change); err != nil {
		return err
	}
	if err := w.webex.ChangeProfile(change); err != nil {
		return err
	}
	if w.forget != nil {
		w.forget()
	}
	return c.NoContent(http.StatusNoContent)
}

// settings shows the portal's settings, merged with the body if there is one.
func (w *clouds) settings(c echo.Context) error {
	if w.change == nil {
		return errors.New("the backend is another process: configure it there")
	}
	var merge func(*tenant.Settings) error
	if c.Request().Method == http.MethodPost {
		merge = func(s *tenant.Settings) error {
			if err := bind(c, s); err != nil {
				return err
			}
			return s.Validate()
		}
	}
	now, err := w.change(context.WithoutCancel(c.Request().Context()), merge)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, now)
}

func (w *clouds) phone(c echo.Context) error {
	var body struct {
		Phone  string `json:"phone"`
		Action string `json:"action"`
	}
	if err := bind(c, &body); err != nil {
		return err
	}
	return w.answered(c, w.webex.Phone(c.Param("id"), body.Phone, body.Action))
}
