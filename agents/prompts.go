package agents

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"text/template"

	"cheaptalk/debate"
)

// Names of the prompt sets that come with the package.
const (
	// CheapTalk asks for a stated confidence in every round, whether or not it is shown, so that arms that differ
	// in showing it ask the same in round 0.
	CheapTalk = "cheaptalk"
	// Wynn2025 has the prompts of Wynn, Satija and Hadfield (2025, arXiv 2509.05396) and, where the paper gives none,
	// of Du et al. (2023, arXiv 2305.14325), on which its protocol builds. The template files say which is whose.
	Wynn2025 = "wynn2025"
)

//go:embed prompts
var bundled embed.FS

// Prompts is a set of prompts: the system prompt and what an agent is asked for each task and kind of question.
//
// A set is a directory of text/template files. The file of a task is TASK.KIND.tmpl ("revise.choice.tmpl"), or TASK.tmpl
// where kinds do not differ; system.tmpl has the system prompt; any other file is there to be included by its name.
// Templates see .Question, .Choices (each with .Letter and .Text), .Kind ("choice", "number" or "open") and .Peers (each
// with .Number, .Text, fenced, and .Weight). One newline at the end of a file is not part of the prompt.
type Prompts struct {
	templates *template.Template
	system    string
}

// LoadPrompts returns the set of that name that comes with the package.
func LoadPrompts(name string) (*Prompts, error) {
	dir, err := fs.Sub(bundled, "prompts/"+name)
	if err != nil {
		return nil, fmt.Errorf("prompts %q: %w", name, err)
	}
	if _, err := fs.Stat(dir, "system.tmpl"); err != nil {
		return nil, fmt.Errorf("prompts %q: there are only %s and %s", name, CheapTalk, Wynn2025)
	}
	return ParsePrompts(dir)
}

// ParsePrompts reads a set from a directory. It fails if a task and kind has no template or one that cannot be executed,
// so that no debate does.
func ParsePrompts(dir fs.FS) (*Prompts, error) {
	t, err := template.ParseFS(dir, "*.tmpl")
	if err != nil {
		return nil, fmt.Errorf("prompts: %w", err)
	}
	p := &Prompts{templates: t}
	if p.system, err = p.execute("system.tmpl", view{}); err != nil {
		return nil, err
	}
	for _, kind := range []debate.Kind{debate.Choice, debate.Number, debate.Open} {
		for task := debate.Solve; task <= debate.Aggregate; task++ {
			q := debate.Question{Text: "?", Kind: kind}
			if _, err := p.render(q, debate.Brief{Task: task}, []peer{{Number: 1}}); err != nil {
				return nil, err
			}
		}
	}
	return p, nil
}

// view is what a template sees.
type view struct {
	Question string
	Kind     string
	Choices  []choice
	Peers    []peer
}

// size estimates the length of the prompt, in bytes.
func (v *view) size() int {
	n := 512 + len(v.Question)
	for _, c := range v.Choices {
		n += 8 + len(c.Text)
	}
	for _, p := range v.Peers {
		n += 64 + len(p.Text)
	}
	return n
}

type choice struct {
	Letter debate.Answer
	Text   string
}

// render returns what an agent is asked about a question. A task that is about peers becomes [debate.Reflect] when there
// are none, as in the code of Du et al. (2023).
func (p *Prompts) render(q debate.Question, brief debate.Brief, peers []peer) (string, error) {
	v := view{Question: q.Text, Kind: q.Kind.String(), Peers: peers}
	for i, text := range q.Choices {
		v.Choices = append(v.Choices, choice{debate.Letter(i), text})
	}
	task := brief.Task
	if len(peers) == 0 && (task == debate.Revise || task == debate.Critique) {
		task = debate.Reflect
	}
	name := fmt.Sprintf("%v.%v.tmpl", task, q.Kind)
	if p.templates.Lookup(name) == nil {
		name = task.String() + ".tmpl"
	}
	return p.execute(name, v)
}

func (p *Prompts) execute(name string, v view) (string, error) {
	if p.templates.Lookup(name) == nil {
		return "", fmt.Errorf("prompts: no file %s", name)
	}
	var b strings.Builder
	b.Grow(v.size())
	if err := p.templates.ExecuteTemplate(&b, name, v); err != nil {
		return "", fmt.Errorf("prompts: %w", err)
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}
