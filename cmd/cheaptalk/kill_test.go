package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"testing"
	"time"

	"cheaptalk/debate"
	"cheaptalk/internal/cache"
	"cheaptalk/internal/mockllm"
	"cheaptalk/internal/mockllm/chat"
	"cheaptalk/internal/store"
)

// TestAKilledRunLosesNothing kills the real command at random moments, starts it again by the same command line until it is done, and
// holds it against a run that was left alone: no record lost or doubled, no call whose reply was committed sent again, the
// same report byte for byte. KILLS is the number of kills, 10 by default; `make kill` makes 100.
func TestAKilledRunLosesNothing(t *testing.T) {
	kills := 10
	if s := os.Getenv("KILLS"); s != "" {
		var err error
		if kills, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	const arms, agents, rounds = 2, 3, 3 // of which round 0 is one
	questions := 4 * kills               // so that the run is not over before the last of them, however fast the machine
	quiet := newHarness(t, questions)
	quiet.run(t, nil)
	want := quiet.report(t)
	calls := questions * agents * (1 + arms*(rounds-1)) // both arms have one round 0
	if asked := quiet.server.Stats().Requests; asked != calls {
		t.Errorf("the run that was left alone made %d calls, not %d", asked, calls)
	}

	h := newHarness(t, questions)
	rng := rand.New(rand.NewPCG(1, uint64(kills)))
	before := 0
	for n := range kills {
		h.recall(t)
		kill := moment{requests: 1 + rng.IntN(calls/kills/2), wait: time.Duration(rng.IntN(10)) * time.Millisecond}
		if n%5 == 0 { // while it starts
			kill.latest = time.Duration(1+rng.IntN(200)) * time.Millisecond
		}
		if h.run(t, &kill) {
			t.Fatalf("the run came to its end before kill %d", n+1)
		}
		recorded := h.records(t)
		if recorded < before {
			t.Fatalf("kill %d: %d records, before it %d", n+1, recorded, before)
		}
		before = recorded
	}
	h.recall(t)
	h.run(t, nil)

	if got := h.records(t); got != questions*arms {
		t.Errorf("%d records, want %d", got, questions*arms)
	}
	if got := h.report(t); !bytes.Equal(got, want) {
		t.Errorf("the report differs from that of a run that was left alone:\n%s\nwant:\n%s", got, want)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.wasted > 0 {
		t.Errorf("%d calls whose reply was committed were sent again", h.wasted)
	}
	t.Logf("%d kills; %d calls were in flight at a kill and were sent again", kills, h.again)
}

// harness is a run of the real command against a mock server.
type harness struct {
	server *mockllm.Server
	dir    string

	mu        sync.Mutex
	asked     map[string]int  // requests by ref
	committed map[string]bool // refs of the completions in the cache when the process began
	wasted    int             // requests for what was committed
	again     int             // requests for what had been asked before, of which no reply was committed
	until     int             // how many requests more close reached
	reached   chan struct{}   // nil when nobody waits
}

// ref is in each reply of the harness's server and names the body that it is a reply to.
var ref = regexp.MustCompile(`ref [0-9a-f]+`)

func newHarness(t *testing.T, questions int) *harness {
	h := &harness{dir: t.TempDir(), asked: map[string]int{}}
	latency, err := mockllm.ParseLatency("uniform:1ms-20ms")
	if err != nil {
		t.Fatal(err)
	}
	h.server, err = mockllm.Start(mockllm.Config{Seed: 1, Latency: latency, Reply: h.reply})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.server.Close() })

	var text bytes.Buffer
	for i := range questions {
		fmt.Fprintf(&text, `{"id":"%d","question":"Which one is number %d?","choices":["one","two","three","four"],"answer":"B"}`+"\n", i, i)
	}
	h.write(t, "questions.jsonl", text.String())
	h.write(t, "experiment.yaml", fmt.Sprintf(`datasets: [questions.jsonl]
workers: 8
models:
  a: {url: "%[1]s/v1"}
  b: {url: "%[1]s/v1"}
  c: {url: "%[1]s/v1"}
teams:
  three: [a, b, c]
arms:
  - {protocol: naive}
  - {protocol: self-revision}
`, h.server.URL()))
	return h
}

func (h *harness) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(h.dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// reply makes a reply of nothing but the request, and counts what is asked again.
func (h *harness) reply(r chat.Request) string {
	name := fmt.Sprintf("ref %x", r.Seed)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.until--; h.until == 0 && h.reached != nil {
		close(h.reached)
	}
	switch h.asked[name]++; {
	case h.committed[name]:
		h.wasted++
	case h.asked[name] > 1:
		h.again++
	}
	return fmt.Sprintf("I think of %s.\n\n(%c)\n\nConfidence: %d%%", name, 'A'+r.Seed%4, 50+r.Seed%50)
}

// moment is when to kill a command: after so many requests from its start, wherever that is on this machine, and a while after that; or, unless
// latest is 0, so long after its start if that is before.
type moment struct {
	requests     int
	wait, latest time.Duration
}

// run starts the command, and kills it at that moment; nil lets it end. It reports whether it came to its end.
func (h *harness) run(t *testing.T, kill *moment) (over bool) {
	t.Helper()
	reached := make(chan struct{})
	h.mu.Lock()
	h.until, h.reached = 0, nil
	if kill != nil {
		h.until, h.reached = kill.requests, reached
	}
	h.mu.Unlock()

	cmd := h.command(t, "run", "experiment.yaml", "--no-plots")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	var err error
	go func() {
		err = cmd.Wait()
		close(ended)
	}()
	if kill != nil && kill.await(reached, ended) {
		cmd.Process.Kill()
		<-ended
		return false
	}
	<-ended
	if err != nil {
		t.Fatalf("%v\n%s", err, out.Bytes())
	}
	return true
}

// await waits for the moment, or until the command has ended: then it is false.
func (m *moment) await(reached, ended <-chan struct{}) bool {
	var latest <-chan time.Time
	if m.latest > 0 {
		latest = time.After(m.latest)
	}
	select {
	case <-ended:
		return false
	case <-latest:
		return true
	case <-reached:
	}
	select {
	case <-ended:
		return false
	case <-time.After(m.wait):
		return true
	}
}

// command returns a command line of cheaptalk, which is this binary under another name; see testscript.Main.
func (h *harness) command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Args[0] = "cheaptalk"
	cmd.Dir = h.dir
	cmd.Env = append(os.Environ(), "CHEAPTALK_CACHE="+filepath.Join(h.dir, "cache"))
	return cmd
}

// folder returns the folder of the one run, or "" before there is one.
func (h *harness) folder(t *testing.T) string {
	t.Helper()
	runs, err := filepath.Glob(filepath.Join(h.dir, "runs", "*", "run.db"))
	if err != nil {
		t.Fatal(err)
	}
	var whole []string
	for _, file := range runs {
		if r, err := store.OpenReadOnly(filepath.Dir(file)); err == nil { // else it was killed before it said what it is
			whole = append(whole, filepath.Dir(file))
			r.Close()
		}
	}
	if len(whole) > 1 {
		t.Fatalf("more than one run: %q", whole)
	}
	if len(whole) == 0 {
		return ""
	}
	return whole[0]
}

// records reads every record of the run and counts them.
func (h *harness) records(t *testing.T) int {
	t.Helper()
	dir := h.folder(t)
	if dir == "" {
		return 0
	}
	r, err := store.OpenReadOnly(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	seen := map[debate.Case]bool{}
	for rec, err := range r.Records(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if seen[rec.Case] {
			t.Errorf("%v is there twice", rec.Case)
		}
		if rec.Failed != "" || len(rec.Transcript.Messages) != 9 || len(rec.Verdicts) != 4 {
			t.Errorf("%v: failed %q, %d messages, %d verdicts", rec.Case, rec.Failed, len(rec.Transcript.Messages), len(rec.Verdicts))
		}
		seen[rec.Case] = true
	}
	return len(seen)
}

// recall notes the refs of all completions in the cache. A request of the process that was killed may still be on its way.
func (h *harness) recall(t *testing.T) {
	t.Helper()
	file := filepath.Join(h.dir, "cache", "completions.db")
	if _, err := os.Stat(file); err != nil {
		return
	}
	c, err := cache.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	found := map[string]bool{}
	for response, err := range c.Responses() {
		if err != nil {
			t.Fatal(err)
		}
		found[ref.FindString(string(response))] = true
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.committed = found
}

// report returns the report of the run as JSON.
func (h *harness) report(t *testing.T) []byte {
	t.Helper()
	run := filepath.Base(h.folder(t))
	out, err := h.command(t, "report", run, "--format", "json").Output()
	if err != nil {
		t.Fatal(err)
	}
	return bytes.ReplaceAll(out, []byte(run), []byte("RUN")) // its time and number are its own
}
