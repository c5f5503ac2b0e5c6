package recorded_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"cheaptalk/agents/recorded"
	"cheaptalk/debate"
	"cheaptalk/internal/race"
	"cheaptalk/internal/realdata"
)

// recordings holds how each real file is opened, by path: once for all tests, none of which changes a recording.
var recordings sync.Map

func openReal(t *testing.T, name string) *recorded.Recording {
	t.Helper()
	path := realdata.Path(t, name)
	once, _ := recordings.LoadOrStore(path, sync.OnceValues(func() (*recorded.Recording, error) { return recorded.Open(path) }))
	rec, err := once.(func() (*recorded.Recording, error))()
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

// rows decodes every line of a real file, for what the authors say that the package does not read.
func rows[T any](t *testing.T, path string) []T {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var r io.Reader = file
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(file); err != nil {
			t.Fatal(err)
		}
	}
	var all []T
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var row T
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		all = append(all, row)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

const (
	solutionsFile = "gsm8k/example_model_solutions.jsonl"
	helmFile      = "recorded/mmlu_test_helm14_votes.jsonl.gz"
	mmluProFile   = "recorded/mmlu_pro_1008q_12models.jsonl.gz"
	eotFile       = "recorded/eot_samples.jsonl.gz"
	mathFile      = "recorded/math_qwen_8samples_rm.jsonl.gz"
	dylanFile     = "recorded/debates_dylan_mmlu.jsonl.gz"
)

func TestRealFilesAreReadWhole(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		file, name           string
		items, agents, skips int
		kinds                map[debate.Kind]int
	}{
		{solutionsFile, "gsm8k-solutions", 1319, 4, 0, map[debate.Kind]int{debate.Number: 1319}},
		{helmFile, "helm14", 5687, 14, 13, map[debate.Kind]int{debate.Choice: 5687}}, // 13 rows are there twice
		{mmluProFile, "mmlu-pro", 1008, 12, 0, map[debate.Kind]int{debate.Choice: 1008}},
		{eotFile, "eot", 400, 3, 0, map[debate.Kind]int{debate.Choice: 100, debate.Number: 250, debate.Open: 50}},
		{mathFile, "math-qwen", 95, 8, 5, map[debate.Kind]int{debate.Number: 95}}, // 4:30p.., 4a-2, 4t, 7\pi, A
		{dylanFile, "dylan", 8407, 4, 0, map[debate.Kind]int{debate.Choice: 8407}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rec := openReal(t, tt.file)
			if rec.Name != tt.name || len(rec.Items) != tt.items || len(rec.Agents) != tt.agents || len(rec.Skipped) != tt.skips {
				t.Errorf("%s: %d items, %d agents, %d left out, want %s: %d, %d, %d\n%s", rec.Name, len(rec.Items), len(rec.Agents), len(rec.Skipped),
					tt.name, tt.items, tt.agents, tt.skips, strings.Join(rec.Skipped, "\n"))
			}
			kinds := map[debate.Kind]int{}
			for _, item := range rec.Items {
				kinds[item.Question.Kind]++
				if item.Question.Set() != tt.name {
					t.Fatalf("item %s is not of set %s", item.Question.ID, tt.name)
				}
			}
			if !maps.Equal(kinds, tt.kinds) {
				t.Errorf("kinds %v, want %v", kinds, tt.kinds)
			}
		})
	}
}

func TestRealDebates(t *testing.T) {
	race.SkipPure(t)
	t.Parallel()
	rec := openReal(t, dylanFile)
	debates := make([]*debate.Transcript, len(rec.Items))
	for i, item := range rec.Items {
		debates[i] = replay(t, rec, item)
	}

	t.Run("are replayed whole", func(t *testing.T) {
		later, replies, unreadable, questions := 0, 0, 0, map[string]bool{}
		asked := map[int]int{} // rounds after round 0 by the number of agents asked
		for _, tr := range debates {
			question, _ := debate.Variant(tr.Question.ID)
			questions[question] = true
			for r := 1; r <= tr.LastRound(); r++ {
				asked[tr.Spoke(r)]++
			}
			if tr.LastRound() > 0 {
				later++
			}
			for _, m := range tr.Messages {
				replies++
				if m.Answer == "" {
					unreadable++
				}
				if m.Round > 0 && len(m.Heard) != tr.Spoke(m.Round-1)-1 {
					t.Errorf("%s: %s heard %d in round %d, want the %d others of the round before", tr.Question.ID, m.From, len(m.Heard), m.Round, tr.Spoke(m.Round-1)-1)
				}
			}
		}
		check(t, "debates with a later round, replies, questions", []int{later, replies, len(questions)}, []int{2629, 33780, 2809})
		// Counted on the file with another program: n_agents and the lengths of rounds.
		check(t, "later rounds by agents asked", asked, map[int]int{1: 1, 2: 499 + 2*334 + 176, 3: 609 + 2*585 + 270, 4: 155 + 176 + 1})
		t.Logf("%d replies are unreadable", unreadable)
		if unreadable < 2000 || unreadable > 2600 {
			t.Errorf("%d replies are unreadable, want 2000 to 2600: refusals, options out of range, two letters at once", unreadable)
		}
	})

	// DyLAN's prompt asks for one score for each reply that it shows, so the lists of scores tell how many were shown: as many as
	// the round before has, the speaker's own among them.
	t.Run("showed a speaker the whole round before", func(t *testing.T) {
		scores := regexp.MustCompile(`\[\[\s*\d(?:\s*,\s*\d)*\s*\]\]`)
		lists, whole := 0, 0
		for _, tr := range debates {
			for _, m := range tr.Messages {
				if all := scores.FindAllString(m.Text, -1); m.Round > 0 && all != nil {
					lists++
					if strings.Count(all[len(all)-1], ",")+1 == tr.Spoke(m.Round-1) {
						whole++
					}
				}
			}
		}
		check(t, "lists of scores as long as the round before, of all lists", []int{whole, lists}, []int{8172, 8339})
	})

	t.Run("end as the authors say", func(t *testing.T) {
		type row struct {
			Correct bool `json:"recorded_correct"`
		}
		same, n, ties := 0, 0, 0
		for i, row := range rows[row](t, realdata.Path(t, dylanFile)) {
			tr := debates[i]
			last := tr.LastRound()
			final := slices.DeleteFunc(tr.Standing(last), func(m debate.Message) bool { return m.Round < last }) // theirs counts the last round alone
			leaders := debate.Leaders(debate.Tally(final, nil))
			if len(leaders) != 1 {
				ties++ // which they break by the order in which they asked, which the file does not keep
				continue
			}
			n++
			if (leaders[0] == rec.Items[i].Key) == row.Correct {
				same++
			}
		}
		t.Logf("%d of the final votes are tied or empty", ties)
		agree(t, "right as recorded_correct says", same, n, 0.98)
	})
}

func TestPluralityOfHELMVotesIsTheAuthorsMajority(t *testing.T) {
	race.SkipPure(t)
	t.Parallel()
	rec := openReal(t, helmFile)
	items := map[string]debate.Item{}
	for _, item := range rec.Items {
		items[item.Question.ID] = item
	}
	type row struct {
		Subject  *string
		Row      *int
		Majority map[string]string
	}
	majorities := rows[row](t, realdata.Path(t, helmFile))
	votes := make([][]debate.Message, len(majorities))
	for i, row := range majorities {
		id := fmt.Sprintf("helm14/line/%d", i+1)
		if row.Subject != nil {
			id = fmt.Sprintf("helm14/%s/%d", *row.Subject, *row.Row)
		}
		votes[i] = replay(t, rec, items[id], rec.Agents...).Standing(0)
	}
	for _, k := range []int{3, 5, 7, 9, 10} {
		same, other, ties := 0, 0, 0
		for i, row := range majorities {
			switch leaders := debate.Leaders(debate.Tally(votes[i][:k], nil)); {
			case len(leaders) != 1:
				ties++
			case string(leaders[0]) == row.Majority[strconv.Itoa(k)]:
				same++
			default:
				other++
			}
		}
		t.Logf("first %2d models: %d as the authors, %d not, %d tied", k, same, other, ties)
		if same+other+ties != 5700 || ties > 150 {
			t.Errorf("first %d models: %d rows, %d ties", k, same+other+ties, ties)
		}
		if other > 0 {
			t.Errorf("first %d models: the plurality of %d questions is not the authors' majority", k, other)
		}
	}
}

// agree logs how often two verdicts are the same and fails below a share.
func agree(t *testing.T, what string, same, n int, least float64) {
	t.Helper()
	t.Logf("%s: %d of %d, %.2f %%", what, same, n, 100*float64(same)/float64(n))
	if n == 0 || float64(same) < least*float64(n) {
		t.Errorf("%s: %d of %d agree, want %.1f %%", what, same, n, 100*least)
	}
}

func TestAnswersAreThoseThatTheAuthorsRead(t *testing.T) {
	t.Parallel()
	t.Run("gsm8k-solutions", func(t *testing.T) {
		t.Parallel()
		rec := openReal(t, solutionsFile)
		same, n := 0, 0
		for i, row := range rows[map[string]json.RawMessage](t, realdata.Path(t, solutionsFile)) {
			for _, m := range replay(t, rec, rec.Items[i]).Messages {
				var theirs struct {
					Correct bool `json:"is_correct"`
				}
				if err := json.Unmarshal(row[m.From], &theirs); err != nil {
					t.Fatal(err)
				}
				n++
				if (m.Answer == rec.Items[i].Key) == theirs.Correct {
					same++
				}
			}
		}
		agree(t, "right as is_correct says", same, n, 0.99)
	})
	t.Run("mmlu-pro", func(t *testing.T) {
		t.Parallel()
		rec := openReal(t, mmluProFile)
		type row struct {
			Answers []struct{ Recorded_pred *string }
		}
		same, n := 0, 0
		for i, row := range rows[row](t, realdata.Path(t, mmluProFile)) {
			for j, m := range replay(t, rec, rec.Items[i]).Messages {
				if pred := row.Answers[j].Recorded_pred; pred != nil && m.Answer != "" {
					n++
					if string(m.Answer) == *pred {
						same++
					}
				}
			}
		}
		agree(t, "letter as recorded_pred, where both have one", same, n, 0.95)
	})
	t.Run("math-qwen", func(t *testing.T) {
		t.Parallel()
		rec := openReal(t, mathFile)
		type row struct {
			Idx     int
			Answers []struct{ Score bool }
		}
		theirs := map[string]row{}
		for _, row := range rows[row](t, realdata.Path(t, mathFile)) {
			theirs[fmt.Sprintf("math-qwen/%d", row.Idx)] = row
		}
		same, n := 0, 0
		for _, item := range rec.Items {
			for j, m := range replay(t, rec, item).Messages {
				n++
				if (m.Answer == item.Key) == theirs[item.Question.ID].Answers[j].Score {
					same++
				}
			}
		}
		agree(t, "right as score says", same, n, 0.97)
	})
}
