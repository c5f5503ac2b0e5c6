package main

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"cheaptalk/debate"
	"cheaptalk/internal/store"
	"cheaptalk/reports/transcript"
)

// showCmd is "cheaptalk show".
type showCmd struct {
	Ref  string   `arg:"" name:"run" default:"last" help:"A run: its folder, its name, the beginning of it, or last."`
	Case []string `arg:"" optional:"" help:"A debate: the ID of a question, and the arm where there are several: gsm8k/17 naive. Without one, a list."`

	Arm      string `placeholder:"ARM" help:"Debates of this arm alone."`
	Flips    bool   `help:"Read the debates in which someone was talked into or out of the right answer."`
	Ties     bool   `help:"Read the debates that ended in a tie."`
	Failed   bool   `help:"Read the debates that failed."`
	Draw     *int   `placeholder:"N" help:"Of this draw alone, from 0."`
	Repeat   *int   `placeholder:"N" help:"Of this repeat alone, from 0."`
	Limit    count  `default:"20" help:"Debates shown at most."`
	Prompts  bool   `help:"Show every request as it was sent, and replies in full."`
	Blind    bool   `help:"Do not show the key."`
	LogDir   string `placeholder:"FOLDER" default:"${logdir}" help:"Folder of the runs."`
	shown    int
	filtered bool
}

// Run prints one debate, the debates that the flags choose, or a list of all.
func (c *showCmd) Run(e *env) (err error) {
	r, s, err := openRun(e.ctx, c.LogDir, c.Ref)
	if err != nil {
		return usage(err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	c.filtered = c.Flips || c.Ties || c.Failed
	filter := store.Filter{Arm: c.Arm, Flips: c.Flips, Ties: c.Ties, Failures: c.Failed}
	if len(c.Case) > 0 {
		filter.Item = c.Case[0]
	}
	if len(c.Case) > 1 {
		filter.Arm = strings.Join(c.Case[1:], " ")
	}
	if err := hasArm(s, filter.Arm); err != nil {
		return usage(err)
	}
	draw, repeat := c.Draw, c.Repeat
	if filter.Item != "" { // one debate of each arm
		draw, repeat = cmp.Or(draw, new(int)), cmp.Or(repeat, new(int))
	}
	more := false
	for d, err := range r.Cases(e.ctx, filter) {
		if err != nil {
			return err
		}
		if draw != nil && d.Case.Draw != *draw || repeat != nil && d.Case.Repeat != *repeat {
			continue
		}
		if more = c.shown == int(c.Limit); more {
			break
		}
		if err := c.one(e, r, d, filter.Item != ""); err != nil {
			return err
		}
		c.shown++
	}
	switch {
	case c.shown == 0 && filter.Item != "":
		return usage(c.missing(e, r, filter.Item, *draw, *repeat, filter.Arm))
	case c.shown == 0:
		fmt.Fprintln(e.stdout, "no such debate")
	case more:
		fmt.Fprintf(e.stdout, "\nthe first %d; --limit shows more\n", c.Limit)
	}
	return nil
}

// missing says that a run has no such debate, and which question may have been meant.
func (c *showCmd) missing(e *env, r *store.Run, item string, draw, repeat int, arm string) error {
	hint := fmt.Sprintf("cheaptalk show %s lists the debates", refIn(c.Ref, c.LogDir))
	for d, err := range r.Cases(e.ctx, store.Filter{Arm: arm, Search: item}) {
		if err != nil {
			return err
		}
		if d.Case.Item == item {
			break // it has the question, in another draw or repeat
		}
		if strings.HasSuffix(d.Case.Item, "/"+item) {
			hint = fmt.Sprintf("is it %s?", d.Case.Item)
			break
		}
	}
	return fmt.Errorf("%s has no debate on %q in draw %d, repeat %d%s\n  %s", r.Dir(), item, draw, repeat, inArm(arm), hint)
}

func inArm(arm string) string {
	if arm == "" {
		return ""
	}
	return " of arm " + strconv.Quote(arm)
}

// one prints a debate, or its line in the list.
func (c *showCmd) one(e *env, r *store.Run, d store.Digest, chosen bool) error {
	width, color := screen(e.stdout)
	if !chosen && !c.filtered {
		return c.line(e, d)
	}
	var rec *debate.Record
	var err error
	if c.Prompts {
		rec, err = r.RecordWithCalls(e.ctx, d.Case)
	} else {
		rec, err = r.Record(e.ctx, d.Case)
	}
	if err != nil {
		return err
	}
	if c.shown > 0 {
		fmt.Fprintln(e.stdout)
	}
	return transcript.Write(e.stdout, rec, transcript.Options{Reveal: !c.Blind, Prompts: c.Prompts, Width: width, Color: color})
}

// restOfLine is how many cells a debate's line in the list has behind the question, as a rule.
const restOfLine = 53

// line prints a debate's line in the list: "gsm8k/17  naive  right  ▲ 1 ▼ 2  tie".
func (c *showCmd) line(e *env, d store.Digest) error {
	var notes []string
	if d.Corrected > 0 {
		notes = append(notes, fmt.Sprintf("%s %d", debate.Corrected.Sign(), d.Corrected))
	}
	if d.Corrupted > 0 {
		notes = append(notes, fmt.Sprintf("%s %d", debate.Corrupted.Sign(), d.Corrupted))
	}
	if d.Tied {
		notes = append(notes, "= tie")
	}
	place := ""
	if d.Case.Draw > 0 {
		place += fmt.Sprintf(" --draw %d", d.Case.Draw)
	}
	if d.Case.Repeat > 0 {
		place += fmt.Sprintf(" --repeat %d", d.Case.Repeat)
	}
	width, _ := screen(e.stdout)
	item := min(max(width-restOfLine, 20), 40)
	_, err := fmt.Fprintln(e.stdout, strings.TrimRight(fmt.Sprintf("%-*s %-20s %-10s %s", item, clean(d.Case.Item)+place, clean(d.Case.Arm), d.Outcome(), strings.Join(notes, "  ")), " "))
	return err
}
