package main

import (
	"bufio"
	"errors"

	"cheaptalk/debate"
)

// exportCmd is "cheaptalk export".
type exportCmd struct {
	Ref    string `arg:"" name:"run" default:"last" help:"A run: its folder, its name, the beginning of it, or last."`
	Calls  bool   `help:"Include every model call: the exact requests and responses."`
	LogDir string `placeholder:"FOLDER" default:"${logdir}" help:"Folder of the runs."`
}

// Run writes one record a line, sorted by item, draw, repeat and arm. Times are left out, so that two runs of one experiment can
// be compared byte by byte.
func (c *exportCmd) Run(e *env) (err error) {
	r, _, err := openRun(e.ctx, c.LogDir, c.Ref)
	if err != nil {
		return usage(err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	w := bufio.NewWriter(e.stdout)
	for rec, err := range r.Records(e.ctx) {
		if err != nil {
			return err
		}
		if c.Calls {
			if rec, err = r.RecordWithCalls(e.ctx, rec.Case); err != nil {
				return err
			}
		}
		withoutTimes(rec)
		if err := writeJSON(w, rec, ""); err != nil {
			return err
		}
	}
	return w.Flush()
}

// withoutTimes removes what differs between two runs of one experiment.
func withoutTimes(rec *debate.Record) {
	rec.Took = 0
	if rec.Transcript == nil {
		return
	}
	for i := range rec.Transcript.Messages {
		for j := range rec.Transcript.Messages[i].Exchanges {
			rec.Transcript.Messages[i].Exchanges[j].Took = 0
		}
	}
}
