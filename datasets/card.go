package datasets

import (
	"bytes"
	"embed"
	"path"
	"slices"
	"strings"

	"cheaptalk/debate"
)

// Card is what there is to know about one data set before its files are read.
type Card struct {
	Name     string // as Load takes it and as question IDs begin: "gsm8k"
	Title    string
	Source   string // the home page
	Licence  string
	Citation string
	Kind     debate.Kind // of every question
	Splits   []Split     // the default one first
	Withheld []string    // splits that are published without answers and so cannot be loaded
	Shots    string      // the split that worked examples are taken from; "" when there is none
	Notes    []string    // known errors and traps, a sentence each
	Embedded bool        // the files are in the program: nothing to download
}

// Split is one part of a data set.
type Split struct {
	Name    string
	Files   []File // in the order in which they are read
	Parquet string // path in the data directory of the Hugging Face file that is read when the first of Files is absent
	Rows    int    // questions in all files together
}

// File is one file of a split in its original format.
type File struct {
	Path    string // in the data directory, with slashes
	URL     string // where it is downloaded from
	Member  string // its path inside the tar archive at URL; "" when URL is the file itself
	SHA256  string // hexadecimal, of the file
	Subject string // of all its questions; "" where the set has no subjects
}

// Split returns the split of that name, or the default one for "".
func (c Card) Split(name string) (Split, bool) {
	if name == "" {
		return c.Splits[0], true
	}
	i := slices.IndexFunc(c.Splits, func(s Split) bool { return s.Name == name })
	if i < 0 {
		return Split{}, false
	}
	return c.Splits[i], true
}

// Subjects returns the subjects of the set in alphabetical order; nil for a set that has none.
func (c Card) Subjects() []string {
	var subjects []string
	for _, f := range c.Splits[0].Files {
		if f.Subject != "" {
			subjects = append(subjects, f.Subject)
		}
	}
	slices.Sort(subjects)
	return subjects
}

// Find returns the card of that name.
func Find(name string) (Card, bool) {
	cards := Cards()
	i := slices.IndexFunc(cards, func(c Card) bool { return c.Name == name })
	if i < 0 {
		return Card{}, false
	}
	return cards[i], true
}

// Cards returns the card of every data set that Load knows by name: the published ones, then the built-in samples.
func Cards() []Card {
	return []Card{gsm8k(), mmlu(), csqa(),
		sample("numbers", "Short word problems with a number for an answer", debate.Number),
		sample("choices", "Short questions with a choice of answers", debate.Choice),
		sample("commonsense", "Short everyday questions with a choice of answers", debate.Choice),
	}
}

func gsm8k() Card {
	const base = "https://raw.githubusercontent.com/openai/grade-school-math/master/grade_school_math/data/"
	split := func(name, sum string, rows int) Split {
		return Split{Name: name, Rows: rows, Parquet: "gsm8k/main/" + name + "-00000-of-00001.parquet",
			Files: []File{{Path: "gsm8k/" + name + ".jsonl", URL: base + name + ".jsonl", SHA256: sum}}}
	}
	return Card{
		Name: "gsm8k", Title: "Grade School Math 8K: word problems of two to eight steps", Kind: debate.Number,
		Source:   "https://github.com/openai/grade-school-math",
		Licence:  "MIT",
		Citation: "Cobbe et al. 2021, Training Verifiers to Solve Math Word Problems, arXiv 2110.14168",
		Splits: []Split{
			split("test", "3730d312f6e3440559ace48831e51066acaca737f6eabec99bccb9e4b3c39d14", 1319),
			split("train", "17f347dc51477c50d4efb83959dbb7c56297aba886e5544ee2aaed3024813465", 7473),
		},
		Shots: "train",
	}
}

//go:embed mmlu.sha256
var mmluSums string // "SUM  SPLIT/SUBJECT_SPLIT.csv", sorted

func mmlu() Card {
	const archive = "https://people.eecs.berkeley.edu/~hendrycks/data.tar"
	splits := []Split{{Name: "test", Rows: 14042}, {Name: "val", Rows: 1531}, {Name: "dev", Rows: 285}}
	for i := range splits {
		s := &splits[i]
		hub := s.Name
		if hub == "val" {
			hub = "validation"
		}
		s.Parquet = "mmlu/all/" + hub + "-00000-of-00001.parquet"
		for line := range strings.Lines(mmluSums) {
			sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
			if path.Dir(name) == s.Name {
				s.Files = append(s.Files, File{Path: "mmlu/" + name, URL: archive, Member: "data/" + name, SHA256: sum,
					Subject: strings.TrimSuffix(path.Base(name), "_"+s.Name+".csv")})
			}
		}
	}
	return Card{
		Name: "mmlu", Title: "Massive Multitask Language Understanding: 57 subjects, 4 choices", Kind: debate.Choice,
		Source:   "https://github.com/hendrycks/test",
		Licence:  "MIT",
		Citation: "Hendrycks et al. 2021, Measuring Massive Multitask Language Understanding, arXiv 2009.03300",
		Splits:   splits,
		Shots:    "dev",
		Notes: []string{
			"27 rows of test repeat another row of their subject, 105 one of any subject; each is a question of its own here.",
			"9 rows of test have two identical options; the key is the letter, so only one of the two is right.",
		},
	}
}

func csqa() Card {
	split := func(name, hub, sum string, rows int) Split {
		file := name + "_rand_split.jsonl"
		return Split{Name: name, Rows: rows, Parquet: "commonsense_qa/data/" + hub + "-00000-of-00001.parquet",
			Files: []File{{Path: "commonsense_qa/" + file, URL: "https://s3.amazonaws.com/commonsensqa/" + file, SHA256: sum}}}
	}
	return Card{
		Name: "csqa", Title: "CommonsenseQA: everyday knowledge, 5 choices", Kind: debate.Choice,
		Source:   "https://www.tau-nlp.org/commonsenseqa",
		Licence:  "MIT",
		Citation: "Talmor et al. 2019, CommonsenseQA, arXiv 1811.00937",
		Splits: []Split{
			split("dev", "validation", "3210497fdaae614ac085d9eb873dd7f4d49b6f965a93adadc803e1229fd8a02a", 1221),
			split("train", "train", "58ffa3c8472410e24b8c43f423d89c8a003d8284698a6ed7874355dedd09a2fb", 9741),
		},
		Withheld: []string{"test"},
		Shots:    "train",
		Notes: []string{
			"The test split is published without answers: evaluate on dev.",
			"24 rows of dev have two options with the same text; the key is the letter, so only one of the two is right.",
		},
	}
}

//go:embed samples/*.jsonl
var samples embed.FS

// sample returns the card of the built-in set in samples/NAME.jsonl.
func sample(name, title string, kind debate.Kind) Card {
	file := "samples/" + name + ".jsonl"
	rows := 0
	if b, err := samples.ReadFile(file); err == nil {
		for line := range bytes.Lines(b) {
			if len(bytes.TrimSpace(line)) > 0 {
				rows++
			}
		}
	}
	return Card{
		Name: "sample-" + name, Title: title, Kind: kind, Embedded: true,
		Source:   "built in",
		Licence:  "MIT",
		Citation: "written for cheaptalk",
		Splits:   []Split{{Name: "test", Files: []File{{Path: file}}, Rows: rows}},
		Notes:    []string{"Written to try things out: too small and too easy to rank models by."},
	}
}
