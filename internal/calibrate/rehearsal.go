package calibrate

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"sync"

	"cheaptalk/agents/simulated"
	"cheaptalk/internal/calibrate/figures"
	"cheaptalk/internal/calibrate/moments"
	"cheaptalk/internal/calibrate/stage"
)

// rehearsal is a bench that remembers what it held: most steps of a search leave most groups as they were.
type rehearsal struct {
	*stage.Bench
	memo map[string]stage.Outcome
}

// cast is a group of a table with the knobs that have a say in its debates.
type cast struct {
	task    string
	choices int
	team    []int // of the profiles
	knobs   []int
}

func newCast(row figures.Row, index map[string]int, knobs []moments.Knob) cast {
	c := cast{task: row.Task, choices: row.Choices}
	for _, model := range row.Team {
		c.team = append(c.team, index[model])
	}
	for i, k := range knobs {
		if touches(k, c.task, c.team) {
			c.knobs = append(c.knobs, i)
		}
	}
	return c
}

func (c cast) key(x []float64) string {
	b := append([]byte(c.task), 0)
	for _, p := range c.team {
		b = append(b, byte(p))
	}
	for _, i := range c.knobs {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x[i]))
	}
	return string(b)
}

// memory is how many outcomes are remembered; it is far above those of one Jacobian.
const memory = 10000

// all holds the debates of all groups, each in a goroutine of its own. It is not safe for concurrent use.
func (r *rehearsal) all(casts []cast, x []float64, ps []simulated.Profile) []stage.Outcome {
	if len(r.memo) > memory {
		clear(r.memo)
	}
	out := make([]stage.Outcome, len(casts))
	keys := make([]string, len(casts))
	var wg sync.WaitGroup
	for i, c := range casts {
		keys[i] = c.key(x)
		if o, ok := r.memo[keys[i]]; ok {
			out[i] = o
			continue
		}
		if slices.Contains(keys[:i], keys[i]) {
			continue
		}
		wg.Go(func() {
			team := make([]*simulated.Profile, len(c.team))
			for j, p := range c.team {
				team[j] = &ps[p]
			}
			out[i] = r.Hold(c.task, c.choices, team)
		})
	}
	wg.Wait()
	for i, k := range keys {
		if o, ok := r.memo[k]; ok {
			out[i] = o
		} else {
			r.memo[k] = out[i]
		}
	}
	return out
}

// touches reports whether a knob has a say in debates of that task between these profiles.
func touches(k moments.Knob, task string, team []int) bool {
	for _, at := range k.At {
		if i := strings.LastIndexByte(at.Parameter.Name, '.'); i >= 0 && at.Parameter.Name[:i] != task {
			continue
		}
		for _, p := range team {
			if p == at.Profile {
				return true
			}
		}
	}
	return false
}
