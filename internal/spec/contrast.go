package spec

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	yaml "go.yaml.in/yaml/v4"
)

// The kinds of things in which two arms can differ.
const (
	KindData     = "data"     // what was asked
	KindModels   = "models"   // of whom
	KindSettings = "settings" // how
	KindJudges   = "judges"   // who decided
	KindProtocol = "protocol" // how it was debated
)

// Contrast is one thing in which two arms differ.
type Contrast struct {
	Kind   string `json:"kind"` // KindData, ...
	What   string `json:"what"` // "temperature of gpt-4o-mini", ...
	First  string `json:"first"`
	Second string `json:"second"`
}

// Contrasts returns everything in which an arm of one experiment differs from an arm of another, or of the same, by their files: data, models, settings, judges and protocol,
// in this order. Judges are the primary ones, named as the tables name them. What only says how fast, how patiently and at what price is left out.
// It fails when an experiment has no such arm.
func Contrasts(a *Spec, arm, judge string, b *Spec, other, otherJudge string) ([]Contrast, error) {
	first, err := a.features(arm, judge)
	if err != nil {
		return nil, err
	}
	second, err := b.features(other, otherJudge)
	if err != nil {
		return nil, err
	}
	var out []Contrast
	for _, f := range first {
		value := ""
		if i := slices.IndexFunc(second, f.same); i >= 0 {
			value = second[i].value
		}
		if value != f.value {
			out = append(out, Contrast{Kind: f.kind, What: f.what, First: f.value, Second: value})
		}
	}
	for _, f := range second {
		if !slices.ContainsFunc(first, f.same) && f.value != "" {
			out = append(out, Contrast{Kind: f.kind, What: f.what, Second: f.value})
		}
	}
	kinds := []string{KindData, KindModels, KindSettings, KindJudges, KindProtocol}
	slices.SortStableFunc(out, func(x, y Contrast) int { return slices.Index(kinds, x.Kind) - slices.Index(kinds, y.Kind) })
	return out, nil
}

// feature is one thing that is so of an arm.
type feature struct{ kind, what, value string }

func (f feature) same(o feature) bool { return f.kind == o.kind && f.what == o.what }

// features lists what is so of an arm, with defaults filled in.
func (s *Spec) features(arm, judge string) ([]feature, error) {
	i := slices.Index(s.ArmNames(), arm)
	if i < 0 {
		return nil, fmt.Errorf("no arm is called %q\n  there are %s", arm, strings.Join(s.ArmNames(), ", "))
	}
	e := s.Essence()
	a := e.Arms[i]
	members, err := e.TeamOf(a, i)
	if err != nil {
		return nil, err
	}
	var out []feature
	add := func(kind, what, value, standard string) {
		out = append(out, feature{kind, what, cmp.Or(value, standard)})
	}
	number := func(n int) string { return strconv.Itoa(n) }
	for n, d := range e.Datasets {
		add(KindData, "data set "+number(n+1), flow(d), "")
	}
	add(KindData, "limit", e.Limit, "all")
	add(KindData, "draws", number(e.Draws), "")
	add(KindData, "epochs", number(max(e.Repeats, e.Epochs, 1)), "")
	add(KindData, "worked examples", number(e.NumFewshot), "")
	add(KindData, "choices shuffled", strconv.FormatBool(e.ShuffleChoices), "")
	for n, m := range members {
		what := "agent " + number(n+1)
		add(KindModels, what, m.Agent, "")
		add(KindModels, what+": system prompt", m.System, "")
		if model, ok := e.Models[m.Agent]; ok {
			model.Model, model.API = cmp.Or(model.Model, m.Agent), cmp.Or(model.API, apiNames[0])
			add(KindModels, what+": model", flow(model), "")
		} else if profile, ok := e.Profiles[strings.TrimPrefix(m.Agent, "sim:")]; ok {
			add(KindModels, what+": profile", flow(profile), "")
		}
	}
	add(KindSettings, "seed", strconv.FormatUint(e.Seed, 10), "")
	add(KindSettings, "reading", e.Reading, "flexible")
	add(KindSettings, "prompts", cmp.Or(a.Prompts, e.Prompts), "cheaptalk")
	add(KindSettings, "memory", cmp.Or(a.Memory, e.Memory), "last")
	add(KindSettings, "context", cmp.Or(a.Context, e.Context), "refuse")
	add(KindSettings, "confidence", strings.Join(e.Confidence, ", "), "stated")
	add(KindSettings, "confidence samples", number(e.ConfidenceSamples), "")
	add(KindSettings, "failed turns", a.OnFailure, "fail")
	add(KindJudges, "primary judge", judge, "none")
	for _, j := range e.AllJudges() {
		if cmp.Or(j.Name, j.Judge) == judge {
			add(KindJudges, "rules of "+judge, flow(j), "")
		}
	}
	rounds := 2
	if a.Rounds != nil {
		rounds = *a.Rounds
	}
	if a.Protocol == "independent" {
		rounds = 0
	}
	add(KindProtocol, "protocol", a.Protocol, "")
	add(KindProtocol, "rounds", number(rounds), "")
	add(KindProtocol, "stop", a.Stop, "rounds")
	add(KindProtocol, "samples", number(a.Samples), "")
	add(KindProtocol, "calibration", a.Calibration, "reconcile")
	return out, nil
}

// flow writes a part of an experiment on one line.
func flow(v any) string {
	text, err := yaml.Dump(v, yaml.WithIndent(2))
	if err != nil {
		return fmt.Sprint(v)
	}
	return strings.Join(strings.Fields(strings.ReplaceAll(strings.TrimSpace(string(text)), "\n", ", ")), " ")
}
