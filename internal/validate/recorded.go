package validate

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"path/filepath"
	"runtime"
	"slices"

	"cheaptalk/agents/recorded"
	"cheaptalk/debate"
	"cheaptalk/internal/twin/heldout"
	"cheaptalk/internal/twin/steps"
	"cheaptalk/reports/stats"
)

// recordedFile has real debates of gpt-3.5-turbo on MMLU under four roles, from DyLAN.
const recordedFile = "recorded/debates_dylan_mmlu.jsonl.gz"

func recordings(ctx context.Context, p *page, o Options) error {
	records, err := replay(ctx, filepath.Join(o.Data, filepath.FromSlash(recordedFile)))
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
	scores, err := heldout.Halves(ctx, data.Pool("gpt-3.5-turbo"), o.Seed)
	if err != nil {
		return err
	}
	p.say("## Recorded debates: a twin against baselines")
	p.say("Real debates of gpt-3.5-turbo under four roles on MMLU (from DyLAN, MIT licence): %d debates, %d of them with a later round. One twin for all four roles. Fitted on one half of the questions, "+
		"scored on the other: %d choices on %d questions. Log loss is the mean of -ln P of the answer that was given after hearing the others (over the answers on the table and a new one); lower is better. "+
		"The paired intervals are 95 %%, clustered by question. The constants of the baselines are fitted to the same half.", len(records), later, scores.Choices, scores.Questions)
	var table [][]string
	beaten, baselines := 0, 0
	for _, r := range scores.Rules {
		excess := ""
		if r.Name != heldout.TwinName {
			baselines++
			excess = fmt.Sprintf("%+.4f [%+.4f, %+.4f]", r.Excess, r.Low, r.High)
			if r.Low > 0 {
				beaten++
			}
		}
		table = append(table, []string{r.Name, fmt.Sprintf("%.4f", r.LogLoss), excess})
	}
	p.table([]string{"rule", "log loss", "more than the twin's"}, table)
	p.say("The twin is below %d of %d baselines with the whole paired interval.", beaten, baselines)
	p.say("### Answers left, by the number of peers that agree")
	table = nil
	var twin, constant numbers
	for _, c := range scores.Cells {
		n := float64(c.N)
		side := "wrong"
		if c.Right {
			side = "right"
		}
		observed := share(c.Left, c.N)
		table = append(table, []string{side, fmt.Sprint(c.Peers), fmt.Sprint(c.Agreeing), fmt.Sprint(c.N), observed, fmt.Sprintf("%.1f", 100*c.Twin/n), fmt.Sprintf("%.1f", 100*c.Constant/n)})
		rate := float64(c.Left) / n
		for range c.N {
			twin.add(c.Twin/n - rate)
			constant.add(c.Constant/n - rate)
		}
	}
	p.table([]string{"own answer", "peers heard", "agreeing", "n", "left, observed % [95 % Wilson, choices as independent]", "twin", "constant rate by agreeing peers"}, table)
	p.say("Root mean square difference from the observed rates, weighted by n = %d: twin %.1f points, constant rate %.1f.", twin.n, 100*twin.rms(), 100*constant.rms())
	return nil
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
