package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"cheaptalk/agents/human"
	"cheaptalk/debate"
	"cheaptalk/debate/extract"
	"cheaptalk/internal/watch"
	"cheaptalk/tui"
)

// seat returns the turn of a person as the screen takes it.
func seat(p human.Prompt) watch.Seat {
	s := watch.Seat{Name: p.Agent, Prompt: tui.Prompt{Round: p.Turn.Round, Task: p.Turn.Brief.Task, Until: p.Until},
		Confident: p.Turn.Brief.Confidence != "", Say: p.Say}
	for _, heard := range append(p.Turn.Earlier[:len(p.Turn.Earlier):len(p.Turn.Earlier)], p.Turn.Heard) {
		for _, m := range heard {
			s.Read = append(s.Read, m.Seq)
		}
	}
	return s
}

// reader asks a person in lines, for terminals that are read aloud and for pipes.
type reader struct {
	out   io.Writer
	width int
	lines chan string // closed at the end of the input
}

// newReader reads lines from in. The goroutine that does cannot be ended while in has nothing to read: it ends with the process.
func newReader(in io.Reader, out io.Writer) *reader {
	width, _ := screen(out)
	r := &reader{out: out, width: width, lines: make(chan string)}
	go func() {
		defer close(r.lines)
		s := bufio.NewScanner(in)
		s.Buffer(nil, 1<<20)
		for s.Scan() {
			r.lines <- s.Text()
		}
	}()
	return r
}

// serve asks what comes to the desk, until ctx ends. At the end of the input the person leaves.
func (r *reader) serve(ctx context.Context, desk *human.Desk) {
	for {
		select {
		case p := <-desk.Prompts():
			if !r.ask(p) {
				desk.Leave()
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// ask asks for one turn. It reports whether there may be more input.
func (r *reader) ask(p human.Prompt) bool {
	fmt.Fprint(r.out, r.prompt(p))
	var text string
	for {
		line, more, over := r.line(p, "Your answer, or nothing to abstain: ")
		if over || !more {
			return more
		}
		if text = strings.TrimSpace(line); text == "" {
			p.Say("", debate.Confidence{})
			return true
		}
		if human.Read(p.Turn.Question, text).Flexible != "" {
			break
		}
		fmt.Fprintln(r.out, "No answer can be read from that. "+wanted(p.Turn.Question))
	}
	for {
		line, more, over := r.line(p, "How sure are you, from 0 to 100? Nothing leaves it open: ")
		if over || !more {
			return more
		}
		sure, err := parsePercent(line)
		if err == nil {
			p.Say(text, sure)
			return true
		}
		fmt.Fprintln(r.out, clean(err.Error()))
	}
}

// line reads a line. over says that the turn is over, more that the input is not.
func (r *reader) line(p human.Prompt, label string) (line string, more, over bool) {
	fmt.Fprint(r.out, label)
	select {
	case line, more = <-r.lines:
		if !more {
			fmt.Fprintln(r.out)
		}
		return line, more, false
	case <-p.Done():
		fmt.Fprintln(r.out, "\nThe turn is over.")
		return "", true, true
	}
}

// parsePercent reads "85", "85%" or nothing.
func parsePercent(s string) (debate.Confidence, error) {
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), "%"))
	if s == "" {
		return debate.Confidence{}, nil
	}
	percent, err := strconv.ParseFloat(s, 64)
	if err != nil || !(percent >= 0 && percent <= 100) {
		return debate.Confidence{}, fmt.Errorf("%q is no number from 0 to 100", s)
	}
	return debate.Sure(percent / 100), nil
}

// prompt writes what a person is asked and may read. Confidence is shown where the brief shows it.
func (r *reader) prompt(p human.Prompt) string {
	var s strings.Builder
	fmt.Fprintf(&s, "\nRound %d, %s: your turn, %s.\n", p.Turn.Round, p.Turn.Brief.Task, clean(p.Agent))
	fmt.Fprintln(&s, wrap(clean(p.Turn.Question.Text), r.width))
	for i, choice := range p.Turn.Question.Choices {
		fmt.Fprintln(&s, wrap(fmt.Sprintf("%s: %s", debate.Letter(i), clean(choice)), r.width))
	}
	if n := len(p.Turn.Own); n > 0 {
		if said := clean(p.Turn.Own[n-1].Text); said != "" {
			fmt.Fprintf(&s, "You said: %s\n", said)
		} else {
			fmt.Fprintln(&s, "You abstained.")
		}
	}
	for _, m := range p.Turn.Heard {
		fmt.Fprintf(&s, "%s answers %s", clean(m.From), clean(orNone(m.Answer)))
		text := m.Text
		if p.Turn.Brief.Confidence == "" {
			text = extract.HideConfidence(p.Turn.Question, text)
		} else if m.Confidence.Stated {
			fmt.Fprintf(&s, ", sure to %.0f %%", 100*m.Confidence.Value)
		}
		fmt.Fprintf(&s, ":\n%s\n", wrap(clean(text), r.width))
	}
	if !p.Until.IsZero() {
		fmt.Fprintf(&s, "You have until %s.\n", p.Until.Format("15:04:05"))
	}
	return s.String()
}

func orNone(a debate.Answer) string {
	if a == "" {
		return "nothing that can be read"
	}
	return string(a)
}

// wanted says what an answer to a question looks like.
func wanted(q debate.Question) string {
	switch q.Kind {
	case debate.Choice:
		return "Write the letter of a choice, such as A."
	case debate.Number:
		return "Write a number in digits, such as 12."
	}
	return "Write the answer in a few words."
}
