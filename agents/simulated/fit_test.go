package simulated

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"cheaptalk/debate"
)

// The fit. It is not part of the ordinary tests (it takes minutes): CHEAPTALK_FIT=1 go test -run TestFit -v -timeout 1h.
//
// It minimises, over the rows of the table that are not held out, the squared errors in units of the published standard errors
// of the vote before, the vote after and the difference; plus the squared errors of the harmful revision rates that can be
// read off figure 4 of the paper by eye (anchors); plus a penalty that keeps each parameter near its starting value unless the
// data speak against it. Chance is fixed, so the loss is a function of the parameters alone.

const (
	fitDebates = 3000 // that a row is simulated with during the fit
	fitStarts  = 6    // of the search; the loss has local minima
)

// knob is one parameter of the fit: its starting value and the distance from it that costs one unit.
type knob struct {
	name      string
	start, sd float64
}

// knobs returns the parameters of the fit in the order in which assemble reads them.
func knobs() []knob {
	ks := []knob{{name: "concentration choice (logit)", start: 0.5, sd: 1}, {name: "concentration number (logit)", start: -2.5, sd: 1}}
	for _, s := range sets {
		ks = append(ks, knob{name: "consistency " + s + " (logit)", start: 0.5, sd: 1})
	}
	ks = append(ks, knob{name: "consistency gpt-4o-mini (logit)", sd: 2}, knob{name: "consistency mistral-7b (logit)", sd: 1},
		knob{name: "pull choice", sd: 0.5}, knob{name: "pull number", sd: 0.5})
	for _, m := range []string{"gpt-4o-mini", "llama-3.1-8b", "mistral-7b"} {
		ks = append(ks, knob{name: m + " own", start: 1.5, sd: 1}, knob{name: m + " peer", start: 1, sd: 0.7},
			knob{name: m + " redraw (logit)", start: -1.4, sd: 0.5},
			knob{name: m + " loss choice", start: 0.2, sd: 0.3}, knob{name: m + " loss number", start: 0.2, sd: 0.3})
	}
	return ks
}

// assemble returns the presets with the parameters x in the order of knobs.
func assemble(x []float64) []Profile {
	logistic := func(v float64) float64 { return 1 / (1 + math.Exp(-v)) }
	ps := Profiles()
	for i := range ps {
		p, own := &ps[i], x[9+5*i:]
		p.OwnWeight, p.PeerWeight, p.Redraw = own[0], own[1], logistic(own[2])
		for k, s := range sets {
			kind := 0
			if s == "gsm8k" {
				kind = 1
			}
			a := p.Abilities[s]
			a.Concentration = logistic(x[kind])
			a.Consistency = logistic(x[2+k] + [...]float64{x[5], 0, x[6]}[i])
			a.Pull, a.Loss = x[7+kind], own[3+kind]
			p.Abilities[s] = a
		}
	}
	return ps
}

// anchor is P(C->I) of a homogeneous group by the number of agreeing peers: by eye from figure 4 of Wynn et al. 2025.
type anchor struct {
	set, model   string
	agreeing     int
	rate, around float64
}

var anchors = []anchor{
	{"gsm8k", "llama-3.1-8b", 0, 0.31, 0.06}, {"gsm8k", "llama-3.1-8b", 1, 0.15, 0.05},
	{"gsm8k", "gpt-4o-mini", 0, 0.08, 0.05}, {"gsm8k", "mistral-7b", 0, 0.08, 0.05},
	{"csqa", "gpt-4o-mini", 0, 0.20, 0.05}, {"csqa", "gpt-4o-mini", 2, 0.03, 0.015},
	{"csqa", "llama-3.1-8b", 0, 0.20, 0.05}, {"csqa", "llama-3.1-8b", 2, 0.03, 0.015},
	{"csqa", "mistral-7b", 0, 0.20, 0.05}, {"csqa", "mistral-7b", 2, 0.03, 0.015},
}

// bench holds what stays the same while parameters move: the questions and the luck.
type bench struct {
	puzzles map[string][]puzzle
	luck    [fitDebates][3][3]luck // debate, agent, round
	memo    map[rowKey]outcome     // most steps of the search leave most rows as they were
}

// rowKey is all that the outcome of a row depends on.
type rowKey struct {
	set  string
	team [3]struct {
		name              string
		ability           Ability
		own, peer, redraw float64
	}
}

func newBench() *bench {
	b := &bench{puzzles: map[string][]puzzle{}, memo: map[rowKey]outcome{}}
	for _, s := range sets {
		for i, item := range makeItems(s, fitDebates) {
			z := newPuzzle(item)
			z.difficulty = probit((float64(i) + 0.5) / fitDebates)
			b.puzzles[s] = append(b.puzzles[s], z)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range b.luck {
		for j := range b.luck[i] {
			for k := range b.luck[i][j] {
				b.luck[i][j][k] = roll(r)
			}
		}
	}
	return b
}

// outcome is what a row came to in the simulation: accuracies in percent and, by agreeing peers, harmful revisions.
type outcome struct {
	before, after float64
	harmful       [3]debate.Share
}

// hold debates a row without a room: same minds, same equations, no goroutines.
func (b *bench) hold(ps []Profile, row published) (out outcome) {
	key := rowKey{set: row.set}
	var team [3]*Profile
	for j, name := range row.team {
		for i := range ps {
			if p := &ps[i]; p.Name == name {
				team[j] = p
				k := &key.team[j]
				k.name, k.ability, k.own, k.peer, k.redraw = name, p.Abilities[row.set], p.OwnWeight, p.PeerWeight, p.Redraw
			}
		}
	}
	if out, ok := b.memo[key]; ok {
		return out
	}
	say := func(m *mind, turn *debate.Turn, own debate.Answer, l luck) debate.Answer {
		if l.lost < m.Unreadable {
			return ""
		}
		return m.answer(turn, own, l)
	}
	var before, after debate.Share
	said, heard := make([]debate.Message, 1), make([]debate.Message, 2)
	for i := range b.puzzles[row.set] {
		z := &b.puzzles[row.set][i]
		var minds [3]mind
		var answers [3]debate.Answer
		for j := range minds {
			if j > 0 && team[j] == team[j-1] {
				minds[j] = minds[j-1]
			} else {
				minds[j] = newMind(team[j], *z)
			}
			answers[j] = say(&minds[j], &debate.Turn{}, "", b.luck[i][j][0])
		}
		before = before.Plus(won(answers, z.key))
		for round := 1; round <= 2; round++ {
			var next [3]debate.Answer
			for j := range minds {
				heard[0].Answer, heard[1].Answer = answers[(j+1)%3], answers[(j+2)%3]
				turn := debate.Turn{Round: round, Brief: debate.Brief{Task: debate.Revise}, Own: said, Heard: heard}
				next[j] = say(&minds[j], &turn, answers[j], b.luck[i][j][round])
				if answers[j] == z.key {
					agreeing := 0
					for _, h := range heard {
						if h.Answer == answers[j] {
							agreeing++
						}
					}
					out.harmful[agreeing].N++
					if next[j] != z.key {
						out.harmful[agreeing].K++
					}
				}
			}
			answers = next
		}
		after = after.Plus(won(answers, z.key))
	}
	out.before, out.after = 100*before.Rate(), 100*after.Rate()
	b.memo[key] = out
	return out
}

// won counts a vote of three, ties to the first listed.
func won(a [3]debate.Answer, key debate.Answer) debate.Share {
	winner := a[0]
	if a[1] != "" && (a[1] == a[2] || winner == "") {
		winner = a[1]
	}
	if winner == "" {
		winner = a[2]
	}
	if winner == key {
		return debate.Share{K: 1, N: 1}
	}
	return debate.Share{N: 1}
}

// loss is what the fit minimises.
func (b *bench) loss(ks []knob, x []float64, rows []published) float64 {
	sum, ps := 0.0, assemble(x)
	add := func(d float64) { sum += d * d }
	for _, row := range rows {
		o := b.hold(ps, row)
		add((o.before - row.before) / row.beforeSE)
		add((o.after - row.after) / row.afterSE)
		add((o.after - o.before - row.after + row.before) / math.Hypot(row.beforeSE, row.afterSE))
		for _, an := range anchors {
			if an.set == row.set && row.group == "3x"+an.model {
				add((o.harmful[an.agreeing].Rate() - an.rate) / an.around)
			}
		}
	}
	for i := range x {
		add((x[i] - ks[i].start) / ks[i].sd)
	}
	return sum
}

// fit searches from x along one parameter at a time, with steps that grow on success and halve when none succeeds.
func (b *bench) fit(ks []knob, x []float64, rows []published) []float64 {
	x = append([]float64(nil), x...)
	step := make([]float64, len(x))
	for i := range step {
		step[i] = ks[i].sd / 2
	}
	best := b.loss(ks, x, rows)
	for widest := 1.0; widest > 0.01; {
		moved := false
		widest = 0
		for i := range x {
			widest = max(widest, math.Abs(step[i]))
			for _, s := range []float64{step[i], -step[i]} {
				at := x[i]
				x[i] = at + s
				if l := b.loss(ks, x, rows); l < best-1e-6 {
					best, moved, step[i] = l, true, 1.3*s
					break
				}
				x[i] = at
			}
		}
		clear(b.memo)
		if !moved {
			for i := range step {
				step[i] /= 2
			}
		}
	}
	return x
}

// TestFit refits the presets, prints them, and predicts each group from the four others.
func TestFit(t *testing.T) {
	if os.Getenv("CHEAPTALK_FIT") == "" {
		t.Skip("set CHEAPTALK_FIT=1 to refit the presets, which takes minutes")
	}
	_, rows := readTable(t)
	b, ks := newBench(), knobs()
	var x []float64
	r := rand.New(rand.NewPCG(3, 4))
	for start := range fitStarts {
		from := make([]float64, len(ks))
		for i, k := range ks {
			from[i] = k.start
			if start > 0 {
				from[i] += k.sd * r.NormFloat64()
			}
		}
		from = b.fit(ks, from, rows)
		t.Logf("start %d: loss %.1f", start, b.loss(ks, from, rows))
		if x == nil || b.loss(ks, from, rows) < b.loss(ks, x, rows) {
			x = from
		}
	}
	for i, k := range ks {
		t.Logf("%-32s %6.2f (from %.2f)", k.name, x[i], k.start)
	}
	for _, p := range assemble(x) {
		t.Logf("%s own %.2f peer %.2f redraw %.3f", p.Name, p.OwnWeight, p.PeerWeight, p.Redraw)
		for _, s := range sets {
			t.Logf("  %-5s %+.3f", s, p.Abilities[s])
		}
	}
	report := func(what string, ps []Profile, rows []published) (squares [2]float64) {
		for _, row := range rows {
			o := b.hold(ps, row)
			t.Logf("%-8s %-5s %-32s before %.1f (%.1f, z %+.1f) after %.1f (%.1f, z %+.1f) harmful %.2f %.2f %.2f", what, row.set, row.group,
				o.before, row.before, (o.before-row.before)/row.beforeSE, o.after, row.after, (o.after-row.after)/row.afterSE,
				o.harmful[0].Rate(), o.harmful[1].Rate(), o.harmful[2].Rate())
			squares[0] += (o.before - row.before) * (o.before - row.before)
			squares[1] += (o.after - row.after) * (o.after - row.after)
		}
		return squares
	}
	rms := func(s [2]float64) string {
		return fmt.Sprintf("rms before %.2f after %.2f points", math.Sqrt(s[0]/15), math.Sqrt(s[1]/15))
	}
	t.Log("fitted: ", rms(report("fitted", assemble(x), rows)))
	var left [2]float64
	for _, group := range groups(rows) {
		var train, test []published
		for _, row := range rows {
			if row.group == group {
				test = append(test, row)
			} else {
				train = append(train, row)
			}
		}
		s := report("left out", assemble(b.fit(ks, x, train)), test)
		left[0], left[1] = left[0]+s[0], left[1]+s[1]
	}
	t.Log("leave one group out: ", rms(left))
}

// groups lists the groups of the rows, each once.
func groups(rows []published) (names []string) {
	seen := ""
	for _, row := range rows {
		if !strings.Contains(seen, "|"+row.group+"|") {
			seen += "|" + row.group + "|"
			names = append(names, row.group)
		}
	}
	return names
}
