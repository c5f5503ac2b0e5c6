package datasets

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTheExamplesOfTheGuideWork loads every jsonl and csv block of docs/DATASETS.md.
func TestTheExamplesOfTheGuideWork(t *testing.T) {
	guide, err := os.ReadFile(filepath.Join("..", "docs", "DATASETS.md"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, block := range regexp.MustCompile("(?s)```(jsonl|csv)\n(.*?)```").FindAllStringSubmatch(string(guide), -1) {
		name := "questions." + block[1]
		items := mustLoad(t, filepath.Join(write(t, name, block[2]), name), Options{})
		sound(t, items)
		got = append(got, ids(items))
	}
	want := []string{
		"questions/tram=20 questions/1=B questions/2=B questions/3=paris",
		"questions/sky=B questions/red=A",
		"questions/0=20",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
