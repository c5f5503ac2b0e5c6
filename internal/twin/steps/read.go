package steps

import (
	"fmt"
	"iter"
	"strconv"
	"strings"

	"cheaptalk/debate"
)

// Read reads records, which come sorted as those of a run do. Failed debates and those on questions without a key are counted and left
// out. Independent answers that arms share, those of one agent to one question in one draw and repeat, count once.
func Read(records iter.Seq2[*debate.Record, error]) (*Data, error) {
	r := reader{data: &Data{}, agents: map[string]int{}, questions: map[string]int{}, shared: map[string]bool{}}
	for rec, err := range records {
		if err != nil {
			return nil, err
		}
		r.record(rec)
	}
	d := r.data
	if len(d.Steps) == 0 {
		return nil, fmt.Errorf("no agent revises an answer in the %d debates that can be used; %d failed, %d have no key, %d revisions follow an unreadable answer\n"+
			"  a twin needs agents that are asked again: hold a debate with rounds, or one agent alone under self-revision",
			len(d.Debates), d.Left.Failed, d.Left.Keyless, d.Left.Silent)
	}
	d.sortAgents()
	return d, nil
}

// reader gathers Data record by record.
type reader struct {
	data              *Data
	agents, questions map[string]int
	last              debate.Case     // of the record before, without its arm
	shared            map[string]bool // the agents whose independent answer to last has been counted
}

func index(names *[]string, at map[string]int, name string) int {
	i, ok := at[name]
	if !ok {
		i = len(*names)
		at[name] = i
		*names = append(*names, name)
	}
	return i
}

func (r *reader) record(rec *debate.Record) {
	d := r.data
	switch {
	case rec.Again || rec.Transcript == nil && rec.Failed == "":
		return
	case rec.Failed != "":
		d.Left.Failed++
		return
	case rec.Key == "":
		d.Left.Keyless++
		return
	}
	d.Simulated = d.Simulated || rec.Simulated
	t := rec.Transcript
	question, _ := debate.Variant(t.Question.ID)
	talk := Talk{Question: index(&d.Questions, r.questions, question), Set: t.Question.Set(), Kind: t.Question.Kind, Key: rec.Key, Wrongs: wrongsOpen}
	if talk.Kind == debate.Choice {
		talk.Wrongs = len(t.Question.Choices) - 1
	}
	same := rec.Case
	if same.Arm = ""; same != r.last {
		r.last = same
		clear(r.shared)
	}
	minds := make([]memory, len(t.Agents))
	for _, m := range t.Messages {
		at := t.Speaker(m.From)
		if at < 0 || m.Failed != "" {
			continue
		}
		agent := index(&d.Agents, r.agents, original(m.From))
		if m.Brief.Task == debate.Solve && len(m.Heard) == 0 {
			first := Answer{Talk: len(d.Debates), Agent: agent, Said: m.Answer}
			if m.Round == 0 {
				talk.First = append(talk.First, first)
			}
			if name := fmt.Sprint(m.Round, " ", m.From); !r.shared[name] {
				r.shared[name] = true
				d.Alone = append(d.Alone, first)
			}
		} else if step, ok := minds[at].step(t, m); ok {
			step.Talk, step.Agent = len(d.Debates), agent
			if step.Chosen == New && !talk.Room(&step) {
				step.Chosen = Unread
			}
			d.Steps = append(d.Steps, step)
		} else if m.Brief.Task != debate.Aggregate {
			d.Left.Silent++
		}
		minds[at].keep(t, m)
	}
	d.Debates = append(d.Debates, talk)
}

// original returns the name of an agent without the number that tells its copies in a team apart: "m" of "m#2".
func original(name string) string {
	if i := strings.LastIndexByte(name, '#'); i > 0 {
		if _, err := strconv.ParseUint(name[i+1:], 10, 32); err == nil {
			return name[:i]
		}
	}
	return name
}

// memory is what one agent has said and heard so far.
type memory struct {
	own  debate.Answer // its last one; "" where none could be read, which is how it was before it said anything
	past map[debate.Answer]int
}

// keep adds a reply and what was heard before it.
func (mem *memory) keep(t *debate.Transcript, m debate.Message) {
	if mem.past == nil {
		mem.past = map[debate.Answer]int{}
	}
	for _, seq := range m.Shown() {
		if heard := t.Messages[seq]; heard.From != m.From && heard.Answer != "" {
			mem.past[heard.Answer]++
		}
	}
	if mem.own = m.Answer; m.Answer != "" {
		mem.past[m.Answer]++
	}
}

// step returns the choice behind a reply; ok is false where there is none.
func (mem *memory) step(t *debate.Transcript, m debate.Message) (s Step, ok bool) {
	switch m.Brief.Task {
	case debate.Revise, debate.Critique, debate.Reflect:
	default:
		return Step{}, false
	}
	if mem.own == "" {
		return Step{}, false
	}
	s = Step{Round: m.Round, Task: m.Brief.Task, Shown: m.Brief.Confidence != "", Table: []Option{{Answer: mem.own}}, Chosen: New}
	for _, seq := range m.Shown() {
		heard := t.Messages[seq]
		if heard.From == m.From || heard.Answer == "" || m.Brief.Task == debate.Reflect {
			continue
		}
		k := s.Find(heard.Answer)
		if k < 0 {
			k = len(s.Table)
			s.Table = append(s.Table, Option{Answer: heard.Answer})
		}
		s.Table[k].Heard++
		s.Table[k].First = s.Table[k].First || s.Peers == 0
		if s.Shown {
			s.Table[k].Sure += 2*m.Brief.Confidence.Weight(heard.Confidence) - 1
		}
		s.Peers++
	}
	for k := range s.Table {
		s.Table[k].Past = mem.past[s.Table[k].Answer] + s.Table[k].Heard
	}
	if s.Said = m.Answer; s.Said == "" {
		s.Chosen = Unread
	} else if k := s.Find(m.Answer); k >= 0 {
		s.Chosen = k
	}
	return s, true
}
