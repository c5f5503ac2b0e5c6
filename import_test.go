// Package cheaptalk_test holds the tests that concern the whole module.
package cheaptalk_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// arrows lists, for each folder of packages, the folders of this module that its non-test files may import.
// A folder stands for its subfolders too. A folder may import itself. docs/ARCHITECTURE.md draws the same arrows.
var arrows = map[string][]string{
	"debate":             {},
	"agents":             {"debate"},
	"protocols":          {"debate"},
	"judges":             {"debate"},
	"datasets":           {"debate"},
	"reports":            {"debate"},
	"tui":                {"debate"},
	"internal/store":     {"debate"},
	"internal/watch":     {"debate", "tui", "reports", "internal/store"},
	"internal/cache":     {"internal/store"},
	"internal/mockllm":   {},
	"internal/race":      {},
	"internal/realdata":  {},
	"internal/tmux":      {},
	"internal/shots":     {"internal/tmux"},
	"internal/budget":    {"debate", "agents"},
	"internal/telemetry": {"debate", "agents"},
	"internal/twin":      {"debate", "agents"},
	"internal/calibrate": {"debate", "agents"},
	"internal/predict":   {"debate", "agents", "protocols", "judges", "reports"},
	"internal/validate":  {"debate", "agents", "reports", "internal/twin", "internal/calibrate", "internal/predict"},
	"internal/exchange":  {"debate"},
	"examples":           {},
	"internal/demo":      {"examples", "internal/store", "internal/exchange", "internal/spec"},
	"internal/spec":      {"debate", "agents", "protocols", "judges", "datasets"},
	"internal/web":       {"debate", "reports", "internal/store"},
	"cmd/cheaptalk":      {"debate", "agents", "protocols", "judges", "datasets", "reports", "tui", "internal", "examples"},
}

// standardOnly lists the folders that import no other module.
var standardOnly = map[string]bool{"debate": true, "internal/mockllm": true, "internal/tmux": true}

// TestImportsFollowTheArrows reads every Go file of the module and holds its imports against arrows.
func TestImportsFollowTheArrows(t *testing.T) {
	seen := map[string]bool{}
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		from := folder(filepath.ToSlash(filepath.Dir(file)))
		if from == "" {
			t.Errorf("%s is in no folder that arrows names", file)
			return nil
		}
		seen[from] = true
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, imp := range parsed.Imports {
			name, err := strconv.Unquote(imp.Path.Value)
			if err != nil {
				return err
			}
			if !allowed(from, name) {
				t.Errorf("%s imports %s", file, name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for from := range arrows {
		if !seen[from] {
			t.Errorf("arrows names %s, where no package is", from)
		}
	}
}

// TestTheGuideDrawsTheArrows holds docs/ARCHITECTURE.md against arrows: its block of code says them all, and its layout has every folder.
func TestTheGuideDrawsTheArrows(t *testing.T) {
	guide, err := os.ReadFile("docs/ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(guide), "## Layout")
	layout, rest, _ := strings.Cut(rest, "## Arrows\n")
	_, rest, _ = strings.Cut(rest, "```\n")
	block, _, found := strings.Cut(rest, "```\n")
	if !found {
		t.Fatal("docs/ARCHITECTURE.md has no block of arrows")
	}
	drawn := map[string]bool{}
	for line := range strings.Lines(block) {
		words := strings.Fields(strings.ReplaceAll(line, "–", ""))
		drawn[words[0]] = true
		if want, ok := arrows[words[0]]; !ok || !slices.Equal(words[1:], want) {
			t.Errorf("docs/ARCHITECTURE.md says %q, import_test.go %q", strings.TrimSpace(line), want)
		}
	}
	for from := range arrows {
		if !drawn[from] {
			t.Errorf("docs/ARCHITECTURE.md has no arrows of %s", from)
		}
		if !strings.Contains(layout, from+"/ ") {
			t.Errorf("the layout of docs/ARCHITECTURE.md does not have %s", from)
		}
	}
}

// folder returns the key of arrows that a folder belongs to, or "".
func folder(dir string) string {
	for ; dir != "."; dir = path.Dir(dir) {
		if _, ok := arrows[dir]; ok {
			return dir
		}
	}
	return ""
}

func allowed(from, imported string) bool {
	inside, ours := strings.CutPrefix(imported, "cheaptalk/")
	if !ours {
		standard := !strings.Contains(strings.Split(imported, "/")[0], ".")
		return standard || !standardOnly[from]
	}
	for _, to := range append([]string{from}, arrows[from]...) {
		if inside == to || strings.HasPrefix(inside, to+"/") {
			return true
		}
	}
	return false
}

// TestArrowsForbid makes sure that the test above can fail.
func TestArrowsForbid(t *testing.T) {
	for _, c := range []struct {
		from, imported string
		want           bool
	}{
		{"debate", "context", true},
		{"debate", "gonum.org/v1/gonum/stat", false},
		{"debate", "cheaptalk/agents", false},
		{"internal/mockllm", "github.com/tmc/langchaingo/llms", false},
		{"internal/mockllm", "cheaptalk/debate", false},
		{"internal/mockllm", "cheaptalk/internal/mockllm/chat", true},
		{"agents", "cheaptalk/debate", true},
		{"agents", "cheaptalk/agents/models", true},
		{"agents", "cheaptalk/judges", false},
		{"reports", "cheaptalk/internal/store", false},
		{"tui", "cheaptalk/internal/store", false},
		{"internal/watch", "cheaptalk/agents", false},
		{"cmd/cheaptalk", "cheaptalk/internal/store", true},
	} {
		if got := allowed(c.from, c.imported); got != c.want {
			t.Errorf("may %s import %s: %v, want %v", c.from, c.imported, got, c.want)
		}
	}
}
