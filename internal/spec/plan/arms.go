package plan

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"cheaptalk/agents"
	"cheaptalk/agents/human"
	"cheaptalk/agents/recorded"
	"cheaptalk/agents/simulated"
	"cheaptalk/debate"
	"cheaptalk/internal/spec"
	"cheaptalk/protocols"
)

// protocol makes the protocol of an arm.
func (b *builder) protocol(a spec.Arm) debate.Protocol {
	schedule := protocols.Schedule{Rounds: a.DebateRounds()}
	if a.Stop == "unanimity" {
		schedule.Stop = protocols.Unanimity
	}
	switch a.Protocol {
	case spec.ProtocolNaive:
		return protocols.Naive{Schedule: schedule}
	case spec.ProtocolConfidence:
		return protocols.ConfidenceWeighted{Schedule: schedule, Calibration: debate.Calibration(a.Calibration)}
	case spec.ProtocolPenalized:
		return protocols.ConsensusPenalized{Schedule: schedule}
	case spec.ProtocolSelf:
		return protocols.SelfRevision{Schedule: schedule}
	case spec.ProtocolRecorded:
		return repeat{b.recordings}
	}
	return protocols.Independent{}
}

// repeat is recorded.Protocol over several recordings.
type repeat struct {
	recordings map[string]*recorded.Recording
}

func (repeat) Name() string { return spec.ProtocolRecorded }

func (r repeat) Next(t *debate.Transcript) []debate.Call {
	rec, ok := r.recordings[t.Question.Set()]
	if !ok {
		return nil
	}
	return recorded.Protocol{Recording: rec}.Next(t)
}

// client is an opened model with how it is sampled.
type client struct {
	model    agents.Model
	sampling agents.Sampling
	asks     string // the same of models, under whatever names, whose requests for the same are the same on the wire
}

func samplingOf(m spec.Model) agents.Sampling {
	return agents.Sampling{Temperature: m.Temperature, TopP: m.TopP, Seed: m.Seed, MaxTokens: m.MaxTokens, Stop: m.Stop, Effort: m.Effort}
}

// rule returns the reading rule in force.
func (b *builder) rule() debate.Rule {
	if b.spec.Reading == "strict" {
		return debate.Strict
	}
	return debate.Flexible
}

// seat is one place in a team: what makes its agent for a debate.
type seat func(at *table) debate.Agent

// table is what the agents of a debate are made for.
type table struct {
	item   debate.Item
	seed   uint64
	place  int // of the agent that is being made
	shared *simulated.Puzzle
}

// puzzle returns what the question is to the simulated agents of the debate.
func (t *table) puzzle() *simulated.Puzzle {
	if t.shared == nil {
		t.shared = simulated.NewPuzzle(t.item)
	}
	return t.shared
}

// team makes the factory of a team of simulated agents and language models.
func (b *builder) team(a spec.Arm, members []spec.Member) (func(debate.Item, uint64) []debate.Agent, error) {
	if a.Samples > 0 {
		round := members
		members = nil
		for i := range a.Samples {
			m := round[i%len(round)]
			if m.Name != "" && i >= len(round) { // a name is given once; copies are numbered
				m.Name = fmt.Sprintf("%s#%d", m.Name, i/len(round)+1)
			}
			members = append(members, m)
		}
	}
	copies := map[string]int{}
	var seats []seat
	for i, label := range spec.Labels(members) {
		asks := b.models[members[i].Agent].asks
		made, err := b.seat(a, members[i], label, copies[asks], b.spec.ConfidenceSources())
		if err != nil {
			return nil, err
		}
		if copies[asks]++; copies[asks] > 1 {
			if b.twice == nil {
				b.twice = map[string]bool{}
			}
			b.twice[asks] = true
		}
		seats = append(seats, made)
	}
	return func(item debate.Item, seed uint64) []debate.Agent {
		team, at := make([]debate.Agent, len(seats)), &table{item: item, seed: seed}
		for i, made := range seats {
			at.place = i
			team[i] = made(at)
		}
		return team
	}, nil
}

// seat makes one seat. copy numbers the agents of the team that ask the same model; sources is where the confidence of a language model
// comes from.
func (b *builder) seat(a spec.Arm, m spec.Member, label string, copy int, sources []agents.ConfidenceSource) (seat, error) {
	if name, ok := strings.CutPrefix(m.Agent, spec.SimPrefix); ok {
		file, err := b.spec.Profile(name)
		if err != nil {
			return nil, err
		}
		profile := &file.Profile
		terse := b.spec.Store == "compact"
		return func(at *table) debate.Agent {
			agent := simulated.New(label, profile, at.puzzle(), at.seed)
			agent.Terse, agent.Place = terse, at.place
			return agent
		}, nil
	}
	if m.Human() {
		desk := b.means.Person
		if desk == nil {
			return nil, b.spec.At("a person can sit at the table only in a terminal", "cheaptalk watch, or --display plain to be asked line by line", "teams")
		}
		return func(*table) debate.Agent {
			return &human.Agent{Label: label, Desk: desk, Rule: b.rule()}
		}, nil
	}
	prompts, err := agents.LoadPrompts(cmp.Or(a.Prompts, b.spec.Prompts, agents.CheapTalk))
	if err != nil {
		return nil, err
	}
	memory, err := b.spec.MemoryOf(a)
	if err != nil {
		return nil, err
	}
	c := b.models[m.Agent]
	return func(at *table) debate.Agent {
		llm := &agents.LLM{
			Label: label, Model: c.model, Prompts: prompts, System: m.System, Memory: memory, Sampling: c.sampling, Rule: b.rule(),
			Scope: at.item.Question.ID + " " + strconv.FormatUint(at.seed, 16), Sample: copy, // the seed stands for draw and repeat
			Stream: b.means.Stream, Confidence: sources, Samples: b.spec.ConfidenceSamples, DropOldest: b.spec.DropsOldest(a),
		}
		for _, shots := range b.shots {
			for _, ex := range shots.For(at.item.Question) {
				llm.Examples = append(llm.Examples, agents.Example{Question: ex.Item.Question, Solution: ex.Solution, Answer: ex.Item.Key})
			}
		}
		return llm
	}, nil
}

// speaker makes the agent that speaks for a judge. It has a seat of its own: it shares no completion with the team, and nobody weighs
// its confidence.
func (b *builder) speaker(a spec.Arm, j spec.Judge) (seat, error) {
	if j.Agent == spec.SimAggregator {
		label, terse := j.Label(), b.spec.Store == "compact"
		return func(at *table) debate.Agent {
			agent := simulated.NewAggregator(label, simulated.Prompted(), at.puzzle(), at.seed)
			agent.Terse = terse
			return agent
		}, nil
	}
	return b.seat(a, spec.Member{Agent: j.Agent}, j.Label(), 0, nil)
}

// recordedTeam makes the factory of a team of recorded agents.
func (b *builder) recordedTeam(members []spec.Member) func(debate.Item, uint64) []debate.Agent {
	var wanted []string // none for every agent of the item
	for _, m := range members {
		if name, ok := strings.CutPrefix(m.Agent, spec.RecordedPrefix); ok {
			wanted = append(wanted, name)
		}
	}
	factories := map[string]func(debate.Item, uint64) []debate.Agent{}
	for set, rec := range b.recordings {
		factories[set] = rec.Team(wanted)
	}
	return func(item debate.Item, seed uint64) []debate.Agent {
		if factory, ok := factories[item.Question.Set()]; ok {
			return factory(item, seed)
		}
		return nil // an item of no recording: the debate fails and says that its team is empty
	}
}
