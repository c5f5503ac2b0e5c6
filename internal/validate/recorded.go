package validate

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"cheaptalk/agents/recorded"
	"cheaptalk/debate"
	"cheaptalk/internal/twin/heldout"
	"cheaptalk/internal/twin/steps"
	"cheaptalk/internal/validate/page"
	"cheaptalk/reports/stats"
)

// recordedFile has real debates of gpt-3.5-turbo on MMLU under four roles, from DyLAN.
const recordedFile = "recorded/debates_dylan_mmlu.jsonl.gz"

// recordedPath returns where the file is.
func recordedPath(o Options) string { return filepath.Join(o.Data, filepath.FromSlash(recordedFile)) }

// recordingReady fails where the file is not there.
func recordingReady(o Options) error {
	if _, err := os.Stat(recordedPath(o)); err != nil {
		return fmt.Errorf("%w\n  it needs the debates of DyLAN: give --data or CHEAPTALK_DATA the folder that holds %s", err, recordedFile)
	}
	return nil
}

func recordings(ctx context.Context, p *page.Page, o Options) error {
	records, err := replay(ctx, recordedPath(o))
	if err != nil {
		return err
	}
	later := 0
	for _, r := range records {
		if r.Transcript != nil && r.Transcript.LastRound() > 0 {
			later++
		}
	}
	data, err := steps.Read(all(records))
	if err != nil {
		return err
	}
	pooled := data.Pool("gpt-3.5-turbo")
	scores, err := heldout.Halves(ctx, pooled, o.Seed)
	if err != nil {
		return err
	}
	blind, err := heldout.Halves(ctx, pooled.Blind(o.Seed), o.Seed)
	if err != nil {
		return err
	}
	p.Say("## Recorded debates: a twin against baselines")
	p.Say("Real debates of gpt-3.5-turbo under four roles on MMLU (from DyLAN, MIT licence): %d debates, %d of them with a later round. One twin for all four roles. Fitted on one half of the questions, "+
		"scored on the other: %d choices on %d questions. Log loss is the mean of -ln P of the answer that was given after hearing the others (over the answers on the table and a new one); lower is better. "+
		"The paired intervals are 95 %%, clustered by question. The constants of the baselines are fitted to the same half.", len(records), later, scores.Choices, scores.Questions)
	var table [][]string
	excess := func(r heldout.Score) string {
		if r.Name == heldout.TwinName {
			return ""
		}
		return fmt.Sprintf("%+.4f [%+.4f, %+.4f]", r.Excess, r.Low, r.High)
	}
	for i, r := range scores.Rules {
		table = append(table, []string{r.Name, fmt.Sprintf("%.4f", r.LogLoss), excess(r), excess(blind.Rules[i])})
	}
	table = slices.Insert(table, 1, []string{"twin without the key", fmt.Sprintf("%.4f", blind.Rules[0].LogLoss), fmt.Sprintf("%+.4f", blind.Rules[0].LogLoss-scores.Rules[0].LogLoss), ""})
	p.Table([]string{"rule", "log loss", "more than the twin's", "more than that of the twin without the key"}, table)
	p.Say("The twin is told the key, as every simulated agent is; the rules are not. The twin without the key is told a random letter in its place, in fit and test, so that it knows what the rules know. "+
		"With the key the twin is below %d of %d baselines with the whole paired interval, without it below %d.", below(scores), len(scores.Rules)-1, below(blind))
	p.Sum("Recorded debates: log loss on the other half of the questions", "%.3f, without the key %.3f; best baseline (%s) %.3f; below %d of %d with the whole interval, without the key %d",
		scores.Rules[0].LogLoss, blind.Rules[0].LogLoss, best(scores).Name, best(scores).LogLoss, below(scores), len(scores.Rules)-1, below(blind))
	flips(p, scores, blind)
	return nil
}

// below counts the rules that the twin is below with the whole paired interval.
func below(s *heldout.Scores) (n int) {
	for _, r := range s.Rules[1:] {
		n += btoi(r.Low > 0)
	}
	return n
}

// best returns the rule with the least log loss but for the twin.
func best(s *heldout.Scores) heldout.Score {
	return slices.MinFunc(s.Rules[1:], func(a, b heldout.Score) int { return cmp.Compare(a.LogLoss, b.LogLoss) })
}

// flips prints how often the own answer is left.
func flips(p *page.Page, scores, blind *heldout.Scores) {
	p.Say("### Answers left, by the number of peers that agree")
	rates := func(c heldout.Cell) (observed, twin, constant float64) {
		n := float64(c.N)
		return float64(c.Left) / n, c.Twin / n, c.Constant / n
	}
	percent := func(x float64) string { return fmt.Sprintf("%.1f", 100*x) }
	var twin, constant page.Numbers
	add := func(c heldout.Cell) {
		o, t, k := rates(c)
		for range c.N {
			twin.Add(t - o)
			constant.Add(k - o)
		}
	}
	var table [][]string
	hidden := agreeing(blind.Cells)
	for i, c := range agreeing(scores.Cells) {
		_, t, k := rates(c)
		_, b, _ := rates(hidden[i])
		table = append(table, []string{fmt.Sprint(c.Agreeing), fmt.Sprint(c.N), share(c.Left, c.N), percent(t), percent(b), percent(k)})
		add(c)
	}
	const left = "left, observed % [95 % Wilson, choices as independent]"
	p.Table([]string{"agreeing", "n", left, "twin", "twin without the key", "constant rate by agreeing peers"}, table)
	p.Say("The constant rate is fitted to these very rates on the other half: root mean square difference from the observed ones, weighted by n = %d, %.1f points, of the twin %.1f. "+
		"What it cannot tell apart is how many were heard, and who was right:", twin.N, 100*constant.RMS(), 100*twin.RMS())
	table, twin, constant = nil, page.Numbers{}, page.Numbers{}
	for _, c := range scores.Cells {
		side := "wrong"
		if c.Right {
			side = "right"
		}
		_, t, k := rates(c)
		table = append(table, []string{side, fmt.Sprint(c.Peers), fmt.Sprint(c.Agreeing), fmt.Sprint(c.N), share(c.Left, c.N), percent(t), percent(k)})
		add(c)
	}
	p.Table([]string{"own answer", "peers heard", "agreeing", "n", left, "twin", "constant rate by agreeing peers"}, table)
	p.Say("Root mean square difference from the observed rates, weighted by n = %d: twin %.1f points, constant rate %.1f.", twin.N, 100*twin.RMS(), 100*constant.RMS())
	p.Sum("the same: answers left by right or wrong, peers heard and agreeing", "twin %.1f points off (root mean square), constant rate by agreeing peers %.1f", 100*twin.RMS(), 100*constant.RMS())
}

// agreeing adds up the cells with as many agreeing peers, in their order.
func agreeing(cells []heldout.Cell) []heldout.Cell {
	var out []heldout.Cell
	for _, c := range cells {
		for len(out) <= c.Agreeing {
			out = append(out, heldout.Cell{Agreeing: len(out)})
		}
		o := &out[c.Agreeing]
		o.N, o.Left, o.Twin, o.Constant = o.N+c.N, o.Left+c.Left, o.Twin+c.Twin, o.Constant+c.Constant
	}
	return slices.DeleteFunc(out, func(c heldout.Cell) bool { return c.N == 0 })
}

// replay holds the recorded debates again and returns their records in order.
func replay(ctx context.Context, path string) ([]*debate.Record, error) {
	recording, err := recorded.Open(path)
	if err != nil {
		return nil, err
	}
	e := debate.Experiment{
		Name: "recorded", Seed: 1, Items: recording.Items, Workers: runtime.GOMAXPROCS(0),
		Arms: []debate.Arm{{Name: "recorded", Team: recording.Team(nil), Protocol: recorded.Protocol{Recording: recording}}},
	}
	var shelf shelf
	if err := e.Run(ctx, &shelf, nil); err != nil {
		return nil, err
	}
	slices.SortFunc(shelf, func(a, b *debate.Record) int { return cmp.Compare(a.Case.String(), b.Case.String()) })
	return shelf, nil
}

// shelf keeps records.
type shelf []*debate.Record

// Has reports false: nothing is there beforehand.
func (*shelf) Has(debate.Case) bool { return false }

// Put keeps a record.
func (s *shelf) Put(r *debate.Record) error {
	*s = append(*s, r)
	return nil
}

func all(records []*debate.Record) iter.Seq2[*debate.Record, error] {
	return func(yield func(*debate.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// share writes k of n in percent with its interval.
func share(k, n int) string {
	var q stats.Proportion
	for i := range n {
		q.Add(btoi(i < k), 1)
	}
	r := q.Rate(0.95)
	return fmt.Sprintf("%.1f [%.1f, %.1f]", 100*r.Value, 100*r.Low, 100*r.High)
}
