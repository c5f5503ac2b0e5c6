// Package inspect writes the debates of one arm as a log of inspect_ai, version 2 of its JSON format: a file that its viewer, its data
// frames and inspect_ai.log.read_eval_log read.
//
// A debate is a sample: the item is its id, the repeat its epoch, the replies its messages, each verdict a score. docs/EXPORT.md says what does
// not map. The results come before the samples, because inspect_ai reads the head of a log without them; so the records are gone over twice,
// first by a [Summary], then by a [Writer]. types.go has the parts of a log, sample.go makes a sample of a record.
package inspect

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"

	"cheaptalk/debate"
	"cheaptalk/internal/exchange/jsontext"
)

// Summary counts the records of one arm, in the order in which they will be written. The zero Summary has counted none. It keeps the id of each
// question, which a log begins with.
type Summary struct {
	debates, failed int
	ids             []string
	epochs          int
	judges          []string // in the order in which they first decide
	tally           map[string]tally
	usage           map[string]modelUsage // by agent
}

// tally counts the verdicts of a judge.
type tally struct{ right, decided int }

// Add counts a record.
func (s *Summary) Add(rec *debate.Record) {
	if s.tally == nil {
		s.tally, s.usage = map[string]tally{}, map[string]modelUsage{}
	}
	s.debates++
	s.epochs = max(s.epochs, rec.Case.Repeat+1)
	if id := sampleID(rec.Case); len(s.ids) == 0 || s.ids[len(s.ids)-1] != id {
		s.ids = append(s.ids, id)
	}
	for agent, u := range usageOf(rec) {
		s.usage[agent] = s.usage[agent].add(u)
	}
	if rec.Failed != "" {
		s.failed++
		return
	}
	for _, v := range rec.Verdicts {
		t, known := s.tally[v.Judge]
		if !known {
			s.judges = append(s.judges, v.Judge)
		}
		if v.Failed == "" {
			t.decided++
		}
		if v.Failed == "" && debate.Grade(v.Answer, rec.Key) == debate.Correct {
			t.right++
		}
		s.tally[v.Judge] = t
	}
}

// results returns the accuracy by each judge: the right ones of all debates that it has decided.
func (s *Summary) results() results {
	r := results{Total: s.debates, Completed: s.debates - s.failed, Scores: []evalScore{}}
	for _, judge := range s.judges {
		t := s.tally[judge]
		score := evalScore{Name: judge, Scorer: judge, Scored: t.decided, Unscored: s.debates - t.decided, Metrics: map[string]metric{}}
		if t.decided > 0 {
			score.Metrics["accuracy"] = metric{Name: "accuracy", Value: float64(t.right) / float64(t.decided)}
		}
		r.Scores = append(r.Scores, score)
	}
	return r
}

// Run is what a log says of the run.
type Run struct {
	Name    string
	Arm     string
	Created time.Time
	Version string // of cheaptalk
	Spec    string // the experiment file
	// Status is "success" for a run that is finished, "cancelled" for one that was stopped, "started" for one that goes on.
	Status string
}

// FileName returns a name of a log's file, by which inspect_ai finds it in a folder: the time, the arm and an id of its own.
func (r Run) FileName() string {
	arm := strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' {
			return c
		}
		return '-'
	}, r.Arm)
	return r.Created.UTC().Format("2006-01-02T15-04-05+00-00") + "_" + arm + "_" + r.id() + ".json"
}

// id is another one for every arm and every run.
func (r Run) id() string {
	return fmt.Sprintf("%016x", debate.DeriveSeed(0, r.Name, r.Created.UTC().Format(time.RFC3339Nano), r.Arm))
}

// Writer writes the records of one arm as one log. Memory does not grow with their number. It belongs to one goroutine.
type Writer struct {
	w *bufio.Writer
	n int
}

// NewWriter begins a log of the records that the summary has counted.
func NewWriter(w io.Writer, run Run, sum *Summary) (*Writer, error) {
	l := &Writer{w: bufio.NewWriter(w)}
	created := run.Created.UTC().Format(time.RFC3339)
	usage := sum.usage
	if usage == nil {
		usage = map[string]modelUsage{}
	}
	text, err := jsontext.Marshal(head{
		Version: 2, Status: run.Status, Plan: plan{Name: "debate", Steps: []string{}}, Results: sum.results(),
		Stats: stats{StartedAt: created, ModelUsage: usage},
		Eval: evalSpec{
			EvalID: run.id(), RunID: Run{Name: run.Name, Created: run.Created}.id(), Created: created, Task: run.Arm, TaskID: run.Arm,
			Dataset: dataset{Name: run.Name, Samples: len(sum.ids), IDs: sum.ids}, Config: config{Epochs: max(sum.epochs, 1)},
			Model: "cheaptalk/debate", Packages: map[string]string{"cheaptalk": run.Version},
			Metadata: map[string]any{"run": run.Name, "arm": run.Arm, "experiment": run.Spec},
		},
	}, "")
	if err != nil {
		return nil, fmt.Errorf("head of the log: %w", err)
	}
	_, err = fmt.Fprintf(l.w, "%s,\n\"samples\":[\n", text[:len(text)-1]) // without its last brace
	return l, err
}

// Write adds a debate.
func (l *Writer) Write(rec *debate.Record) error {
	text, err := jsontext.Marshal(sampleOf(rec), "")
	if err != nil {
		return fmt.Errorf("%s: %w", rec.Case, err)
	}
	if l.n > 0 {
		text = append([]byte(",\n"), text...)
	}
	l.n++
	_, err = l.w.Write(text)
	return err
}

// Close writes the end of the log. It does not close the writer below.
func (l *Writer) Close() error {
	if _, err := l.w.WriteString("]}\n"); err != nil {
		return err
	}
	return l.w.Flush()
}
