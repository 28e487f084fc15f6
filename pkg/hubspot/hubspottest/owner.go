package hubspottest

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

type owner struct {
	id, email, first, last string
	userID                 int64
	archived               bool
}

// An Owner is one of the account's users.
type Owner struct {
	ID        string `json:"id"`
	UserID    string `json:"userId"`
	Email     string `json:"email"`
	FirstName string `json:"firstName"`
	LastName  string `json:"lastName"`
}

// Owners lists the account's users.
func (s *Server) Owners() []Owner {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Owner
	for _, o := range s.world.owners {
		if !o.archived {
			all = append(all, Owner{o.id, strconv.FormatInt(o.userID, 10), o.email, o.first, o.last})
		}
	}
	return all
}

func (o owner) view() map[string]any {
	born := time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)
	body := map[string]any{
		"id": o.id, "email": o.email, "type": "PERSON", "firstName": o.first, "lastName": o.last,
		"userIdIncludingInactive": o.userID, "archived": o.archived,
		"createdAt": stamp(born), "updatedAt": stamp(born),
		"teams": []any{map[string]any{"id": "178588", "name": "Service", "primary": true}},
	}
	if !o.archived {
		body["userId"] = o.userID
	}
	return body
}

func (s *Server) listOwners(q *ask) reply {
	query := q.URL.Query()
	limit, err := strconv.Atoi(orElse(query.Get("limit") == "", "100", query.Get("limit")))
	if err != nil || limit < 1 || limit > 500 {
		return s.invalid("The limit must be between 1 and 500.")
	}
	start, _ := strconv.Atoi(query.Get("after")) // Anything else is the first page.
	results, next, seen := []any{}, "", 0
	for _, o := range s.world.owners {
		if o.archived != (query.Get("archived") == "true") {
			continue
		}
		if email := query.Get("email"); email != "" && !strings.EqualFold(email, o.email) {
			continue
		}
		if seen++; seen <= start {
			continue
		}
		if len(results) == limit {
			next = strconv.Itoa(seen - 1)
			break
		}
		results = append(results, o.view())
	}
	body := map[string]any{"results": results}
	if next != "" {
		body["paging"] = map[string]any{"next": map[string]string{"after": next}}
	}
	return reply{status: http.StatusOK, body: body}
}

func (s *Server) getOwner(q *ask) reply {
	query := q.URL.Query()
	for _, o := range s.world.owners {
		id := orElse(query.Get("idProperty") == "userId", strconv.FormatInt(o.userID, 10), o.id)
		if id == q.PathValue("id") && o.archived == (query.Get("archived") == "true") {
			return reply{status: http.StatusOK, body: o.view()}
		}
	}
	return s.missing()
}
