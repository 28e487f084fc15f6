package ledger

import (
	"context"
	"net/http"
	"slices"

	"deskbridge/pkg/backend"
)

// linkOf is the record that an activity belongs to, as object.Links has it;
// empty if there is none.
func linkOf(r backend.Record) string {
	if r.Record == nil {
		return ""
	}
	return r.Record.ObjectTypeID + "/" + r.Record.ObjectID
}

// union is every link of several lists once, sorted.
func union(lists ...[]string) []string {
	all := slices.Concat(lists...)
	slices.Sort(all)
	return slices.Compact(all)
}

// begin marks what is about to be associated: after a crash it counts as ours.
// It says whether that is news.
func (o *object) begin(want []string) bool {
	news := slices.DeleteFunc(slices.Clone(want), func(ref string) bool {
		return slices.Contains(o.Links, ref) || slices.Contains(o.Linking, ref)
	})
	o.Linking = union(o.Linking, news)
	return len(news) > 0
}

// linkCall associates the call with its record and, once the record is final,
// with what the admin wants beside it.
func (w *writing) linkCall(ctx context.Context) error {
	o, crm := &w.row.Object, w.portal.CRM
	own := linkOf(w.rec)
	if own != "" {
		if err := w.link(ctx, crm, o, union([]string{own}, o.Links, o.Linking)); err != nil {
			return err
		}
	}
	want, by, err := w.related(ctx, own)
	if err != nil {
		return err
	}
	if err := w.link(ctx, crm, o, want); err != nil {
		return err
	}
	o.Related = by
	return nil
}

// link makes associations of ours what they are to be. Others' are left alone,
// and so is one of ours that a person has removed. It does not store that it is
// done: until then it would be done again, which changes nothing.
func (w *writing) link(ctx context.Context, crm CRM, o *object, want []string) error {
	if o.begin(want) {
		if err := w.note(ctx); err != nil {
			return err
		}
	}
	own := linkOf(w.rec)
	for _, ref := range want {
		if slices.Contains(o.Links, ref) {
			continue
		}
		typeID, id, _ := cutRef(ref)
		err := crm.Link(ctx, o.ID, typeID, id)
		if err != nil && (ref == own || !refused(err)) {
			return err
		}
		if err != nil {
			w.notice("association not made", typeID, err)
			o.Linking = slices.DeleteFunc(o.Linking, func(s string) bool { return s == ref })
			continue
		}
		o.Links = union(o.Links, []string{ref})
	}
	for _, ref := range union(o.Links, o.Linking) {
		if slices.Contains(want, ref) {
			continue
		}
		typeID, id, _ := cutRef(ref)
		if err := crm.Unlink(ctx, o.ID, typeID, id); err != nil && !isStatus(err, http.StatusNotFound) {
			return err
		}
		o.Links = slices.DeleteFunc(o.Links, func(s string) bool { return s == ref })
	}
	o.Linking = nil
	return nil
}

// notice logs once an hour what a portal refuses again and again.
func (w *writing) notice(what, typeID string, err error) {
	if w.state.first(what+" "+typeID, w.l.c.Now()) {
		w.l.log.Warn(what, "portal", w.portal.ID, "type", typeID, "error", err)
	}
}
