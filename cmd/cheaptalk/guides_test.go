package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"cheaptalk/internal/race"
	"cheaptalk/internal/realdata"
)

// TestTheReadmeShowsWhatIsPrinted runs the main job and holds what the README prints of it against what comes out.
func TestTheReadmeShowsWhatIsPrinted(t *testing.T) {
	module := absolute(t, root)
	t.Chdir(t.TempDir())
	run, _ := cheaptalk(t, exitDone, "run")
	show, _ := cheaptalk(t, exitDone, "show", "last", "sample-choices/c25", "naive")
	guide(t, filepath.Join(module, "README.md"), map[string]string{"The first one prints": run, "then reads the debates": show})
}

// TestTheGuideShowsWhatTheExamplesPrint does the same with examples/ and docs/EXPERIMENTS.md, on the real data.
func TestTheGuideShowsWhatTheExamplesPrint(t *testing.T) {
	race.SkipPure(t)
	t.Setenv("CHEAPTALK_DATA", absolute(t, realdata.Path(t)))
	module, printed := absolute(t, root), map[string]string{}
	t.Chdir(t.TempDir())
	for _, name := range []string{"wynn2025", "recorded-votes", "recorded-debates"} {
		run, _ := cheaptalk(t, exitDone, "run", filepath.Join(module, "examples", name+".yaml"), "--no-plots")
		report, _ := cheaptalk(t, exitDone, "report", name, "--no-plots")
		printed["### "+name+".yaml"] = run + "\n" + report
	}
	guide(t, filepath.Join(module, "docs", "EXPERIMENTS.md"), printed)
}

var (
	// passing is what differs from run to run: how long it took, and when it began.
	passing = regexp.MustCompile(`( debates  )[\d.]+ (?:µs|ms|s)\b|(-)\d{4}-\d\d-\d\d-\d{4}`)
	// underway is a line of a run that is not over.
	underway = regexp.MustCompile(`(?m)^\d+/\d+ debates  .* left  .*\n`)
	block    = regexp.MustCompile("(?s)\n```\n(.*?)\n```\n")
)

// guide holds the first block of code after each of the markers of a document against what was printed: each paragraph of the block is
// that of the output, the first that begins with the same words as far as a number. With -update it is rewritten.
func guide(t *testing.T, path string, printed map[string]string) {
	t.Helper()
	doc := filepath.Base(path)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	for marker, output := range printed {
		at := strings.Index(text, marker)
		if at < 0 {
			t.Fatalf("%s does not say %q", doc, marker)
		}
		found := block.FindStringSubmatchIndex(text[at:])
		if found == nil {
			t.Fatalf("%s has no block of code after %q", doc, marker)
		}
		output = underway.ReplaceAllString(output, "")
		shown := strings.Split(text[at+found[2]:at+found[3]], "\n\n")
		for i, old := range shown {
			now := counterpart(old, strings.Split(output, "\n\n"))
			if same(old, now) {
				continue
			}
			if now == "" {
				t.Errorf("%s, after %q: nothing like this is printed any more\n%s", doc, marker, old)
				continue
			}
			shown[i] = now
			if !*update {
				t.Errorf("%s, after %q: run with -update and read the difference\nshows\n%s\nprinted is\n%s", doc, marker, old, now)
			}
		}
		text = text[:at+found[2]] + strings.Join(shown, "\n\n") + text[at+found[3]:]
	}
	if *update && text != string(b) {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// absolute returns a path that holds in every folder.
func absolute(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// counterpart returns the paragraph that a guide shows, of a table as many lines as there: a guide may leave out its caption. It is "" when
// there is none.
func counterpart(shown string, output []string) string {
	words, _, _ := strings.Cut(shown, "\n")
	words = words[:strings.IndexAny(words+"0", "0123456789")]
	for _, p := range output {
		if p = strings.Trim(p, "\n"); !strings.HasPrefix(p, words) {
			continue
		}
		lines := strings.Split(p, "\n")
		if table := len(lines) > 1 && (strings.HasPrefix(lines[1], "arm ") || strings.HasPrefix(lines[1], "set ")); table {
			lines = lines[:min(strings.Count(shown, "\n")+1, len(lines))]
		}
		return strings.Join(lines, "\n")
	}
	return ""
}

// same compares two paragraphs but for what differs from run to run.
func same(a, b string) bool {
	return passing.ReplaceAllString(a, "$1$2") == passing.ReplaceAllString(b, "$1$2")
}
