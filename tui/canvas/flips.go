package canvas

import (
	"fmt"
	"slices"
	"strings"

	"cheaptalk/debate"
	"cheaptalk/tui"
	"cheaptalk/tui/ink"
	"cheaptalk/tui/text"
)

// Flips returns the latest flips under the filter without those that would tell the key that is hidden. Look.Picked counts in them while their pane
// is chosen.
func Flips(s *tui.Snapshot, look Look) []tui.Flip {
	c := Canvas{Snap: s, Look: look}
	return slices.DeleteFunc(slices.Clone(s.Flips), func(f tui.Flip) bool { return c.Tells(f.Case) || !s.Filter.Flipped(f) })
}

// Tells reports whether what is known of a case would tell the hidden key of the debate on the screen: it asks the same question.
func (c *Canvas) Tells(of debate.Case) bool {
	if !c.Look.Blind || c.Snap.Debate == nil {
		return false
	}
	a, _ := debate.Variant(of.Item)
	b, _ := debate.Variant(c.Snap.Debate.Case.Item)
	return a == b
}

// Flip writes one flip in so many cells: "▼ llama gsm8k/17 C→B with mistral". What there is no room for is left out: the names of those it heard, that
// it heard any, the beginning of the question's.
func (c *Canvas) Flip(f tui.Flip, cells int) ink.Line {
	p := c.Ink
	change := ink.Of(p.Fates[f.Fate], p.Answer(f.From, 12)+"→"+p.Answer(f.To, 12))
	head := ink.Line{ink.Of(p.Fates[f.Fate], f.Fate.Sign()+" "), ink.Of(nil, f.Agent+" ")}
	tail := ink.Line{ink.Of(nil, " "), change}
	if f.Simulated && !c.Snap.Simulated {
		tail = append(tail, ink.Of(p.Dim, " (simulated)"))
	}
	item := p.Ruler.CutStart(text.Line(f.Case.Item), max(cells-p.Width(head)-p.Width(tail), 10))
	l := slices.Concat(head, ink.Line{ink.Of(p.Dim, item)}, tail)
	for _, words := range swayed(f) {
		if p.Width(l)+p.Ruler.Width(words) <= cells {
			return append(l, ink.Of(p.Dim, words))
		}
	}
	return l
}

// The cells of a column of FlipRows, at most or at least.
const (
	mostAgent = 18
	mostArm   = 16
	leastItem = 8
)

// FlipRows writes flips one a line in columns: "▼ llama   gsm8k/17  C→B  naive  with mistral". The columns are as wide as their widest words; where not all has room,
// those who swayed keep the name of the first, and the names of the questions lose their beginnings.
func (c *Canvas) FlipRows(flips []tui.Flip, cells int) []ink.Line {
	p := c.Ink
	agents, items, changes, arms, names := 0, 0, 0, 0, 0
	change := func(f tui.Flip) string { return p.Answer(f.From, 12) + "→" + p.Answer(f.To, 12) }
	for _, f := range flips {
		agents = max(agents, min(p.Ruler.Width(text.Line(f.Agent)), mostAgent))
		items = max(items, p.Ruler.Width(text.Line(f.Case.Item)))
		changes = max(changes, p.Ruler.Width(change(f)))
		arms = max(arms, min(p.Ruler.Width(text.Line(f.Case.Arm)), mostArm))
		if ways := swayed(f); len(ways) > 1 {
			names = max(names, p.Ruler.Width(ways[1]))
		}
	}
	room := cells - 2 - agents - 1 - 1 - changes - 1 - arms
	items = min(items, max(leastItem, room-names))
	pad := func(words string, cells int) string {
		return words + strings.Repeat(" ", max(cells-p.Ruler.Width(words), 0))
	}
	var out []ink.Line
	for _, f := range flips {
		st := p.Fates[f.Fate]
		l := ink.Line{
			ink.Of(st, f.Fate.Sign()+" "), ink.Of(nil, pad(p.Ruler.CutMiddle(text.Line(f.Agent), agents), agents)+" "),
			ink.Of(p.Dim, pad(p.Ruler.CutStart(text.Line(f.Case.Item), items), items)+" "), ink.Of(st, pad(change(f), changes)),
			ink.Of(p.Dim, " "+pad(p.Ruler.Cut(text.Line(f.Case.Arm), arms), arms)),
		}
		for _, words := range swayed(f) {
			if p.Ruler.Width(words) <= room-items {
				l = append(l, ink.Of(p.Dim, words))
				break
			}
		}
		if f.Simulated && !c.Snap.Simulated {
			l = append(l, ink.Of(p.Dim, " (simulated)"))
		}
		out = append(out, l)
	}
	return out
}

// swayed names those who had said what an agent changed to among those it heard, in ever fewer cells; nothing where there is nobody.
func swayed(f tui.Flip) []string {
	n := len(f.SwayedBy)
	if n == 0 {
		return nil
	}
	all := text.Line(" with " + strings.Join(f.SwayedBy, ", "))
	first := all
	if n > 1 {
		first = text.Line(fmt.Sprintf(" with %s +%d", f.SwayedBy[0], n-1))
	}
	return []string{all, first, fmt.Sprintf(" with %d", n)}
}
