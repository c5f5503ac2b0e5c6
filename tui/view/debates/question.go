package debates

import (
	"fmt"
	"strings"

	"cheaptalk/debate"
	"cheaptalk/tui/ink"
)

// question adds the question and its choices. The right choice is marked when the key may be seen.
func (c *sheet) question(sc *scene) {
	p, q, cells := c.Ink, sc.d.Transcript.Question, c.Look.Width-4
	most := max(5, c.Look.Height/6)
	switch {
	case c.Look.Unfolded:
		most = max(most, c.unfolded())
	case c.Look.Input != nil && c.Snap.Prompt != nil:
		most = max(most, c.Look.Height/2-4)
	}
	choices := c.choices(sc, cells, most-1)
	text := max(1, most-len(choices))
	if len(choices) >= most {
		hidden := fmt.Sprintf("… and %d more; o shows all", len(q.Choices)-(most-2)*len(q.Choices)/len(choices))
		choices = append(choices[:most-2], ink.Line{ink.Of(p.Dim, hidden)})
	}
	for _, words := range p.Wrap(q.Text, cells, text) {
		c.Add(ink.Plain(words))
	}
	for _, l := range choices {
		c.Add(l)
	}
	for _, l := range sc.answer(cells) {
		c.Add(l)
	}
}

// unfolded is how many lines of a question in full leave room for what is said of it.
func (c *sheet) unfolded() int { return c.Look.Height - 11 }

// whole writes the question, all of its choices and the key in as many lines as they need.
func (c *sheet) whole(sc *scene) []ink.Line {
	q, cells := sc.d.Transcript.Question, c.Look.Width-4
	var out []ink.Line
	for _, words := range c.Ink.Wrap(q.Text, cells, 1<<30) {
		out = append(out, ink.Plain(words))
	}
	return append(append(out, c.choices(sc, cells, 1<<30)...), sc.answer(cells)...)
}

// page shows a question that is too long to stand above what is said of it, alone, from the line that is scrolled to.
func (c *sheet) page(lines []ink.Line, room int) {
	c.Below = max(len(lines)-room+1, 0)
	from := min(max(-c.Look.Scroll, 0), c.Below)
	var more ink.Line
	if from < c.Below {
		more = ink.Line{ink.Of(c.Ink.Dim, "↓ more")}
	}
	c.Rule(ink.Line{ink.Of(c.Ink.Bold, "question"), ink.Of(c.Ink.Dim, " o goes back")}, more)
	for _, l := range lines[from:min(len(lines), from+room-1)] {
		c.Add(l)
	}
}

// answer is the line that tells the key of a question without choices, if it may be seen.
func (sc *scene) answer(cells int) []ink.Line {
	if len(sc.d.Transcript.Question.Choices) > 0 || sc.key == "" {
		return nil
	}
	return []ink.Line{{ink.Of(sc.p.Dim, "key "), ink.Of(sc.p.Fates[debate.HeldRight], "● "+sc.p.Answer(sc.key, cells-6))}}
}

// choices puts the choices in as few lines as they need, each line in columns of one width. One that is wider than the screen is broken where there are so many
// lines for it, and cut where there are not.
func (c *sheet) choices(sc *scene, cells, most int) []ink.Line {
	p, q := c.Ink, sc.d.Transcript.Question
	wide := 0
	for _, choice := range q.Choices {
		wide = max(wide, p.Width(ink.Plain(choice)))
	}
	wide += 6 // sign, letter and blanks
	if wide-1 > cells {
		if out := c.broken(sc, cells); len(out) <= most {
			return out
		}
	}
	across := max(1, min(len(q.Choices), cells/wide))
	rows := (len(q.Choices) + across - 1) / across
	if rows > 0 { // no more columns than the rows need
		across = (len(q.Choices) + rows - 1) / rows
	}
	var out []ink.Line
	for from := 0; from < len(q.Choices); from += across {
		var l ink.Line
		for i := from; i < min(from+across, len(q.Choices)); i++ {
			cell := append(sc.letter(i), ink.Of(nil, q.Choices[i]))
			pad := max(cells/across-p.Width(cell), 1)
			l = append(append(l, cell...), ink.Of(nil, strings.Repeat(" ", pad)))
		}
		out = append(out, l)
	}
	return out
}

// broken writes each choice in as many lines as it needs.
func (c *sheet) broken(sc *scene, cells int) []ink.Line {
	var out []ink.Line
	for i, choice := range sc.d.Transcript.Question.Choices {
		for j, words := range c.Ink.Wrap(choice, cells-5, 1<<30) {
			head := ink.Plain("     ")
			if j == 0 {
				head = sc.letter(i)
			}
			out = append(out, append(head, ink.Of(nil, words)))
		}
	}
	return out
}

// letter writes the letter of a choice, five cells wide, with a mark when it is the key.
func (sc *scene) letter(i int) ink.Line {
	letter := debate.Letter(i)
	if sc.key != letter {
		return ink.Line{ink.Of(nil, "  "), ink.Of(sc.p.Bold, string(letter)), ink.Of(nil, "  ")}
	}
	st := sc.p.Fates[debate.HeldRight]
	return ink.Line{ink.Of(st, "● "), ink.Of(st, string(letter)), ink.Of(nil, "  ")}
}
