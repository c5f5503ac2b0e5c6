package store

import (
	"context"
)

// Order is what a list of debates is sorted by. The zero Order is that of [Run.Cases]: item, draw, repeat and arm, by which every other order
// sorts what it finds equal.
type Order string

// The orders of [Run.Page].
const (
	ByCase      Order = ""
	ByArm       Order = "arm"
	ByOutcome   Order = "outcome" // failed, unreadable, wrong, right
	ByCorrected Order = "corrected"
	ByCorrupted Order = "corrupted"
	ByRounds    Order = "rounds"
)

// sortedBy holds the expressions that the orders sort by.
var sortedBy = map[Order]string{
	ByArm:       "arm",
	ByOutcome:   "CASE WHEN " + failures + " THEN 0 WHEN answer = '' THEN 1 WHEN answer <> key THEN 2 ELSE 3 END",
	ByCorrected: "corrected",
	ByCorrupted: "corrupted",
	ByRounds:    "rounds",
}

// Page returns at most n digests of the debates that the filter chooses, from an index on, in an order; down turns what the order sorts by
// round, with ByCase the whole list. An order that is not known is ByCase. Filter.After and Filter.Backward do not count.
func (r *Run) Page(ctx context.Context, f Filter, by Order, down bool, from, n int) ([]Digest, error) {
	where, args := f.where()
	order := "item, draw, repeat, arm"
	switch expression, ok := sortedBy[by]; {
	case ok && down:
		order = expression + " DESC, " + order
	case ok:
		order = expression + ", " + order
	case down:
		order = "item DESC, draw DESC, repeat DESC, arm DESC"
	}
	rows, err := r.readers.QueryContext(ctx, `SELECT `+digestColumns+` FROM debates WHERE true`+where+` ORDER BY `+order+` LIMIT ? OFFSET ?`,
		append(args, n, max(from, 0))...)
	if err != nil {
		return nil, r.explain(err)
	}
	defer rows.Close()
	var page []Digest
	for rows.Next() {
		d, err := scanDigest(rows)
		if err != nil {
			return nil, r.explain(err)
		}
		page = append(page, d)
	}
	return page, r.explain(rows.Err())
}

// Matching returns how many debates the filter chooses, those marked Again included. Filter.After and Filter.Backward do not count.
func (r *Run) Matching(ctx context.Context, f Filter) (n int, err error) {
	where, args := f.where()
	err = r.readers.QueryRowContext(ctx, `SELECT count(*) FROM debates WHERE true`+where, args...).Scan(&n)
	return n, r.explain(err)
}
