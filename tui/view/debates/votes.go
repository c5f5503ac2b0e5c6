package debates

import (
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

// votes writes what was voted after each round, the last rows rounds. Beside each answer is the number of agents that held it and, when any
// of them stated one and there is room, the sum of their confidences. At the right are the entropy of the answers, -Σ q ln q over their shares q in
// nats, 0 when all agree, and the consensus, the share of the most frequent answer; unreadable and failed replies are left out of both.
func (sc *scene) votes(cells, rows int) []ink.Line {
	p, t := sc.p, sc.d.Transcript
	last := t.LastRound()
	from := max(last+1-rows, 0)
	var out []ink.Line
	for r := from; r <= last; r++ {
		standing := t.Standing(r)
		tally := debate.Tally(standing, nil)
		sure := debate.Tally(standing, func(m debate.Message) float64 { return m.Confidence.Value })
		stated := debate.Tally(standing, func(m debate.Message) float64 {
			if m.Confidence.Stated {
				return 1
			}
			return 0
		})
		head := "      "
		if r == from {
			head = "votes "
		}
		leaders := debate.Leaders(tally)
		l := ink.Line{ink.Of(p.Bold, head), ink.Of(p.Dim, fmt.Sprintf("round %-2d ", r))}
		if len(tally) == 0 {
			out = append(out, append(l, ink.Of(p.Dim, "no readable answer")))
			continue
		}
		tail := fmt.Sprintf("entropy %s  consensus %s", decimals(entropy(tally)), ink.Decimal(consensus(tally)))
		switch {
		case cells >= 96:
			tail = fmt.Sprintf("entropy %s nats  consensus %s", decimals(entropy(tally)), ink.Decimal(consensus(tally)))
		case cells < 72:
			tail = fmt.Sprintf("entropy %s agree %s", decimals(entropy(tally)), ink.Decimal(consensus(tally)))
		}
		room := cells - p.Width(l) - p.Ruler.Width(tail) - 2
		answers := slices.SortedFunc(maps.Keys(tally), func(a, b debate.Answer) int {
			if tally[a] != tally[b] {
				return int(tally[b] - tally[a])
			}
			return strings.Compare(string(a), string(b))
		})
		var items []ink.Line
		width := 0
		// The first way to write them in which all fit: wide bars with weights, narrower ones, without weights, without bars.
		for _, way := range [...]struct {
			bar    int
			weight bool
		}{{8, true}, {4, true}, {2, true}, {1, true}, {1, false}, {0, false}} {
			items, width = nil, -2
			for _, a := range answers {
				var st ink.Style
				if sc.key != "" {
					_, st, _ = sc.grade(a)
				}
				item := ink.Line{ink.Of(p.Bold, p.Answer(a, 12)+" "), ink.Of(st, strings.Repeat("▇", int(tally[a])*way.bar))}
				if way.bar > 0 {
					item = append(item, ink.Of(nil, " "))
				}
				item = append(item, ink.Of(nil, fmt.Sprint(tally[a])))
				if stated[a] > 0 && way.weight {
					item = append(item, ink.Of(p.Dim, " ("+decimals(sure[a])+")"))
				}
				items = append(items, item)
				width += p.Width(item) + 2
			}
			if len(leaders) > 1 {
				items = append(items, ink.Line{ink.Of(p.Tied, "= tie")})
				width += 7
			}
			if width <= room {
				break
			}
		}
		shown := p.Join(items, "  ", room)
		if width > room { // the answers matter more
			tail = ""
			shown = p.Join(items, "  ", cells-p.Width(l))
		}
		l = append(l, shown...)
		l = append(l, ink.Of(nil, strings.Repeat(" ", max(cells-p.Width(l)-p.Ruler.Width(tail), 0))), ink.Of(p.Dim, tail))
		out = append(out, l)
	}
	if len(out) == 0 {
		out = []ink.Line{{ink.Of(p.Bold, "votes "), ink.Of(p.Dim, "none yet")}}
	}
	return out
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
