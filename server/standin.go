package main

import (
	"context"
	"io/fs"
	"net/http"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/tenant"
)

// standIn answers for what is not wired yet.
type standIn struct{}

func (standIn) Put(context.Context, owner, backend.Record) (backend.Receipt, error) {
	return backend.Receipt{}, errNotBuilt
}
func (standIn) List(context.Context, backend.Agent) ([]backend.Interaction, error) { return nil, nil }
func (standIn) Get(context.Context, backend.Agent, string) (backend.Interaction, error) {
	return backend.Interaction{}, fs.ErrNotExist
}
func (standIn) Match(context.Context, tenant.Portal, backend.Lookup) ([]backend.Match, error) {
	return nil, nil
}
func (standIn) CreateContact(context.Context, tenant.Portal, backend.NewContact) (backend.Match, error) {
	return backend.Match{}, errNotBuilt
}
func (standIn) Configuration(context.Context, backend.Agent) (backend.Config, error) {
	return backend.Config{}, errNotBuilt
}

var errNotBuilt = refuse(http.StatusNotImplemented, backend.CodeBackendDown, "Not built yet.")
