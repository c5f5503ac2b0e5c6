package debates

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"cheaptalk/debate"
	"cheaptalk/tui/ink"
)

// verdicts writes all verdicts side by side.
func (sc *scene) verdicts(cells, rows int) []ink.Line {
	p := sc.p
	var items []ink.Line
	for _, v := range sc.d.Verdicts {
		items = append(items, append(ink.Line{ink.Of(nil, v.Judge+" ")}, sc.ruling(v)...))
	}
	for _, s := range sc.speakers {
		if s.judge && s.talking {
			items = append(items, ink.Line{ink.Of(nil, s.name+" "), ink.Of(p.Dim, "▌ reads and writes")})
		}
	}
	if len(items) == 0 {
		words := "none yet"
		if sc.d.Over {
			words = "none"
		}
		items = []ink.Line{{ink.Of(p.Dim, words)}}
	}
	lines, left := p.Flow(items, cells-14, rows)
	if left > 0 {
		lines[len(lines)-1] = append(lines[len(lines)-1], ink.Of(p.Dim, fmt.Sprintf("  +%d", left)))
	}
	for i := range lines {
		head := "         "
		if i == 0 {
			head = "verdicts "
		}
		lines[i] = append(ink.Line{ink.Of(p.Bold, head)}, lines[i]...)
	}
	return lines
}

// way is how the votes of a round are written.
type way struct {
	bar    int  // cells of a vote
	weight bool // with the sums of the confidences
}

// ways begin with the one that needs the most room.
var ways = [...]way{{8, true}, {4, true}, {2, true}, {1, true}, {1, false}, {0, false}}

// votes writes what was voted after each round, the last rows rounds. Beside each answer is the number of agents that held it and, when any
// of them stated one and there is room, the sum of their confidences. A vote is equally long in all rounds that have room for bars. At the right are the entropy of the answers,
// -Σ q ln q over their shares q in nats, 0 when all agree, and the consensus, the share of the most frequent answer; unreadable and failed replies are left
// out of both.
func (sc *scene) votes(cells, rows int) []ink.Line {
	p, last := sc.p, sc.d.Transcript.LastRound()
	from := max(last+1-rows, 0)
	heads, tails, at := make([]ink.Line, last+1), make([]string, last+1), 0
	fits := func(r, at int) bool {
		return p.Width(heads[r])+p.Width(p.Join(sc.ballot(r, ways[at]), "  ", 1<<30))+2+p.Ruler.Width(tails[r]) <= cells
	}
	for r := from; r <= last; r++ {
		head := "      "
		if r == from {
			head = "votes "
		}
		heads[r] = ink.Line{ink.Of(p.Bold, head), ink.Of(p.Dim, fmt.Sprintf("round %-2d ", r))}
		tails[r] = sc.spread(r, cells)
		for at < len(ways)-2 && !fits(r, at) {
			at++
		}
	}
	var out []ink.Line
	for r := from; r <= last; r++ {
		l, of := heads[r], at
		if !fits(r, at) { // no bars in this one
			of = len(ways) - 1
		}
		items := sc.ballot(r, ways[of])
		if len(items) == 0 {
			out = append(out, append(l, ink.Of(p.Dim, "no readable answer")))
			continue
		}
		tail := tails[r]
		if !fits(r, of) { // the answers matter more
			tail = ""
		}
		l = append(l, p.Join(items, "  ", cells-p.Width(l))...)
		l = append(l, ink.Of(nil, strings.Repeat(" ", max(cells-p.Width(l)-p.Ruler.Width(tail), 0))), ink.Of(p.Dim, tail))
		out = append(out, l)
	}
	if len(out) == 0 {
		out = []ink.Line{{ink.Of(p.Bold, "votes "), ink.Of(p.Dim, "none yet")}}
	}
	return out
}

// spread writes the entropy and the consensus of a round, "" where there is no answer.
func (sc *scene) spread(round, cells int) string {
	tally := debate.Tally(sc.d.Transcript.Standing(round), nil)
	switch {
	case len(tally) == 0:
		return ""
	case cells >= 96:
		return fmt.Sprintf("entropy %s nats  consensus %s", decimals(entropy(tally)), ink.Decimal(consensus(tally)))
	case cells < 80:
		return fmt.Sprintf("entropy %s agree %s", decimals(entropy(tally)), ink.Decimal(consensus(tally)))
	}
	return fmt.Sprintf("entropy %s  consensus %s", decimals(entropy(tally)), ink.Decimal(consensus(tally)))
}

// ballot writes each answer of a round with its votes, the most frequent first.
func (sc *scene) ballot(round int, w way) []ink.Line {
	p, standing := sc.p, sc.d.Transcript.Standing(round)
	tally := debate.Tally(standing, nil)
	sure := debate.Tally(standing, func(m debate.Message) float64 { return m.Confidence.Value })
	stated := debate.Tally(standing, func(m debate.Message) float64 {
		if m.Confidence.Stated {
			return 1
		}
		return 0
	})
	var items []ink.Line
	for _, a := range slices.SortedFunc(maps.Keys(tally), func(a, b debate.Answer) int {
		return cmp.Or(int(tally[b]-tally[a]), strings.Compare(string(a), string(b)))
	}) {
		var st ink.Style
		if sc.key != "" {
			_, st, _ = sc.grade(a)
		}
		item := ink.Line{ink.Of(p.Bold, p.Answer(a, 12)+" "), ink.Of(st, strings.Repeat("▇", int(tally[a])*w.bar))}
		if w.bar > 0 {
			item = append(item, ink.Of(nil, " "))
		}
		item = append(item, ink.Of(nil, fmt.Sprint(tally[a])))
		if stated[a] > 0 && w.weight {
			item = append(item, ink.Of(p.Dim, " ("+decimals(sure[a])+")"))
		}
		items = append(items, item)
	}
	if len(debate.Leaders(tally)) > 1 {
		items = append(items, ink.Line{ink.Of(p.Tied, "= tie")})
	}
	return items
}

// decimals writes a number that may be above 1 like a share: .64, 1.70.
func decimals(v float64) string { return strings.TrimPrefix(fmt.Sprintf("%.2f", v), "0") }

// entropy returns -Σ q ln q of the shares of a tally, in nats.
func entropy(tally map[debate.Answer]float64) float64 {
	total, h := 0.0, 0.0
	for _, n := range tally {
		total += n
	}
	for _, a := range slices.Sorted(maps.Keys(tally)) {
		q := tally[a] / total
		h -= q * math.Log(q)
	}
	return math.Abs(h) // not -0
}

// consensus returns the share of the most frequent answer of a tally.
func consensus(tally map[debate.Answer]float64) float64 {
	total, most := 0.0, 0.0
	for _, n := range tally {
		total += n
		most = max(most, n)
	}
	return most / total
}
