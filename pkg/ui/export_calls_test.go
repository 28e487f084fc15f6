package ui

import (
	"context"
	"time"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// A Job is what the panel wants done in the background, in the hands of a test.
type Job struct {
	Wait time.Duration
	Work func() (done func()) // Asks; done hands the answer over.
	ctx  context.Context
}

// Cancelled says that a later job took its place.
func (j Job) Cancelled() bool { return j.ctx.Err() != nil }

// CollectJobs keeps the panel's jobs instead of running them.
func CollectJobs(p *Panel) *[]Job {
	jobs := &[]Job{}
	p.run = func(ctx context.Context, wait time.Duration, work func(context.Context) func()) {
		*jobs = append(*jobs, Job{wait, func() func() { return work(ctx) }, ctx})
	}
	return jobs
}

// DoTo is what a control or a key does in the browser, the hint's end and the
// sign of life included.
func DoTo(p *Panel, i Intent) { p.do(app.Context{}, i) }

// The intents that tests of calls use.
var (
	OpenTargets = func() Intent { return openTargets{"transfer"} }
	CloseSheet  = func() Intent { return closeSheet{} }
	PickTab     = func(n int) Intent { return pickTab{n} }
	MoreTargets = func() Intent { return nextPage{SlotTargets} }
	Again       = func(s Slot) Intent { return again{s} }
	Consult     = func(k softphone.CallKey, t softphone.Target) Intent { return consult{k, t} }
	TransferTo  = func(k softphone.CallKey, t softphone.Target) Intent {
		return transferTo(k, target{to: t, name: t.Name})
	}
	EndForAll    = func(k softphone.CallKey) Intent { return endForAll(k) }
	OpenDigits   = func() Intent { return openDigits{} }
	EditVariable = func(name string) Intent { return editVariable{name} }
	OpenRecords  = func() Intent { return openRecords{"logging-edit"} }
	LogTo        = func(k softphone.CallKey, r softphone.RecordRef) Intent { return logTo{k, r} }
	FollowUp     = func(k softphone.CallKey) Intent { return toggleFollowUp{k} }
	LeaveTask    = func() Intent { return leaveFollowUp{} }
	AskTicket    = func(k softphone.CallKey) Intent { return askTicket{k} }
)

// Suggested are the reasons proposed for a call.
func Suggested(c softphone.CallView, history []softphone.Record) []softphone.Code {
	return suggested(choosable(c.Codes), c, history)
}
