package main

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"
	"testing"
	"time"

	"cheaptalk/debate"
)

// recorded is the event of a debate whose one message has these calls.
func recorded(n int, exchanges ...debate.Exchange) debate.Recorded {
	return debate.Recorded{Record: &debate.Record{
		Case:       debate.Case{Item: fmt.Sprint(n)},
		Transcript: &debate.Transcript{Messages: []debate.Message{{Reply: debate.Reply{Exchanges: exchanges}}}},
	}}
}

// TestTheClockMayJump moves the clock forth and back between events.
func TestTheClockMayJump(t *testing.T) {
	var b bytes.Buffer
	now := time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC)
	m := newMeter(&b, 10, 0, func() time.Time { return now })
	for n, jump := range []time.Duration{time.Second, 20 * time.Second, -time.Hour, time.Second, 11 * time.Second, 48 * time.Hour, -72 * time.Hour, time.Second, 0, 0} {
		now = now.Add(jump)
		m.event(recorded(n))
	}
	m.finish()
	want := strings.Join([]string{
		"2/10 debates  1:24 left  0 failed",
		"3/10 debates  0.0 s left  0 failed", // the clock was put back
		"5/10 debates  0.0 s left  0 failed",
		"6/10 debates  31:20:22 left  0 failed",
		"7/10 debates  0.0 s left  0 failed",
		"10/10 debates  0.0 s  0 failed", "",
	}, "\n")
	if b.String() != want {
		t.Errorf("wrote\n%swant\n%s", &b, want)
	}
}

func TestTheLineTellsWhatBecameOfCalls(t *testing.T) {
	bought := debate.Exchange{Attempts: 1, Usage: debate.Usage{Calls: 1, PromptTokens: 1000, CompletionTokens: 234}}
	again := bought
	again.Attempts = 4
	estimated := bought
	estimated.Usage.Estimated = 1
	shared := debate.Exchange{Shared: true, Usage: bought.Usage}
	cached := debate.Exchange{Cached: true, Usage: bought.Usage}
	for _, test := range []struct {
		exchanges []debate.Exchange
		want      string
	}{
		{nil, "1/2 debates  0.0 s left  0 failed"},
		{[]debate.Exchange{bought}, "1/2 debates  0.0 s left  0 failed  1 call  1,234 tokens"},
		{[]debate.Exchange{bought, again, shared, shared, cached}, "1/2 debates  0.0 s left  0 failed  2 calls  2 shared  1 from the cache  3 asked again  2,468 tokens"},
		{[]debate.Exchange{bought, estimated}, "1/2 debates  0.0 s left  0 failed  2 calls  ~2,468 tokens"},
		{[]debate.Exchange{cached}, "1/2 debates  0.0 s left  0 failed  0 calls  1 from the cache"},
	} {
		var b bytes.Buffer
		m := newMeter(&b, 2, 0, func() time.Time { return time.Time{} })
		m.event(recorded(1, test.exchanges...))
		if got := m.line(); got != test.want {
			t.Errorf("got  %s\nwant %s", got, test.want)
		}
		m.extra = func() string { return "$0.04" }
		if got := m.line(); got != test.want+"  $0.04" {
			t.Errorf("got  %s\nwant the cost behind it", got)
		}
	}
}

// TestTheBarFitsItsTerminal draws on terminals of several widths: a line that is broken is more than the next one can write over.
func TestTheBarFitsItsTerminal(t *testing.T) {
	bought := debate.Exchange{Attempts: 2, Usage: debate.Usage{Calls: 1, PromptTokens: 1000, CompletionTokens: 234}}
	for _, test := range []struct {
		columns    int
		going, end string
	}{
		{120, "░░░░░░░░░░░░░░░░░░░  2/200 debates  1:39 left  0 failed  2 calls  1 shared  2 asked again  2,468 tokens  $0.04", ""},
		{80, "░░░░░░░░░░░░░  2/200 debates  1:39 left  0 failed  2 calls  2,468 tokens  $0.04",
			"2/200 debates  1:39 left  0 failed  2 calls  1 shared  2 asked again\n2,468 tokens  $0.04"},
		{60, "░░░░░░░░░░  2/200 debates  1:39 left  0 failed  $0.04",
			"2/200 debates  1:39 left  0 failed  2 calls  1 shared\n2 asked again  2,468 tokens  $0.04"},
		{30, "░░░░░░░░░░  2/200 debates", "2/200 debates  1:39 left\n0 failed  2 calls  1 shared\n2 asked again  2,468 tokens\n$0.04"},
		{20, "2/200 debates", "2/200 debates\n1:39 left  0 failed\n2 calls  1 shared\n2 asked again\n2,468 tokens  $0.04"},
		{8, "2/200…", "2/200 debates\n1:39 left\n0 failed\n2 calls\n1 shared\n2 asked again\n2,468 tokens\n$0.04"},
	} {
		var b bytes.Buffer
		now := time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC)
		m := newMeter(&b, 200, 0, func() time.Time { return now })
		m.terminal, m.bar, m.columns = true, newBar(&b), func() int { return test.columns }
		m.extra = func() string { return "$0.04" }
		m.event(recorded(1, bought))
		now = now.Add(time.Second)
		m.event(recorded(2, bought, debate.Exchange{Shared: true}))
		if got := strings.TrimPrefix(b.String(), "\r\x1b[K"); got != test.going {
			t.Errorf("%d columns: it goes on with\n%q, want\n%q", test.columns, got, test.going)
		}
		m.finish()
		states := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\r\x1b[K")
		if got := states[len(states)-1]; got != cmp.Or(test.end, test.going) {
			t.Errorf("%d columns: it ends with\n%q, want\n%q", test.columns, got, test.end)
		}
	}
}

func TestFailedCountsThePrimaryJudgeToo(t *testing.T) {
	for _, test := range []struct {
		record debate.Record
		want   bool
	}{
		{debate.Record{}, false},
		{debate.Record{Failed: "no server"}, true},
		{debate.Record{Verdicts: []debate.Verdict{{Failed: "no server"}, {}}}, true},
		{debate.Record{Verdicts: []debate.Verdict{{}, {Failed: "no server"}}}, false},
	} {
		if got := hasFailed(&test.record); got != test.want {
			t.Errorf("%+v: %t", test.record, got)
		}
	}
}

func TestTheLimitOfFailuresIsReached(t *testing.T) {
	for _, test := range []struct {
		limit failLimit
		at    int // the first number of failures of 100 debates that stops the run; 0 is none
	}{{failLimit{}, 0}, {failLimit{count: 1}, 1}, {failLimit{count: 5}, 5}, {failLimit{share: 0.05}, 6}, {failLimit{share: 0.001}, 1}} {
		at := 0
		for failed := 100; failed > 0; failed-- {
			if test.limit.reached(failed, 100) != nil {
				at = failed
			}
		}
		if at != test.at {
			t.Errorf("%+v is reached at %d, not %d", test.limit, at, test.at)
		}
	}
}

// TestALineTellsOfTurnsBeforeTheFirstDebateIsOver: of a slow server that may be minutes.
func TestALineTellsOfTurnsBeforeTheFirstDebateIsOver(t *testing.T) {
	m := newMeter(&bytes.Buffer{}, 10, 0, time.Now)
	c := debate.Case{Arm: "naive", Item: "q/1"}
	m.event(debate.In{Case: c, Event: debate.RoundStarted{}})
	if got := m.line(); got != "0/10 debates  0 failed" {
		t.Errorf("before anything is said: %q", got)
	}
	for range 2 {
		m.event(debate.In{Case: c, Event: debate.Said{}})
	}
	if got := m.line(); got != "0/10 debates  1 in flight (2 turns)  0 failed" {
		t.Errorf("after two turns: %q", got)
	}
	m.event(debate.Recorded{Record: &debate.Record{Case: c, Transcript: &debate.Transcript{}}})
	if got := m.line(); strings.Contains(got, "in flight") {
		t.Errorf("when all is recorded: %q", got)
	}
}
