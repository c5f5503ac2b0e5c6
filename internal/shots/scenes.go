package main

// scene is a picture: a command line, the size of the terminal, and what is typed.
type scene struct {
	name          string
	width, height int
	command       string
	steps         []step
}

// step types keys and waits until words stand on the screen.
type step struct {
	keys []string
	wait []string
}

// scenes are the pictures of the documentation.
var scenes = []scene{
	{"debate", 120, 40, "replay --demo csqa/615 naive", []step{
		{nil, []string{"latest flips"}},
		{[]string{"h"}, []string{"naive csqa/615", "round 1 of 2", "replay paused"}},
	}},
	{"compare", 120, 40, "replay --demo csqa/615 naive", []step{
		{nil, []string{"latest flips"}},
		{[]string{"h"}, []string{"round 1 of 2", "replay paused"}},
		{[]string{"c", "c", "c", "c", "c"}, []string{"they part in", "consensus-penalized"}},
	}},
	{"experiment", 120, 40, "watch --seed 1 --workers 1", []step{
		{nil, []string{"finished"}},
		{[]string{"Tab"}, []string{"accuracy by arm"}},
	}},
	{"simulated", 120, 40, "watch --seed 1 --workers 1", []step{
		{nil, []string{"finished"}},
		{[]string{"k", "/"}, []string{"harmful beneficial"}},
		{[]string{"harmful arm:naive"}, []string{"harmful arm:naive"}},
		{[]string{"Enter"}, []string{"esc back", "naive sample"}},
	}},
	{"small", 80, 24, "replay --demo csqa/615 naive", []step{
		{nil, []string{"latest flips"}},
		{[]string{"h"}, []string{"round 1 of 2", "replay paused"}},
	}},
	{"person", 100, 32, "watch --seed 1 --team human,sim:llama-3.1-8b,sim:gpt-4o-mini --dataset sample-choices --limit 1 --protocol naive", []step{
		{nil, []string{"answer alone"}},
		{[]string{"d", "Enter", "60", "Enter"}, []string{"read the others", "confidence"}},
		{[]string{"The tilt sounds right, so C"}, []string{"so C"}},
	}},
}
