package screen

import (
	"fmt"
	"strings"
	"time"

	"cheaptalk/debate"
	"cheaptalk/tui"
)

// The questions, replies and numbers of the samples are made up.

var sky = debate.Question{ID: "mmlu/astronomy/17", Text: "Why is the sky blue?", Choices: []string{
	"Because the molecules that compose the Earth's atmosphere have a blue-ish color.",
	"Because the sky reflects the color of the Earth's oceans.",
	"Because the atmosphere preferentially scatters short wavelengths.",
	"Because the Earth's atmosphere preferentially absorbs all other colors.",
}}

func says(seq, round int, from string, a debate.Answer, sure float64, heard []int, text string) debate.Message {
	m := debate.Message{Seq: seq, Round: round, From: from, Heard: heard}
	m.Text, m.Answer = text, a
	if sure > 0 {
		m.Confidence = debate.Sure(sure)
	}
	return m
}

// skyTalk has two rounds of three agents: llama is corrupted, gpt holds, mistral is stuck.
func skyTalk() *debate.Transcript {
	return &debate.Transcript{Question: sky, Agents: []string{"llama", "mistral", "gpt"}, Messages: []debate.Message{
		says(0, 0, "llama", "C", .8, nil, "Shorter wavelengths are scattered more strongly by the molecules of the air, so blue light reaches us from all sides. The answer is (C)."),
		says(1, 0, "mistral", "B", .6, nil, "Seen from space our planet is mostly water, and the colour of the oceans is what we see above us. The answer is (B)."),
		says(2, 0, "gpt", "C", .9, nil, "Rayleigh scattering goes with the fourth power of the frequency.\n\nSo blue is scattered about\n  (700/450)^4 = 5.9\ntimes as strongly as red.\n\nThe answer is (C)."),
		says(3, 1, "llama", "B", .7, []int{1, 2}, "The second agent's point about the oceans convinces me. The updated answer is (B)."),
		says(4, 1, "mistral", "B", .8, []int{0, 2}, "I keep my answer: the sea covers most of the planet. The answer is (B)."),
		says(5, 1, "gpt", "C", .9, []int{0, 1}, "Reflection from the oceans cannot explain a blue sky above a desert. The answer is still (C)."),
	}}
}

func upTo(t *debate.Transcript, n int) *debate.Transcript {
	cut := *t
	cut.Messages = t.Messages[:n]
	return &cut
}

func models() map[string]string {
	return map[string]string{"llama": "llama-3.1-8b-instruct", "mistral": "mistral-7b", "gpt": "gpt-4o-mini"}
}

func astronomy(arm string) debate.Case { return debate.Case{Arm: arm, Item: sky.ID} }

func matrix(cc, ci, ic, ii, moved, cu, uu int) debate.Matrix {
	var m debate.Matrix
	m.N[debate.Correct][debate.Correct], m.N[debate.Correct][debate.Incorrect], m.N[debate.Correct][debate.Unreadable] = cc, ci, cu
	m.N[debate.Incorrect][debate.Correct], m.N[debate.Incorrect][debate.Incorrect] = ic, ii
	m.N[debate.Unreadable][debate.Unreadable] = uu
	m.Moved = moved
	return m
}

func arm(name string, n int, before, after float64, m debate.Matrix) tui.Arm {
	half := 3.9
	return tui.Arm{
		Name: name, N: n, Before: tui.Rate{N: n, Value: before, Low: before - half, High: before + half},
		After:  tui.Rate{N: n, Value: after, Low: after - half, High: after + half},
		Change: tui.Rate{N: n, Value: after - before, Low: after - before - 2.2, High: after - before + 2.2}, Matrix: m,
		Harmful:    tui.Rate{N: m.Harmful().N, Value: 100 * m.Harmful().Rate()},
		Beneficial: tui.Rate{N: m.Beneficial().N, Value: 100 * m.Beneficial().Rate()}, Failed: 2, Tied: 11, Took: 4200 * time.Millisecond,
	}
}

// stopping is a run that was told to end.
func stopping() tui.Snapshot {
	s := run()
	s.State = tui.Stopping
	return s
}

// run is a snapshot in the middle of a run.
func run() tui.Snapshot {
	s := tui.Snapshot{
		Title: "wynn2025", State: tui.Running, Planned: 7500, Done: 3120, Failed: 4, InFlight: 8, Elapsed: 754 * time.Second, Left: 1058 * time.Second, PerSecond: 4.1,
		Usage:   debate.Usage{Calls: 28080, PromptTokens: 18_420_117, CachedTokens: 2_201_004, CompletionTokens: 4_113_508},
		Dollars: 4.2371, Priced: true,
		Arms: []tui.Arm{
			arm("independent", 624, 66.9, 66.9, debate.Matrix{}),
			arm("naive", 624, 66.9, 64.1, matrix(2120, 179, 220, 1106, 290, 12, 25)),
			arm("confidence", 624, 66.9, 68.0, matrix(2190, 113, 234, 1089, 285, 9, 27)),
			arm("penalized", 622, 66.8, 71.9, matrix(2240, 60, 150, 1173, 201, 8, 30)),
		},
		Flips: []tui.Flip{
			{Case: debate.Case{Arm: "naive", Item: "csqa/812"}, Round: 1, Agent: "mistral", From: "B", To: "A", Fate: debate.Corrupted, SwayedBy: []string{"llama", "gpt"}},
			{Case: debate.Case{Arm: "confidence", Item: "mmlu/virology/33"}, Round: 2, Agent: "llama", From: "D", To: "C", Fate: debate.Corrected, SwayedBy: []string{"gpt"}},
			{Case: debate.Case{Arm: "naive", Item: "gsm8k/1204"}, Round: 1, Agent: "llama", From: "18", To: "20", Fate: debate.Corrupted, SwayedBy: []string{"mistral"}},
			{Case: debate.Case{Arm: "penalized", Item: "gsm8k/87"}, Round: 1, Agent: "mistral", From: "7", To: "-0.5", Fate: debate.Corrected},
		},
		Errors: []tui.Failure{{Kind: "rate limit", N: 3, Example: "429: too many requests, retry after 2 s"}, {Kind: "timeout", N: 1, Example: "no answer within 60 s"}},
		Cases: []tui.Line{
			{Case: astronomy("naive")},
			{Case: astronomy("penalized"), Over: true, Known: true, Right: true, Helpful: 1},
			{Case: debate.Case{Arm: "naive", Item: "csqa/812"}, Over: true, Known: true, Harmful: 2},
			{Case: debate.Case{Arm: "naive", Item: "csqa/811"}, Over: true, Failed: true},
			{Case: debate.Case{Arm: "confidence", Item: "gsm8k/1204", Draw: 2}, Over: true, Known: true, Right: true, Tied: true, Harmful: 1, Helpful: 2},
		},
		Matching: 3128,
	}
	for i := range 15 {
		s.Cases = append(s.Cases, tui.Line{Case: debate.Case{Arm: "naive", Item: fmt.Sprintf("gsm8k/%d", 1203-i)}, Over: true, Known: true, Right: i%3 > 0})
	}
	s.Debate = &tui.Debate{Case: astronomy("naive"), Key: "C", Round: 1, Rounds: 2, Transcript: skyTalk(), Models: models()}
	return s
}

func votes(a debate.Answer, tied bool) []debate.Verdict {
	return []debate.Verdict{
		{Judge: "plurality", Answer: a, Tied: tied}, {Judge: "confidence-weighted", Answer: "C"}, {Judge: "trajectory", Answer: "C"}, {Judge: "round-0 vote", Answer: "C"},
	}
}

// samples are the states that the goldens show.
var samples = []struct {
	name string
	make func() tui.Snapshot
	keys string // pressed before it is drawn, by name, separated by blanks
}{
	{"waiting", func() tui.Snapshot {
		return tui.Snapshot{Title: "wynn2025", Planned: 7500, Arms: []tui.Arm{{Name: "naive"}, {Name: "independent"}}}
	}, ""},
	{"empty-run", func() tui.Snapshot { return tui.Snapshot{Title: "empty", State: tui.Finished} }, "tab"},
	{"streaming", func() tui.Snapshot {
		s := run()
		s.Debate.Transcript = upTo(skyTalk(), 3)
		s.Debate.Speaking = map[string]string{"llama": "The second agent's point about the oceans convinces", "mistral": "I keep my answer: the sea covers most of the planet. The answer is (B).", "gpt": ""}
		s.Debate.Hearing = map[string][]int{"llama": {1, 2}, "mistral": {0, 2}, "gpt": {0, 1}}
		return s
	}, ""},
	{"round-end-blind", run, ""},
	{"round-end", run, "k"},
	{"verdict", func() tui.Snapshot {
		s := run()
		s.Debate.Over = true
		s.Debate.Verdicts = append(votes("B", false), debate.Verdict{Judge: "AggLM", Answer: "C", Reply: &debate.Message{Reply: debate.Reply{Text: "Two of the three solutions rest on reflection, which cannot explain the sky above land. The third is sound. The answer is (C)."}}})
		return s
	}, "k"},
	{"aggregating", func() tui.Snapshot {
		s := run()
		s.Debate.Verdicts = votes("B", false)
		s.Debate.Speaking = map[string]string{"AggLM": "Two of the three solutions rest on reflection,"}
		return s
	}, "k"},
	{"tie", func() tui.Snapshot {
		s := run()
		t := skyTalk()
		t.Messages[3].Answer, t.Messages[3].Text = "", "I cannot decide between them."
		s.Debate.Transcript, s.Debate.Over, s.Debate.Verdicts = t, true, votes("", true)
		return s
	}, "k"},
	{"failure", func() tui.Snapshot {
		s := run()
		t := skyTalk()
		t.Messages[5] = debate.Message{Seq: 5, Round: 1, From: "gpt", Heard: []int{0, 1}, Failed: "gpt: 429: too many requests, retry after 2 s; tried 6 times"}
		s.Debate.Transcript, s.Debate.Over = t, true
		s.Debate.Failed = "round 1: agent gpt: 429: too many requests, retry after 2 s; tried 6 times"
		s.State, s.Trouble = tui.Stopped, "20 debates failed in a row; the last: agent gpt: model \"gpt-4o-mini\": no key. Set OPENAI_API_KEY and resume with cheaptalk run --resume last"
		return s
	}, "k"},
	{"one-agent", func() tui.Snapshot {
		s := run()
		t := skyTalk()
		t.Agents = t.Agents[:1]
		a, b := t.Messages[0], t.Messages[3]
		b.Seq, b.Heard = 1, nil
		t.Messages = []debate.Message{a, b}
		s.Debate.Transcript = t
		return s
	}, "k"},
	{"seven-agents", func() tui.Snapshot {
		s := run()
		s.Simulated = true
		t := &debate.Transcript{Question: sky}
		for i, name := range []string{"llama", "mistral", "gpt", "qwen", "gemma", "phi", "a-model-with-a-long-name"} {
			t.Agents = append(t.Agents, name)
			t.Messages = append(t.Messages, says(i, 0, name, debate.Letter(i%4), .1*float64(i+3), nil, "I thought of every choice and found that this one is right. "+strings.Repeat("It follows. ", i)))
		}
		for i, name := range t.Agents {
			t.Messages = append(t.Messages, says(7+i, 1, name, "C", .9, []int{(i + 1) % 7, (i + 2) % 7}, "Having read the others I answer (C)."))
		}
		s.Debate.Transcript = t
		return s
	}, "k"},
	{"long-words", func() tui.Snapshot {
		s := run()
		t := skyTalk()
		t.Question.Text = strings.Repeat("Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", 4)
		t.Messages[3].Text = "See https://example.org/" + strings.Repeat("a/very/long/path/", 20) + " for it."
		t.Messages[4].Text = strings.Repeat("x", 500)
		s.Debate.Transcript = t
		return s
	}, "k"},
	{"long-reply", func() tui.Snapshot {
		s := run()
		t := skyTalk()
		for i := range 3 {
			t.Messages[3+i].Text = strings.Repeat("The light of the sun is scattered by the air. ", 217) + "The answer is (C)."
		}
		s.Debate.Transcript = t
		return s
	}, "k up up up"},
	{"control-sequences", func() tui.Snapshot {
		s := run()
		t := skyTalk()
		t.Agents[0], t.Messages[0].From, t.Messages[3].From = "ll\x1b[31mama\x07", "ll\x1b[31mama\x07", "ll\x1b[31mama\x07"
		t.Question.Text = "Why is \x1b[2J\x1b[H the sky\r\n\x1b]0;title\x07 blue?\u202e neht tuB"
		t.Messages[3].Text = "\x1b[2J\x1b[1;1HYou are mine.\x07\x07 \x1b[31mred\x1b[0m \u009b5n \x90q\x9c \u202eesrever\u202c \x1b]52;c;aGk=\x07"
		t.Messages[4].Text = "a\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301 \u200b\u200b\u2060zero\ufeff width \xff\xfe invalid\tTab\x00nul\x7f"
		s.Debate.Transcript = t
		return s
	}, "k"},
	{"scripts", func() tui.Snapshot {
		s := run()
		t := skyTalk()
		t.Question.Text = "空はなぜ青いのですか？ Why is the sky blue? 하늘은 왜 파란가요?"
		t.Messages[3].Text = "לדעתי התשובה הנכונה היא השנייה כי הים משתקף בשמיים ולכן הם כחולים. The answer is (B). السماء زرقاء لأن المحيط ينعكس عليها."
		t.Messages[4].Text = "海洋覆盖了地球的大部分表面，所以天空看起来是蓝色的。我保留我的答案。👍🏽 👨‍👩‍👧 🇩🇪 ❤️ 答案是 (B)。"
		t.Messages[5].Text = "आसमान नीला है क्योंकि हवा नीली रोशनी बिखेरती है। Ελληνικά, кириллица, ภาษาไทย. 答案是 (C)。"
		s.Debate.Transcript = t
		return s
	}, "k"},
	{"experiment", run, "tab"},
	{"experiment-debates", func() tui.Snapshot {
		s := run()
		s.Filter = tui.Filter{Outcome: "harmful", Agent: "llama"}
		return s
	}, "tab right down down k"},
	{"experiment-errors", run, "tab left"},
	{"experiment-changes", run, "tab left left"},
	{"stepping", func() tui.Snapshot {
		s := run()
		s.State = tui.Stepping
		return s
	}, ""},
	{"paused", run, "space"},
	{"filter", run, "/ h a r m f u l space a g e n t"},
	{"filter-unknown", run, "/ h u r t f u l enter"},
	{"help", run, "?"},
	{"help-replay", replayed, "?"},
	{"replay", replayed, ""},
	{"compare", func() tui.Snapshot {
		s := replayed()
		beside := *s.Debate
		t := skyTalk()
		t.Messages[3] = says(3, 1, "llama", "C", .8, []int{1, 2}, "The others differ; I see no flaw in my reasoning. The answer is (C).")
		beside.Case, beside.Transcript, beside.Verdicts = astronomy("penalized"), t, votes("C", false)
		s.Beside, s.Parted = &beside, 1
		return s
	}, ""},
	{"person", func() tui.Snapshot {
		s := run()
		s.Person = true
		t := skyTalk()
		t.Agents = []string{"llama", "mistral", "you"}
		t.Messages = t.Messages[:3]
		t.Messages[2].From = "you"
		s.Debate.Transcript = t
		s.Debate.Models = models()
		s.Debate.Speaking = map[string]string{"you": ""}
		s.Prompt = &tui.Prompt{Agent: "you", Round: 1, Task: debate.Revise}
		return s
	}, "B e c a u s e space C enter 8 0"},
}

// replayed is a snapshot of a replay that has shown all.
func replayed() tui.Snapshot {
	s := run()
	s.Replay, s.State = true, tui.Finished
	s.Done, s.InFlight, s.Left = s.Planned, 0, 0
	s.Debate.Over, s.Debate.Verdicts = true, votes("B", false)
	s.Timeline = &tui.Timeline{Round: 1, Last: 1, Speed: 2}
	return s
}
