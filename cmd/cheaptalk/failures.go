package main

import (
	"fmt"
	"strconv"

	"github.com/alecthomas/kong"

	"cheaptalk/debate"
)

// failLimit says how many failed debates stop a run: it is the value of --fail-on-error, which may be left out. The zero failLimit stops none.
type failLimit struct {
	count int     // so many; 0 is no limit
	share float64 // or more than this share of the debates planned, in (0,1); 0 is no limit
	flag  string  // as it was given
}

var _ kong.BoolMapperValue = (*failLimit)(nil)

// IsBool lets the flag stand without a value, so that what follows it is an argument of its own.
func (*failLimit) IsBool() bool { return true }

// Decode reads the value behind "=", or takes 1 where there is none.
func (l *failLimit) Decode(ctx *kong.DecodeContext) error {
	*l = failLimit{count: 1, flag: "--fail-on-error"}
	if ctx.Scan.Peek().Type != kong.FlagValueToken {
		return nil
	}
	value := ctx.Scan.Pop().String()
	l.count, l.flag = 0, l.flag+"="+value
	if n, err := strconv.Atoi(value); err == nil && n >= 1 {
		l.count = n
		return nil
	}
	if share, err := strconv.ParseFloat(value, 64); err == nil && share > 0 && share < 1 {
		l.share = share
		return nil
	}
	return fmt.Errorf("%q is neither a number of debates, from 1 up, nor a fraction between 0 and 1", value)
}

// reached returns an error that says so when this many failed debates, of so many planned, are to stop the run.
func (l *failLimit) reached(failed, planned int) error {
	if l.count > 0 && failed >= l.count || l.share > 0 && float64(failed) > l.share*float64(planned) {
		return halt(fmt.Sprintf("stopped: %s failed (%s)", plural(failed, "debate"), l.flag))
	}
	return nil
}

// hasFailed reports whether the debate failed, or its primary judge did: whether its outcome is store.Failed.
func hasFailed(rec *debate.Record) bool {
	return rec.Failed != "" || len(rec.Verdicts) > 0 && rec.Verdicts[0].Failed != ""
}
