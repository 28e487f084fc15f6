package hubspot

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
)

// maxBatch is HubSpot's limit of inputs a batch.
const maxBatch = 100

// An UpsertInput is a record to create or update by a unique property.
type UpsertInput struct {
	ID         string // The value of the unique property.
	Properties Properties
	TraceID    string // Names the input in the result. Defaults to its index.
}

// A BatchResult is what became of the inputs of a batch: HubSpot may do some
// and refuse others (207).
type BatchResult struct {
	Objects []Object
	Errors  []*Error // Their Context names inputs: objectWriteTraceId, or ids.
}

// Of returns what became of the input with that trace id.
func (r *BatchResult) Of(traceID string) (*Object, error) {
	for i := range r.Objects {
		if r.Objects[i].TraceID == traceID {
			return &r.Objects[i], nil
		}
	}
	for _, e := range r.Errors {
		if slices.Contains(e.Context["objectWriteTraceId"], traceID) {
			return nil, e
		}
	}
	return nil, fmt.Errorf("hubspot: the batch's answer does not mention input %q", traceID)
}

// BatchUpsert creates or updates records by the unique property idProperty,
// whose definition must have hasUniqueValue. It is idempotent. More than 100
// inputs are sent in several requests; after an error the result holds what the
// requests before it did.
func (c *Client) BatchUpsert(ctx context.Context, objectType, idProperty string, inputs []UpsertInput) (*BatchResult, error) {
	type input struct {
		ID         string     `json:"id"`
		IDProperty string     `json:"idProperty"`
		Properties Properties `json:"properties"`
		TraceID    string     `json:"objectWriteTraceId"`
	}
	wire := make([]input, len(inputs))
	for i, in := range inputs {
		if in.TraceID == "" {
			in.TraceID = strconv.Itoa(i)
		}
		if in.Properties == nil {
			in.Properties = Properties{}
		}
		wire[i] = input{in.ID, idProperty, in.Properties, in.TraceID}
	}
	var all BatchResult
	for chunk := range slices.Chunk(wire, maxBatch) {
		err := c.batch(ctx, objectType, "upsert", map[string]any{"inputs": chunk}, &all)
		if err != nil {
			return &all, err
		}
	}
	return &all, nil
}

// Upsert is [Client.BatchUpsert] of one record.
func (c *Client) Upsert(ctx context.Context, objectType, idProperty, value string, properties Properties) (*Object, error) {
	r, err := c.BatchUpsert(ctx, objectType, idProperty, []UpsertInput{{ID: value, Properties: properties}})
	if err != nil {
		return nil, err
	}
	if len(r.Objects) == 1 {
		return &r.Objects[0], nil
	}
	if len(r.Errors) == 1 {
		return nil, r.Errors[0]
	}
	return r.Of("0")
}

// BatchReadOptions says what to read of records.
type BatchReadOptions struct {
	Properties            []string
	PropertiesWithHistory []string
	IDProperty            string // The unique property whose values the ids are.
}

// BatchRead reads records. Those that do not exist are among the errors.
func (c *Client) BatchRead(ctx context.Context, objectType string, ids []string, o BatchReadOptions) (*BatchResult, error) {
	type input struct {
		ID string `json:"id"`
	}
	var all BatchResult
	for chunk := range slices.Chunk(ids, maxBatch) {
		inputs := make([]input, len(chunk))
		for i, id := range chunk {
			inputs[i].ID = id
		}
		body := map[string]any{
			"inputs": inputs, "properties": notNil(o.Properties), "propertiesWithHistory": notNil(o.PropertiesWithHistory),
		}
		if o.IDProperty != "" {
			body["idProperty"] = o.IDProperty
		}
		if err := c.batch(ctx, objectType, "read", body, &all); err != nil {
			return &all, err
		}
	}
	return &all, nil
}

func notNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// batch adds the answer to a batch to all.
func (c *Client) batch(ctx context.Context, objectType, what string, body any, all *BatchResult) error {
	var answer struct {
		Results []Object          `json:"results"`
		Errors  []json.RawMessage `json:"errors"`
	}
	op := what + " batch of " + objectType
	err := c.do(ctx, call{op: op, method: http.MethodPost, path: c.objectPath(objectType, "batch", what), body: body}, &answer)
	if err != nil {
		return err
	}
	all.Objects = append(all.Objects, answer.Results...)
	for _, raw := range answer.Errors {
		all.Errors = append(all.Errors, itemError(op, raw))
	}
	return nil
}

// itemError is an error inside a 207. Its body names no HTTP status, so the
// status is what the category would have been answered with alone.
func itemError(op string, raw json.RawMessage) *Error {
	e := &Error{Op: op}
	e.decode(raw)
	switch e.Category {
	case "OBJECT_NOT_FOUND":
		e.Status = http.StatusNotFound
	case "CONFLICT":
		e.Status = http.StatusConflict
	case "MISSING_SCOPES":
		e.Status = http.StatusForbidden
	case "RATE_LIMITS", "RATE_LIMIT":
		e.Status = http.StatusTooManyRequests
	default:
		e.Status = http.StatusBadRequest
	}
	return e
}
