package spec

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cheaptalk/datasets"
)

// Names that an experiment file may use.
const (
	ProtocolIndependent = "independent"
	ProtocolNaive       = "naive"
	ProtocolConfidence  = "confidence-weighted"
	ProtocolPenalized   = "consensus-penalized"
	ProtocolSelf        = "self-revision"
	ProtocolRecorded    = "recorded"

	SimPrefix      = "sim:"           // before the profile of a simulated agent
	SimAggregator  = "sim:aggregator" // speaks for AggLM
	Human          = "human"          // the person at the keyboard
	recordedAll    = "recorded"
	RecordedPrefix = "recorded:" // before the name of an agent of a recording
	defaultRounds  = 2
)

var (
	protocolNames    = []string{ProtocolIndependent, ProtocolNaive, ProtocolConfidence, ProtocolPenalized, ProtocolSelf, ProtocolRecorded}
	apiNames         = []string{"openai", "ollama", "anthropic"}
	endpoints        = []string{"/chat/completions", "/v1/messages", "/api/chat"} // of these APIs, behind their base URLs
	tieNames         = []string{"seeded", "first", "abstain"}
	calibrationNames = []string{"reconcile", "stated"}
	keyVariable      = regexp.MustCompile(`^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$`)
)

// Check finds the first thing in the spec that cannot work. It reads no file and asks no server.
func (s *Spec) Check() error {
	return first(s.checkScalars, s.checkDatasets, s.checkModels, s.checkTeams, s.CheckJudges, s.checkArms, s.checkConfidence, s.checkContexts)
}

// CheckAsked is Check without the data sets.
func (s *Spec) CheckAsked() error {
	return first(s.checkScalars, s.checkModels, s.checkTeams, s.CheckJudges, s.checkArms, s.checkConfidence, s.checkContexts)
}

// first makes the checks one after the other and returns the first error.
func first(checks ...func() error) error {
	for _, check := range checks {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (s *Spec) checkScalars() error {
	for _, n := range []struct {
		field string
		value int
	}{{"draws", s.Draws}, {"repeats", s.Repeats}, {"epochs", s.Epochs}, {"workers", s.Workers}, {"confidence_samples", s.ConfidenceSamples}} {
		if err := s.atLeastOne(n.value, n.field, n.field); err != nil {
			return err
		}
	}
	if s.NumFewshot < 0 {
		return s.At(fmt.Sprintf("num_fewshot: %d is negative", s.NumFewshot), "give 0 or more", "num_fewshot")
	}
	if s.Repeats > 0 && s.Epochs > 0 {
		return s.At("repeats and epochs are the same thing", "keep one of the two", "epochs")
	}
	if err := s.oneOf("store", s.Store, []string{"full", "compact"}, "store"); err != nil {
		return err
	}
	if err := s.oneOf("reading", s.Reading, []string{"flexible", "strict"}, "reading"); err != nil {
		return err
	}
	if err := s.checkTalk(s.Prompts, s.Memory, s.Context); err != nil {
		return err
	}
	if _, err := parseLimit(s.Limit); err != nil {
		return s.At(err.Error(), limitFix, "limit")
	}
	return nil
}

// atLeastOne checks a count at path: 0 stands for a field that is left out, and says nothing when it is written.
func (s *Spec) atLeastOne(n int, field string, path ...any) error {
	if n > 0 || n == 0 && !s.file.has(path...) {
		return nil
	}
	return s.At(fmt.Sprintf("%s: %d is not 1 or more", field, n), "give 1 or more, or leave it out", path...)
}

// checkTalk checks a prompt set, a memory and what is done about long prompts, of the experiment or of the arm at path.
func (s *Spec) checkTalk(prompts, memory, context string, path ...any) error {
	if err := s.oneOf("context", context, []string{contextRefuse, contextDrop}, append(path, "context")...); err != nil {
		return err
	}
	if err := s.oneOf("prompts", prompts, promptSets(), append(path, "prompts")...); err != nil {
		return err
	}
	if _, err := parseMemory(memory); err != nil {
		return s.At(err.Error(), `give "last", "all" or a number of rounds`, append(path, "memory")...)
	}
	return nil
}

// oneOf checks that a field holds "" or one of the names.
func (s *Spec) oneOf(field, value string, names []string, path ...any) error {
	if value == "" || slices.Contains(names, value) {
		return nil
	}
	return s.At(fmt.Sprintf("%s: %q is unknown", field, value), "give one of: "+strings.Join(names, ", "), path...)
}

const limitFix = `give a number of questions ("20") or a range counted from 1, both ends included ("11-20")`

// parseLimit reads "", "20" or "11-20".
func parseLimit(s string) (datasets.Limit, error) {
	var l datasets.Limit
	if s == "" {
		return l, nil
	}
	err := l.UnmarshalText([]byte(s))
	return l, err
}

// LimitOf returns the limit of a data set: its own, or the experiment's.
func (s *Spec) LimitOf(d Dataset) (datasets.Limit, error) {
	return parseLimit(cmp.Or(d.Limit, s.Limit))
}

// MemoryOf returns how many rounds the agents of an arm remember, 0 for all.
func (s *Spec) MemoryOf(a Arm) (rounds int, err error) {
	return parseMemory(cmp.Or(a.Memory, s.Memory))
}

// parseMemory reads "last" (or ""), "all" or a number of rounds; it returns that number, 0 for all.
func parseMemory(s string) (rounds int, err error) {
	switch s {
	case "", "last":
		return 1, nil
	case "all":
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("memory: %q is no number of rounds", s)
	}
	return n, nil
}

func (s *Spec) checkDatasets() error {
	if len(s.Datasets) == 0 {
		return s.At("no data set", "add for example  datasets: [gsm8k]  or --dataset gsm8k", "datasets")
	}
	seen := map[string]bool{}
	for i, d := range s.Datasets {
		where := []any{"datasets", i}
		if (d.Name == "") == (d.Recording == "") {
			return s.At("a data set needs a name or a recording, and not both", "give  name: gsm8k  or  recording: FILE", where...)
		}
		if d.NumFewshot < 0 {
			return s.At(fmt.Sprintf("num_fewshot: %d is negative", d.NumFewshot), "give 1 or more, or leave it out", append(where, "num_fewshot")...)
		}
		if d.Recording != "" && d.NumFewshot > 0 {
			return s.At("a recording has no worked examples: nobody is asked", "remove  num_fewshot", where...)
		}
		if d.Recording != "" && (d.Split != "" || len(d.Subjects) > 0) {
			return s.At("a recording has no splits and no subjects", "leave them out", where...)
		}
		name := d.Name + d.Recording + "/" + d.Split + "/" + strings.Join(d.Subjects, ",")
		if seen[name] {
			return s.At(fmt.Sprintf("data set %s is there twice", d.Name+d.Recording), "remove one of the two", where...)
		}
		seen[name] = true
		at := append(where, "limit")
		if d.Limit == "" {
			at = []any{"limit"}
		}
		lim, err := s.LimitOf(d)
		if err != nil {
			return s.At(err.Error(), limitFix, at...)
		}
		switch {
		case s.Draws > 1 && lim.To == 0:
			return s.At(fmt.Sprintf("%d draws need a number of questions to draw", s.Draws), "add for example  limit: 100", "draws")
		case s.Draws > 0 && lim.From > 1:
			return s.At(fmt.Sprintf("limit: %v is a range, and a draw takes a number of questions", lim), "give for example  limit: 100, or leave  draws  out", at...)
		}
	}
	return nil
}

func (s *Spec) checkModels() error {
	for _, name := range slices.Sorted(maps.Keys(s.Models)) {
		m := s.Models[name]
		at := func(what, fix, field string) error { return s.At(what, fix, "models", name, field) }
		if err := s.oneOf("api", m.API, apiNames, "models", name, "api"); err != nil {
			return err
		}
		if m.Key != "" && !keyVariable.MatchString(m.Key) {
			return s.hidden(fmt.Sprintf("model %s: a key must not be written into a file", name),
				"put it into an environment variable and write  key: ${VARIABLE}", "models", name, "key")
		}
		if err := checkURL(m.URL); err != nil {
			return s.hidden(fmt.Sprintf("model %s: %v", name, err),
				"give for example  url: http://127.0.0.1:8080/v1  and put secrets into  key: ${VARIABLE}", "models", name, "url")
		}
		switch {
		case m.Temperature != nil && (*m.Temperature < 0 || *m.Temperature > 2):
			return at(fmt.Sprintf("temperature: %v is not between 0 and 2", *m.Temperature), "leave it out for the server's own", "temperature")
		case m.TopP != nil && (*m.TopP <= 0 || *m.TopP > 1):
			return at(fmt.Sprintf("top_p: %v is not above 0 and at most 1", *m.TopP), "leave it out for the server's own", "top_p")
		}
		if err := s.atLeastOne(m.MaxTokens, "max_tokens", "models", name, "max_tokens"); err != nil {
			return err
		}
		if err := m.Limits().Check(); err != nil {
			field, _, _ := strings.Cut(err.Error(), ":")
			fix := "leave it out for no limit of your own"
			switch field {
			case "max_retries":
				fix = "give 0 to ask once, or leave it out"
			case "timeout":
				fix = `give for example "90s"`
			case "attempt_timeout":
				fix = `give for example "90s", and no more than  timeout`
			}
			return at(err.Error(), fix, field)
		}
		if err := s.checkPrice(name, m.Price); err != nil {
			return err
		}
	}
	return nil
}

// KeyVariable returns the environment variable that holds the model's key, or "".
func (m Model) KeyVariable() string {
	if found := keyVariable.FindStringSubmatch(m.Key); found != nil {
		return found[1]
	}
	return ""
}

// checkURL finds what is wrong with a base URL. It does not quote it, for it may hold a password.
func checkURL(raw string) error {
	if raw == "" {
		return nil
	}
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return errors.New("the URL cannot be read")
	case u.User != nil:
		return errors.New("the URL holds a user name or a password")
	case u.RawQuery != "" || u.Fragment != "":
		return errors.New("the URL holds a query or a fragment")
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return errors.New("the URL does not begin with http:// or https:// and a host")
	}
	for _, endpoint := range endpoints {
		if strings.HasSuffix(strings.TrimRight(u.Path, "/"), endpoint) {
			return fmt.Errorf("the URL ends in %s, which is added to it", endpoint)
		}
	}
	return nil
}
