package recorded

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cheaptalk/debate"
	"cheaptalk/debate/extract"
)

// Recording is a file of recorded replies.
type Recording struct {
	Name    string   // of the format, or of an own file without its extensions; item IDs start with it
	Agents  []string // every agent of the file, in the order in which they first appear
	Items   []debate.Item
	Models  map[string]string // the model behind each agent, as the file names it; "a, b" when it changed within the file
	Source  string            // where the replies come from; "" when the file does not say
	Licence string            // of the replies; "" when it is not known
	// Skipped says of each row that is not among Items which line it was on and why. A caller shows it.
	Skipped []string
	// Left says what the file holds beside questions, keys and replies, with its number; it is not kept. A caller shows it.
	Left []string
	// Rule is how answers are read from the texts. It may be set before the first Team is made.
	Rule debate.Rule

	talks map[string]talk // by item ID
}

// talk is what was said on one item: a list of rounds.
type talk [][]utterance

// utterance is what one agent said in one round.
type utterance struct {
	Agent string `json:"agent"`
	Text  string `json:"text"`
	// Heard names the agents whose last reply before this round was shown to the speaker; nil stands for every other agent of
	// the round before.
	Heard []string `json:"heard"`
}

// Team returns a factory of teams, for [debate.Arm]: the agents wanted, in that order, with their replies to the item.
// With none wanted it is every agent that said something on the item, in the order of rec.Agents.
// An agent without a reply fails when it is asked; [Recording.Check] finds names that are misspelt before that.
// The seed is not used: there is no chance in a recording. The factory may be called by many goroutines at once.
func (rec *Recording) Team(wanted []string) func(item debate.Item, seed uint64) []debate.Agent {
	return func(item debate.Item, _ uint64) []debate.Agent {
		said := rec.talks[item.Question.ID]
		names := wanted
		if len(names) == 0 {
			names = said.agents(rec.Agents)
		}
		team := make([]debate.Agent, len(names))
		for i, name := range names {
			team[i] = &agent{name: name, rule: rec.Rule, said: said}
		}
		return team
	}
}

// Check returns an error when one of the names is no agent of the recording.
func (rec *Recording) Check(wanted []string) error {
	for _, name := range wanted {
		if !slices.Contains(rec.Agents, name) {
			return fmt.Errorf("recording %s has no agent %q; it has %s", rec.Name, name, strings.Join(rec.Agents, ", "))
		}
	}
	return nil
}

// agents returns those of the names that said something, in their order.
func (t talk) agents(names []string) []string {
	var spoke []string
	for _, name := range names {
		if slices.ContainsFunc(t, func(round []utterance) bool { return find(round, name) >= 0 }) {
			spoke = append(spoke, name)
		}
	}
	return spoke
}

// find returns the index of what the agent said in a round, or -1.
func find(round []utterance, agent string) int {
	return slices.IndexFunc(round, func(u utterance) bool { return u.Agent == agent })
}

// agent repeats what one agent of a recording said on one item.
type agent struct {
	name string
	rule debate.Rule
	said talk
}

var _ debate.Agent = (*agent)(nil)

// Name returns the agent's name in the recording.
func (a *agent) Name() string { return a.name }

// Reply returns what the agent said in the round asked for, with the answer that the rule reads from it.
// A recorded reply counts as one call and no tokens: the files do not say how many there were.
func (a *agent) Reply(ctx context.Context, turn debate.Turn) (debate.Reply, error) {
	if ctx.Err() != nil {
		return debate.Reply{}, context.Cause(ctx)
	}
	i := -1
	if turn.Round < len(a.said) {
		i = find(a.said[turn.Round], a.name)
	}
	if i < 0 {
		return debate.Reply{}, fmt.Errorf("the recording of item %s has no reply of agent %s in round %d", turn.Question.ID, a.name, turn.Round)
	}
	text := a.said[turn.Round][i].Text
	turn.Say(text)
	reading := extract.Read(turn.Question, text)
	return debate.Reply{Text: text, Answer: reading.By(a.rule), Reading: reading, Usage: debate.Usage{Calls: 1}}, nil
}
