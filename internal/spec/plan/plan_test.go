package plan

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"cheaptalk/agents/human"
	"cheaptalk/agents/pace"
	"cheaptalk/debate"
	"cheaptalk/internal/realdata"
	"cheaptalk/internal/spec"
)

// server is an OpenAI-compatible server that answers the n-th request with the number n, so that no two replies are alike.
type server struct {
	*httptest.Server
	mu   sync.Mutex
	asks []request
}

// request is the body of a chat completion.
type request struct {
	Model    string `json:"model"`
	Logprobs bool   `json:"logprobs"`
	Messages []struct {
		Role    string `json:"role"`
		Content string `json:"content"`
	} `json:"messages"`
}

func serve(t *testing.T) *server {
	s := &server{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var req request
		if err := json.NewDecoder(r.Body).Decode(&req); err != nil {
			t.Error(err)
		}
		s.mu.Lock()
		s.asks = append(s.asks, req)
		n := len(s.asks)
		s.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"model":%q,"choices":[{"message":{"role":"assistant","content":"\\boxed{%d}"},"finish_reason":"stop"}]}`, req.Model, n)
	}))
	t.Cleanup(s.Close)
	return s
}

// first counts the requests of round 0, in which the agent has said nothing yet, by the question.
func (s *server) first() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	count := map[string]int{}
	for _, r := range s.asks {
		if !slices.ContainsFunc(r.Messages, func(m struct {
			Role    string `json:"role"`
			Content string `json:"content"`
		}) bool {
			return m.Role == "assistant"
		}) {
			count[r.Messages[len(r.Messages)-1].Content]++
		}
	}
	return count
}

// memory is a debate.Store that begins empty. Has reads nothing, for it is called while Put writes.
type memory map[debate.Case]*debate.Record

func (m memory) Has(debate.Case) bool         { return false }
func (m memory) Put(rec *debate.Record) error { m[rec.Case] = rec; return nil }

// built parses and builds an experiment file whose %s is the server's URL.
func built(t *testing.T, text string, s *server) *Plan {
	t.Helper()
	if s != nil {
		text = strings.ReplaceAll(text, "URL", s.URL)
	}
	parsed, err := spec.Parse("x.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	p, err := Of(parsed, Means{Getenv: getenv})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// run runs a plan and returns its records.
func run(t *testing.T, p *Plan) memory {
	t.Helper()
	m := memory{}
	if err := p.Experiment.Run(t.Context(), m, nil); err != nil {
		t.Fatal(err)
	}
	for _, rec := range m {
		if rec.Failed != "" {
			t.Fatalf("%s: %s", rec.Case, rec.Failed)
		}
	}
	return m
}

const twins = `
datasets: [sample-numbers]
models: {m: {url: URL}}
teams: {t: [m, m], alone: [m]}
arms:
  - {name: vote, team: t, protocol: independent}
  - {name: naive, team: t, protocol: naive, rounds: 1}
  - {name: self, team: t, protocol: self-revision, rounds: 1}
`

func TestArmsShareRoundZeroAndCopiesDoNot(t *testing.T) {
	s := serve(t)
	records := run(t, built(t, "limit: 3\n"+twins, s))
	first := s.first()
	if len(first) != 3 {
		t.Errorf("%d questions were asked, not 3", len(first))
	}
	for q, n := range first {
		if n != 2 {
			t.Errorf("asked %d times, not once for each of the two copies: %s", n, q)
		}
	}
	for c, rec := range records {
		vote := records[debate.Case{Arm: "vote", Item: c.Item}].Transcript.Messages
		for i := range 2 {
			if got, want := rec.Transcript.Messages[i].Answer, vote[i].Answer; got != want || got == "" {
				t.Errorf("%s: round 0 of agent %d is %q, not %q as in the other arm", c, i, got, want)
			}
		}
		if rec.Transcript.Messages[0].Answer == rec.Transcript.Messages[1].Answer {
			t.Errorf("%s: two copies share a reply", c)
		}
		if rec.Transcript.Messages[0].From != "m" || rec.Transcript.Messages[1].From != "m#2" {
			t.Errorf("%s: the team is %s, %s", c, rec.Transcript.Messages[0].From, rec.Transcript.Messages[1].From)
		}
	}
}

func TestRepeatsAreAskedAnew(t *testing.T) {
	s := serve(t)
	run(t, built(t, "limit: 2\nepochs: 3\n"+twins, s))
	for q, n := range s.first() {
		if n != 6 {
			t.Errorf("asked %d times, not 6: %s", n, q)
		}
	}
}

func TestDrawsAreAskedAnew(t *testing.T) {
	s := serve(t)
	p := built(t, "limit: 40\ndraws: 2\n"+strings.Replace(twins, "  - {name: self, team: t, protocol: self-revision, rounds: 1}\n", "", 1), s)
	run(t, p)
	draws := map[string]int{}
	for i, item := range p.Experiment.Items {
		draws[item.Question.ID]++
		if i > 0 && item.Draw < p.Experiment.Items[i-1].Draw {
			t.Errorf("question %d is of draw %d, after one of draw %d", i, item.Draw, p.Experiment.Items[i-1].Draw)
		}
	}
	var want, got []int
	for _, n := range draws {
		want = append(want, 2*n)
	}
	for _, n := range s.first() {
		got = append(got, n)
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) || !slices.Contains(want, 4) {
		t.Errorf("asked %v times, not %v", got, want)
	}
}

// Models may be entered twice, with limits or a name of their own: on the wire they ask the same.
func TestASeedThatMakesRepliesAlikeIsNoted(t *testing.T) {
	for _, c := range []struct {
		name, models, rest string
		want               int // notes
	}{
		{"copies", "m: {url: URL, seed: 7}", "teams: {t: [m, m]}\narms: [{protocol: independent}]", 1},
		{"entries of one model", "a: {url: URL, model: m, seed: 7}, b: {url: URL, model: m, seed: 7}", "teams: {t: [a, b]}\narms: [{protocol: independent}]", 2},
		{"samples", "m: {url: URL, seed: 7}", "teams: {t: [m]}\narms: [{protocol: independent, samples: 3}]", 1},
		{"repeats", "m: {url: URL, seed: 7}", "epochs: 2\nteams: {t: [m]}\narms: [{protocol: independent}]", 1},
		{"seeds of their own", "a: {url: URL, model: m, seed: 7}, b: {url: URL, model: m, seed: 8}", "teams: {t: [a, b]}\narms: [{protocol: independent}]", 0},
		{"no seed", "m: {url: URL}", "epochs: 2\nteams: {t: [m, m]}\narms: [{protocol: independent}]", 0},
	} {
		p := built(t, "datasets: [{name: sample-numbers, limit: 2}]\nmodels: {"+c.models+"}\n"+c.rest, serve(t))
		if len(p.Notes) != c.want || c.want > 0 && !strings.Contains(p.Notes[0], "always sent the seed 7") {
			t.Errorf("%s: notes %q, want %d", c.name, p.Notes, c.want)
		}
	}
}

func TestEntriesOfOneModelAreCopiesOfIt(t *testing.T) {
	s := serve(t)
	records := run(t, built(t, `
datasets: [{name: sample-numbers, limit: 2}]
models:
  a: {url: URL, model: x}
  b: {url: URL/, model: x, max_connections: 1}
  hot: {url: URL, model: x, temperature: 1}
teams: {t: [a, b, hot, a], other: [b, a]}
arms:
  - {name: t, team: t, protocol: independent}
  - {name: other, team: other, protocol: independent}
`, s))
	for q, n := range s.first() {
		if n != 4 {
			t.Errorf("asked %d times, not 4: %s", n, q)
		}
	}
	for c, rec := range records {
		seen := map[debate.Answer]bool{}
		for _, m := range rec.Transcript.Messages {
			seen[m.Answer] = true
		}
		if len(seen) != len(rec.Transcript.Messages) {
			t.Errorf("%s: of %d replies %d are their own", c, len(rec.Transcript.Messages), len(seen))
		}
	}
}

// TestSamplesGoRoundTheTeam also holds that the first copies share their replies with a debate.
func TestSamplesGoRoundTheTeam(t *testing.T) {
	s := serve(t)
	p := built(t, `
datasets: [{name: sample-numbers, limit: 1}]
models: {a: {url: URL}, b: {url: URL}}
teams: {t: [a, {agent: b, name: bob}]}
arms:
  - {name: naive, protocol: naive, rounds: 1}
  - {name: five, protocol: independent, samples: 5}
`, s)
	item := p.Experiment.Items[0]
	var labels []string
	for _, a := range p.Experiment.Arms[1].Team(item, 1) {
		labels = append(labels, a.Name())
	}
	if got := strings.Join(labels, " "); got != "a bob a#2 bob#2 a#3" {
		t.Errorf("the team is %s", got)
	}
	run(t, p)
	if n := len(s.first()); n != 1 {
		t.Fatalf("%d questions", n)
	}
	for _, n := range s.first() {
		if n != 5 {
			t.Errorf("asked %d times, not 5", n)
		}
	}
}

func TestTheWireIsToldTheModelsNameThere(t *testing.T) {
	s := serve(t)
	run(t, built(t, `
datasets: [{name: sample-numbers, limit: 1}]
models: {short: {url: URL, model: org/long-name}}
teams: {t: [{agent: short, system: Be brief.}]}
arms: [{protocol: independent}]
`, s))
	if r := s.asks[0]; r.Model != "org/long-name" || r.Messages[0].Role != "system" || r.Messages[0].Content != "Be brief." {
		t.Errorf("sent %+v", r)
	}
}

func TestWorkedExamplesReachThePrompt(t *testing.T) {
	t.Setenv("CHEAPTALK_DATA", realdata.Path(t))
	s := serve(t)
	run(t, built(t, `
num_fewshot: 3
datasets: [{name: gsm8k, limit: 1}]
models: {m: {url: URL}}
teams: {t: [m]}
arms: [{protocol: independent}]
`, s))
	var roles []string
	for _, m := range s.asks[0].Messages {
		roles = append(roles, m.Role)
		if m.Role == "assistant" && !strings.Contains(m.Content, `\boxed{`) {
			t.Errorf("an example shows no answer: %s", m.Content)
		}
	}
	if got := strings.TrimPrefix(strings.Join(roles, " "), "system "); got != "user assistant user assistant user assistant user" {
		t.Errorf("sent %s", got)
	}
}

func TestDataSetsHaveWorkedExamplesOfTheirOwn(t *testing.T) {
	t.Setenv("CHEAPTALK_DATA", realdata.Path(t))
	s := serve(t)
	run(t, built(t, `
workers: 1
datasets: [{name: gsm8k, limit: 1, num_fewshot: 2}, {name: csqa, limit: 1}]
models: {m: {url: URL}}
teams: {t: [{agent: m, system: Be brief.}]}
arms: [{protocol: independent}]
`, s))
	var sent []int
	for _, ask := range s.asks {
		sent = append(sent, len(ask.Messages))
	}
	if !slices.Equal(sent, []int{6, 2}) {
		t.Errorf("sent %v messages: gsm8k has two examples of two messages each, csqa none", sent)
	}
}

func TestPrimaryJudgesComeFirst(t *testing.T) {
	s, err := spec.Sampler()
	if err != nil {
		t.Fatal(err)
	}
	p, err := Of(s, Means{Getenv: getenv})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"independent": "plurality", "self-consistency": "plurality", "self-revision": "plurality", "naive": "plurality",
		"confidence": "confidence-weighted", "penalized": "trajectory",
	}
	for _, a := range p.Experiment.Arms {
		judges := a.Judges(p.Experiment.Items[0], 1)
		if len(judges) != 5 || judges[0].Name() != want[a.Name] {
			t.Errorf("%s: %d judges, the first %s", a.Name, len(judges), judges[0].Name())
		}
	}
	if !p.Simulated || p.Debates() != len(p.Experiment.Items)*6 {
		t.Errorf("simulated %v, %d debates", p.Simulated, p.Debates())
	}
}

func TestAJudgeMayHaveANameOfItsOwn(t *testing.T) {
	p := built(t, `
datasets: [sample-numbers]
teams: {t: [sim:mistral-7b, sim:mistral-7b]}
judges: [plurality, {judge: plurality, name: to the first, ties: first}]
arms: [{protocol: naive, primary: to the first}]
`, nil)
	judges := p.Experiment.Arms[0].Judges(p.Experiment.Items[0], 1)
	tied := &debate.Transcript{Question: debate.Question{ID: "x/1", Kind: debate.Number}, Agents: []string{"a", "b"}}
	for i, a := range []debate.Answer{"2", "1"} {
		tied.Messages = append(tied.Messages, debate.Message{Seq: i, From: tied.Agents[i], Reply: debate.Reply{Answer: a}})
	}
	v, err := judges[0].Decide(t.Context(), tied, func(string) {})
	if err != nil || judges[0].Name() != "to the first" || v.Answer != "2" || judges[1].Name() != "plurality" {
		t.Errorf("%s and %s; decided %+v, %v", judges[0].Name(), judges[1].Name(), v, err)
	}
}

// TestModelsThatNobodyAsksNeedNoKey has models without a key in a team and a judge that are or are not part of an arm.
func TestModelsThatNobodyAsksNeedNoKey(t *testing.T) {
	const text = `
datasets: [sample-numbers]
models: {paid: {key: "${UNSET}"}, free: {url: "http://127.0.0.1:1/v1"}}
teams: {paid: [paid], free: [free]}
judges: [plurality, {judge: AggLM, agent: JUDGE}]
arms: [{protocol: self-revision, team: TEAM}]
`
	for _, c := range []struct {
		team, judge string
		ok          bool
	}{{"free", "free", true}, {"free", "sim:aggregator", true}, {"paid", "free", false}, {"free", "paid", false}} {
		s, err := spec.Parse("", []byte(strings.NewReplacer("TEAM", c.team, "JUDGE", c.judge).Replace(text)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Of(s, Means{Getenv: getenv}); (err == nil) != c.ok || err != nil && !strings.Contains(err.Error(), `model "paid": no key`) {
			t.Errorf("%s judged by %s: %v", c.team, c.judge, err)
		}
		if _, err := Judges(s, Means{Getenv: getenv}); (err == nil) != (c.judge != "paid") {
			t.Errorf("the judge %s alone: %v", c.judge, err)
		}
	}
}

// TestARunIsSimulatedWhenAllIsAndAnArmWhenSomeAgentIs is not about models that no arm uses.
func TestARunIsSimulatedWhenAllIsAndAnArmWhenSomeAgentIs(t *testing.T) {
	const text = `
datasets: [sample-numbers]
models: {m: {url: "http://127.0.0.1:1/v1"}}
teams: {real: [m, sim:mistral-7b], sim: [sim:mistral-7b]}
judges: [plurality, {judge: AggLM, agent: JUDGE}]
arms: [{protocol: self-revision, team: TEAM}]
`
	for _, c := range []struct {
		team, judge string
		run, arm    bool
	}{{"sim", "sim:aggregator", true, true}, {"sim", "m", false, true}, {"real", "sim:aggregator", false, true}} {
		p := built(t, strings.NewReplacer("TEAM", c.team, "JUDGE", c.judge).Replace(text), nil)
		if p.Simulated != c.run || p.Experiment.Arms[0].Simulated != c.arm {
			t.Errorf("%s judged by %s: run %v, arm %v", c.team, c.judge, p.Simulated, p.Experiment.Arms[0].Simulated)
		}
	}
}

func TestJudgesOfAnUnknownArmAreNone(t *testing.T) {
	s, err := spec.Sampler()
	if err != nil {
		t.Fatal(err)
	}
	factory, err := Judges(s, Means{Getenv: getenv})
	if err != nil {
		t.Fatal(err)
	}
	if known, unknown := factory("naive", debate.Item{}, 1), factory("none", debate.Item{}, 1); len(known) != 5 || unknown != nil {
		t.Errorf("%d judges and %d", len(known), len(unknown))
	}
}

func TestItemsMayStandForDataSets(t *testing.T) {
	s := &spec.Spec{Teams: map[string][]spec.Member{"t": {{Agent: "sim:mistral-7b"}}}, Arms: []spec.Arm{{Protocol: "self-revision"}}}
	item := debate.Item{Question: debate.Question{ID: "ask/1", Text: "1+1?", Kind: debate.Number}, Key: "2"}
	p, err := ForItems(s, []debate.Item{item}, Means{Getenv: getenv})
	if err != nil {
		t.Fatal(err)
	}
	if records := run(t, p); len(records) != 1 {
		t.Errorf("%d records", len(records))
	}
}

func TestRecordedDebatesAreBuiltAndSkippedRowsNoted(t *testing.T) {
	s, err := spec.Load("../../../examples/recorded-mini.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, err := Of(s, Means{Getenv: getenv})
	if err != nil {
		t.Fatal(err)
	}
	if records := run(t, p); len(records) != 12 || p.Simulated {
		t.Errorf("%d records, simulated %v", len(records), p.Simulated)
	}
}

// TestLimitsReachTheModel has a server that never answers.
func TestLimitsReachTheModel(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}))
	defer s.Close()
	p := built(t, strings.ReplaceAll(`
datasets: [{name: sample-numbers, limit: 1}]
models: {m: {url: URL, attempt_timeout: 50ms, max_retries: 1, max_connections: 1, requests_per_minute: 6000, tokens_per_minute: 600000}}
teams: {t: [m]}
arms: [{protocol: independent}]
`, "URL", s.URL), nil)
	m := memory{}
	if err := p.Experiment.Run(t.Context(), m, nil); err != nil {
		t.Fatal(err)
	}
	for _, rec := range m {
		if want := `after 2 attempts: model "m": no answer in time (50ms): raise its attempt_timeout`; !strings.Contains(rec.Failed, want) {
			t.Errorf("%s, want %s", rec.Failed, want)
		}
	}
	want := pace.Limits{RequestsPerMinute: 1, TokensPerMinute: 2, MaxConnections: 3, MaxRetries: new(int), AttemptTimeout: 5, CallTimeout: 6}
	model := spec.Model{RequestsPerMinute: 1, TokensPerMinute: 2, MaxConnections: 3, MaxRetries: want.MaxRetries, AttemptTimeout: 5, Timeout: 6}
	if got := model.Limits(); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// TestAnAbsoluteSpecDoesNotDependOnAFolder is what a resumed run relies on.
func TestConfidenceIsOfTheTeamAndNotOfJudges(t *testing.T) {
	s := serve(t)
	p := built(t, `
datasets: [{name: sample-numbers, limit: 1}]
confidence: [samples, logprob]
confidence_samples: 2
models: {m: {url: URL}}
teams: {t: [m]}
judges: [plurality, {judge: AggLM, agent: m}]
arms: [{name: vote, protocol: independent}]
`, s)
	for _, rec := range run(t, p) {
		m := rec.Transcript.Messages[0]
		// Each request is answered by a number of its own, so no sample agrees; and the server gives no log-probabilities.
		if want := (debate.Sources{Samples: debate.Sure(0)}); m.Sources != want || m.Confidence != debate.Sure(0) || m.Usage.Calls != 3 {
			t.Errorf("sources %+v, confidence %v, %d calls", m.Sources, m.Confidence, m.Usage.Calls)
		}
	}
	logprobs := 0
	for _, ask := range s.asks {
		if ask.Logprobs {
			logprobs++
		}
	}
	if len(s.asks) != 4 || logprobs != 1 {
		t.Errorf("%d requests, %d for log-probabilities; want the reply, two samples and the judge, and 1", len(s.asks), logprobs)
	}
}

func TestAnArmMayDropWhatWasHeardLongestAgo(t *testing.T) {
	p := &spec.Spec{Context: "drop-oldest"}
	for context, want := range map[string]bool{"": true, "drop-oldest": true, "refuse": false} {
		if got := p.DropsOldest(spec.Arm{Context: context}); got != want {
			t.Errorf("%q: %t", context, got)
		}
	}
	full := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if strings.Count(string(body), "```") > 2 { // more than one peer
			w.WriteHeader(http.StatusBadRequest)
			io.WriteString(w, `{"error":{"message":"the prompt is too long","code":"context_length_exceeded"}}`)
			return
		}
		io.WriteString(w, `{"choices":[{"message":{"role":"assistant","content":"\\boxed{1}"},"finish_reason":"stop"}]}`)
	}))
	t.Cleanup(full.Close)
	plan := built(t, strings.ReplaceAll(`
datasets: [{name: sample-numbers, limit: 1}]
models: {m: {url: URL}}
teams: {t: [m, m, m]}
arms:
  - {name: cut, protocol: naive, rounds: 1, context: drop-oldest}
`, "URL", full.URL), nil)
	for _, rec := range run(t, plan) {
		for _, m := range rec.Transcript.Messages {
			if want := m.Round; len(m.Unshown) != want || len(m.Heard) != 2*want {
				t.Errorf("round %d: heard %v, not shown %v", m.Round, m.Heard, m.Unshown)
			}
		}
	}
}

func TestAnAbsoluteSpecDoesNotDependOnAFolder(t *testing.T) {
	s, err := spec.Load("../../../examples/recorded-mini.yaml")
	if err != nil {
		t.Fatal(err)
	}
	here, err := Of(s, Means{Getenv: getenv})
	if err != nil {
		t.Fatal(err)
	}
	text := s.Absolute().String()
	if strings.HasPrefix(s.Datasets[0].Recording, "/") {
		t.Errorf("Absolute changed its spec: %s", s.Datasets[0].Recording)
	}
	t.Chdir(t.TempDir())
	elsewhere, err := spec.Parse("", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	there, err := Of(elsewhere, Means{Getenv: getenv})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(there.Experiment.Items, here.Experiment.Items) || len(there.Experiment.Items) != 12 {
		t.Errorf("%d questions there, %d here", len(there.Experiment.Items), len(here.Experiment.Items))
	}
}

// TestAPersonPlaysOneDebateAtATime makes plans of a team with a person, with and without a desk to ask them at.
func TestAPersonPlaysOneDebateAtATime(t *testing.T) {
	s := &spec.Spec{Name: "played", Seed: 1, Workers: 8, Datasets: []spec.Dataset{{Name: "sample-choices"}},
		Teams: map[string][]spec.Member{"t": {{Agent: spec.Human, Name: "you"}, {Agent: "sim:mistral-7b"}}},
		Arms:  []spec.Arm{{Protocol: spec.ProtocolNaive}}}
	if _, err := Of(s, Means{}); err == nil || !strings.Contains(err.Error(), "only in a terminal") {
		t.Errorf("without a desk: %v", err)
	}
	p, err := Of(s, Means{Person: human.NewDesk()})
	if err != nil {
		t.Fatal(err)
	}
	x := &p.Experiment
	if team := x.Arms[0].Team(x.Items[0], 1); x.Workers != 1 || p.Simulated || !x.Arms[0].Simulated || team[0].Name() != "you" {
		t.Errorf("%d workers, simulated %v, team of %s", x.Workers, p.Simulated, team[0].Name())
	}
}
