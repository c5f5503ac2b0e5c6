package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"cheaptalk/agents/simulated/profiles"
	"cheaptalk/datasets"
	"cheaptalk/debate"
	"cheaptalk/internal/predict"
	"cheaptalk/internal/predict/kept"
	"cheaptalk/internal/predict/sweep"
	"cheaptalk/internal/spec"
	"cheaptalk/judges"
	"cheaptalk/protocols"
	"cheaptalk/reports/grid"
)

// predictCmd is "cheaptalk predict".
type predictCmd struct {
	Profiles []string `arg:"" name:"profile" help:"The team: profiles that come with the program, and profile files, each as often as it has a seat. With --sweep whom teams are made of; with --check the run."`
	Dataset  string   `group:"what" placeholder:"NAME" help:"The data set whose abilities count: gsm8k, mmlu, csqa, or another that the profiles have; choice or number for any other. Default: the only one that all of them have."`
	Choices  *int     `group:"what" placeholder:"N" help:"Choices of each question of a data set that the program does not know; 0 asks for numbers."`

	Protocol []string `group:"how" placeholder:"NAME" help:"Of independent, self-revision, naive, confidence-weighted, consensus-penalized. Default: all five."`
	Rounds   []int    `group:"how" placeholder:"N" help:"Debate rounds after the independent answers, one design each. Default 2. With --sweep the most; default 3."`
	Judge    []string `group:"how" placeholder:"NAME" help:"Who decides: plurality (default), confidence-weighted or trajectory, one design each. With --sweep: all that are modelled."`
	TeamSize int      `group:"how" placeholder:"N" help:"Go round the profiles until the team has so many agents."`

	Sweep    bool `group:"how" help:"Search teams, protocols, rounds and judges for the best accuracy at each cost."`
	MaxTeam  int  `group:"how" default:"4" help:"With --sweep: agents in a team."`
	MaxCalls int  `group:"how" placeholder:"N" help:"With --sweep: replies a question at most."`

	Given string       `group:"how" placeholder:"RUN" help:"Predict the rest of the debates of a run, from the answers with which they begin."`
	Part  predict.Part `group:"how" placeholder:"I/N" help:"With --given: the I-th of N parts of the questions, as cheaptalk fit --part deals them."`

	Questions int    `group:"how" default:"1000" help:"Simulated questions."`
	Draws     *int   `group:"how" placeholder:"N" help:"Draws of the parameters from what is known of them. Default 100, with --sweep 40, with --given 1000; 0 takes them as known."`
	Seed      uint64 `group:"how" default:"1" help:"Where all chance comes from."`
	Workers   int    `group:"how" placeholder:"N" help:"Processors to use. Default: all. No number depends on it."`

	Write  string `group:"out" placeholder:"FILE.yaml" help:"Write the prediction, to be held against a run that is made later."`
	Force  bool   `group:"out" help:"Replace a file that is there."`
	Check  string `group:"out" placeholder:"FILE.yaml" help:"Hold a written prediction against a run."`
	Format string `group:"out" enum:"text,md,markdown,csv,json,latex" default:"text" help:"text, md, csv, json or latex."`
	LogDir string `group:"out" placeholder:"FOLDER" default:"${logdir}" help:"Folder of the runs, for --given and --check."`
}

// besideCheck are the flags that may stand beside --check: what was predicted, and how, is in the file.
var besideCheck = []string{"check", "format", "log-dir"}

// Run predicts, searches or checks.
func (c *predictCmd) Run(e *env) error {
	if c.Check != "" {
		if flag := e.other(besideCheck); flag != "" {
			return usage(fmt.Errorf("--%s is said by the prediction\n  leave it out, or leave --check out", flag))
		}
		return c.check(e)
	}
	if err := c.valid(e); err != nil {
		return usage(err)
	}
	if c.Given != "" {
		return c.given(e)
	}
	w, team, err := c.world()
	if err != nil {
		return usage(err)
	}
	t := &predictTables{world: w, cmd: c}
	if c.Sweep {
		err = c.sweep(e, t)
	} else {
		err = c.predict(e, t, c.designs(team))
	}
	if e.ctx.Err() != nil {
		return errInterrupted
	}
	return err
}

// predict predicts designs of one team and prints them.
func (c *predictCmd) predict(e *env, t *predictTables, designs []predict.Design) (err error) {
	w := t.world
	if t.predictions, err = w.Compare(e.ctx, designs); err != nil {
		return err
	}
	tables := []grid.Table{t.accuracy()}
	if agents := t.revisions(); len(agents.Rows) > 0 {
		tables = append(tables, agents)
	}
	if err := t.print(e, tables, w.Notes(designs)); err != nil {
		return err
	}
	return c.write(e, e.prediction(w, t.predictions))
}

// sweep searches and prints the frontier.
func (c *predictCmd) sweep(e *env, t *predictTables) error {
	names := c.Judge
	if len(names) == 0 {
		names = predict.Judges()
	}
	space := sweep.Space{MaxTeam: c.MaxTeam, MaxRounds: slices.Max(c.rounds()), MaxCalls: c.MaxCalls, Protocols: c.protocols(), Judges: names}
	q := t.world.Items[0].Question
	screening := predict.Questions(q.Set(), len(q.Choices), 1+c.Questions, c.Questions)
	var err error
	if t.swept, err = space.Search(e.ctx, t.world, screening); err != nil {
		return err
	}
	if t.swept.Searched == 0 {
		return usage(fmt.Errorf("no design can be predicted: %s", strings.Join(t.swept.Left, "; ")))
	}
	var designs []predict.Design
	for _, i := range t.swept.Frontier {
		t.predictions = append(t.predictions, t.swept.Finalists[i])
		designs = append(designs, t.swept.Finalists[i].Design)
	}
	if err := t.print(e, []grid.Table{t.frontier()}, t.world.Notes(designs)); err != nil {
		return err
	}
	return c.write(e, e.prediction(t.world, t.predictions))
}

// valid finds flags that cannot work.
func (c *predictCmd) valid(e *env) error {
	for _, r := range c.Rounds {
		if r < 1 || r > 20 {
			return fmt.Errorf("--rounds %d\n  give 1 to 20; round 0, the independent answers, is not counted", r)
		}
	}
	all := append(predict.Protocols(), spec.ProtocolRecorded)
	for _, p := range c.Protocol {
		if !slices.Contains(all, p) {
			return fmt.Errorf("--protocol: there is no protocol %q\n  give one of: %s", p, strings.Join(predict.Protocols(), ", "))
		}
	}
	for _, j := range c.Judge {
		if !slices.Contains(append(predict.Judges(), judges.NameAggLM), j) {
			return fmt.Errorf("--judge: there is no judge %q\n  give one of: %s", j, strings.Join(predict.Judges(), ", "))
		}
	}
	switch {
	case c.Questions < 10 || c.Questions > 1_000_000:
		return fmt.Errorf("--questions %d\n  give 10 to 1000000", c.Questions)
	case c.draws() < 0 || c.draws() == 1 || c.draws() > 10_000:
		return fmt.Errorf("--draws %d\n  give 2 to 10000, or 0 to take the parameters as known", c.draws())
	case c.TeamSize < 0 || c.TeamSize > 30:
		return fmt.Errorf("--team-size %d\n  give 1 to 30", c.TeamSize)
	case c.TeamSize > 0 && (c.Sweep || c.TeamSize < len(c.Profiles)):
		return errors.New("--team-size is of one team of at least as many agents as there are profiles\n  leave it out; with --sweep give --max-team")
	case c.MaxTeam < 1 || c.MaxTeam > 10 || c.MaxCalls < 0:
		return fmt.Errorf("--max-team %d --max-calls %d\n  give 1 to 10 agents and a positive number of calls", c.MaxTeam, c.MaxCalls)
	case !c.Sweep && slices.ContainsFunc(e.flags, func(f string) bool { return f == "max-team" || f == "max-calls" }):
		return errors.New("--max-team and --max-calls limit a search\n  add --sweep, or leave them out")
	case c.Part.N > 0 && c.Given == "":
		return errors.New("--part is of the questions of a run\n  add --given RUN, or leave it out")
	case c.Given != "" && c.Sweep:
		return errors.New("--sweep searches teams, and debates that have begun have theirs\n  leave out --sweep or --given")
	case c.Given != "" && slices.ContainsFunc(e.flags, func(f string) bool { return slices.Contains(notGiven, f) }):
		return fmt.Errorf("--given says what is asked, and of whom\n  leave out --%s", strings.Join(notGiven, ", --"))
	case c.Given != "" && c.draws() == 0:
		return errors.New("--draws 0: debates that have begun are held once a draw\n  give 2 to 10000")
	case c.Sweep && slices.Contains(c.Protocol, spec.ProtocolRecorded):
		return errors.New("--sweep searches protocols that are modelled, and recorded is not\n  leave it out")
	}
	if c.Write == "" {
		return nil
	}
	if !profiles.IsFile(c.Write) {
		return fmt.Errorf("--write %s is no prediction file\n  give a name that ends in .yaml", c.Write)
	}
	if _, err := os.Stat(c.Write); err == nil && !c.Force {
		return fmt.Errorf("%s is there already\n  --force replaces it", c.Write)
	}
	return nil
}

// notGiven are the flags that may not stand beside --given.
var notGiven = []string{"dataset", "choices", "questions", "team-size"}

// world opens the profiles and makes the questions. team is that of the command line.
func (c *predictCmd) world() (w *predict.World, team []int, err error) {
	w, team, err = c.agents()
	if err != nil {
		return nil, nil, err
	}
	for i := len(team); i < c.TeamSize; i++ {
		team = append(team, team[i-len(c.Profiles)])
	}
	if c.Dataset == "" {
		if c.Dataset, err = onlySet(w.Agents); err != nil {
			return nil, nil, err
		}
	}
	choices, err := c.choices()
	w.Items = predict.Questions(c.Dataset, choices, 1, c.Questions)
	return w, team, err
}

// agents opens the profiles. team is that of the command line.
func (c *predictCmd) agents() (w *predict.World, team []int, err error) {
	w = &predict.World{Seed: c.Seed, Draws: c.draws(), Workers: c.Workers}
	at := map[string]int{}
	for _, name := range c.Profiles {
		name = strings.TrimPrefix(name, spec.SimPrefix)
		i, ok := at[name]
		if !ok {
			f, err := profiles.Open(name)
			if err != nil {
				return nil, nil, err
			}
			i = len(w.Agents)
			at[name] = i
			w.Agents = append(w.Agents, predict.Agent{Name: spec.Labels([]spec.Member{{Agent: spec.SimPrefix + name}})[0], File: f})
		}
		team = append(team, i)
	}
	return w, team, nil
}

// onlySet returns the data set that all profiles have an ability for, if there is one alone.
func onlySet(team []predict.Agent) (string, error) {
	var common []string
	for set := range team[0].File.Profile.Abilities {
		if !slices.ContainsFunc(team, func(a predict.Agent) bool { _, ok := a.File.Profile.Abilities[set]; return !ok }) {
			common = append(common, set)
		}
	}
	slices.Sort(common)
	switch len(common) {
	case 0:
		return "", errors.New("there is no data set that all profiles have an ability for\n  give --dataset; what a profile has no ability for is not modelled")
	case 1:
		return common[0], nil
	}
	return "", fmt.Errorf("the profiles have abilities for %s\n  choose one with --dataset", strings.Join(common, ", "))
}

// choices returns the number of choices of a question, 0 for numbers.
func (c *predictCmd) choices() (int, error) {
	if strings.ContainsAny(c.Dataset, "/ ") {
		return 0, fmt.Errorf("--dataset %q is no name of a data set\n  give one that the profiles have abilities for: gsm8k, mmlu, csqa", c.Dataset)
	}
	card, known := datasets.Find(c.Dataset)
	switch {
	case c.Choices != nil && (*c.Choices < 0 || *c.Choices == 1 || *c.Choices > 26):
		return 0, fmt.Errorf("--choices %d\n  give 2 to 26, or 0 for numbers", *c.Choices)
	case c.Choices != nil:
		return *c.Choices, nil
	case c.Dataset == predict.AnyNumber || known && card.Kind == debate.Number:
		return 0, nil
	case c.Dataset == "csqa":
		return 5, nil
	case c.Dataset == predict.AnyChoice || known:
		return 4, nil
	}
	return 0, fmt.Errorf("the program does not know how many choices a question of %s has\n  say so with --choices N, 0 for numbers", c.Dataset)
}

// designs lists what the flags ask for.
func (c *predictCmd) designs(team []int) []predict.Design {
	names := c.Judge
	if len(names) == 0 {
		names = []string{judges.NamePlurality}
	}
	var designs []predict.Design
	for _, p := range c.protocols() {
		rounds := c.rounds()
		if p == (protocols.Independent{}).Name() {
			rounds = []int{0}
		}
		if len(team) == 1 && len(c.Protocol) == 0 && p != (protocols.SelfRevision{}).Name() && rounds[0] > 0 {
			continue // one agent alone has nobody to hear
		}
		for _, r := range rounds {
			for _, j := range names {
				if r == 0 && j == judges.NameTrajectory && len(names) > 1 {
					continue // it is the plurality where nobody revises
				}
				designs = append(designs, predict.Design{Team: team, Protocol: p, Rounds: r, Judge: j})
			}
		}
	}
	return designs
}

func (c *predictCmd) protocols() []string {
	if len(c.Protocol) > 0 {
		return c.Protocol
	}
	return predict.Protocols()
}

func (c *predictCmd) rounds() []int {
	switch {
	case len(c.Rounds) > 0:
		return c.Rounds
	case c.Sweep:
		return []int{3}
	}
	return []int{2}
}

func (c *predictCmd) draws() int {
	switch {
	case c.Draws != nil:
		return *c.Draws
	case c.Sweep:
		return 40
	case c.Given != "":
		return 1000
	}
	return 100
}

// write writes the prediction, where it is asked for.
func (c *predictCmd) write(e *env, f *kept.File) error {
	if c.Write == "" {
		return nil
	}
	if err := os.WriteFile(c.Write, []byte(f.String()), 0o644); err != nil {
		return fmt.Errorf("write prediction: %w", err)
	}
	fmt.Fprintln(e.stderr, "wrote", clean(c.Write))
	return nil
}

// madeBy returns the command line.
func (e *env) madeBy() string { return "cheaptalk " + strings.Join(e.args, " ") }

// prediction returns what the command line has predicted as a file.
func (e *env) prediction(w *predict.World, predictions []predict.Prediction) *kept.File {
	return kept.New(w, e.madeBy(), predictions)
}
