package mockllm

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"cheaptalk/internal/mockllm/chat"
)

func TestLatenciesHaveTheirDistribution(t *testing.T) {
	const n = 20000
	draw := func(text string) []float64 {
		t.Helper()
		latency, err := ParseLatency(text)
		if err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(1, 2))
		ms := make([]float64, n)
		for i := range ms {
			ms[i] = float64(latency(r)) / float64(time.Millisecond)
		}
		slices.Sort(ms)
		return ms
	}
	mean := func(x []float64) float64 {
		sum := 0.
		for _, v := range x {
			sum += v
		}
		return sum / n
	}
	near := func(name string, got, want, standardError float64) {
		t.Helper()
		if math.Abs(got-want) > 4*standardError {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	root := math.Sqrt(n)
	if x := draw("50ms"); x[0] != 50 || x[n-1] != 50 {
		t.Errorf("fixed: %v to %v", x[0], x[n-1])
	}
	x := draw("uniform:10ms-90ms")
	near("uniform, mean", mean(x), 50, 80/math.Sqrt(12)/root)
	if x[0] < 10 || x[n-1] > 90 {
		t.Errorf("uniform: %v to %v", x[0], x[n-1])
	}
	x = draw("exp:50ms")
	near("exponential, mean", mean(x), 50, 50/root)
	near("exponential, median", x[n/2], 50*math.Ln2, 50/root) // density 1/100 there, so 50/sqrt(n)
	x = draw("lognormal:50ms,0.5")
	near("lognormal, median", x[n/2], 50, 50*.5*math.Sqrt(math.Pi/2)/root)
	near("lognormal, mean", mean(x), 50*math.Exp(.125), 50*math.Exp(.125)*math.Sqrt(math.Exp(.25)-1)/root)
}

func TestLatencyIsThatOfTheRequest(t *testing.T) {
	took := func(seed uint64) (all []time.Duration) {
		bubble(t, Config{Seed: seed, Latency: Exponential(time.Second)}, func(_ *Server, ask func(string) (int, http.Header, error)) {
			for _, i := range []int{1, 2, 1} {
				began := time.Now()
				ask(numbered(i))
				all = append(all, time.Since(began))
			}
		})
		return all
	}
	one, two := took(1), took(2)
	if one[0] != one[2] || one[0] == one[1] || one[0] == two[0] || !slices.Equal(one, took(1)) {
		t.Errorf("%v %v", one, two)
	}
}

func TestLatenciesThatCannotBeRead(t *testing.T) {
	if latency, err := ParseLatency(""); latency != nil || err != nil {
		t.Error(err)
	}
	for _, text := range []string{"50", "-50ms", "soon:50ms", "uniform:50ms", "uniform:90ms-10ms", "uniform:10ms-", "exp:", "exp:10ms,2", "lognormal:50ms", "lognormal:50ms,-1", "lognormal:50ms,NaN", "lognormal:50ms,inf", "9999h", ":50ms"} {
		if _, err := ParseLatency(text); err == nil || !strings.Contains(err.Error(), "is not of the form 50ms") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// The rate of each fault is what it is set to, within four standard errors of 20,000 draws.
func TestFaultsHaveTheirRates(t *testing.T) {
	const n = 20000
	c := Config{Faults: map[Fault]float64{RateLimited: .05, Hang: .01, Huge: .2}}
	counts := map[Fault]int{}
	for i := range n {
		counts[c.draw(&chat.Request{Seed: hash(1, fmt.Sprint(i/4)), Seen: i % 4})]++
	}
	for _, fault := range append(Faults(), "") {
		p := c.Faults[fault]
		if fault == "" {
			p = .74
		}
		if got := float64(counts[fault]) / n; math.Abs(got-p) > 4*math.Sqrt(p*(1-p)/n) {
			t.Errorf("%q: %v, want %v", fault, got, p)
		}
	}
	c = Config{Faults: map[Fault]float64{Hang: .5, Huge: .5}}
	for i := range n {
		if got := c.draw(&chat.Request{Seed: uint64(i)}); got != Hang && got != Huge {
			t.Fatalf("rates that sum to 1 leave %q", got)
		}
	}
}
