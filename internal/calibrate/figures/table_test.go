package figures

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cheaptalk/internal/realdata"
)

// calibrationData reads a CSV file of the real data, without its header.
func calibrationData(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := os.Open(realdata.Path(t, "calibration", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return lines[1:]
}

// TestFiguresOfWynnAreThePublishedOnes: nothing but the order of a group is changed.
func TestFiguresOfWynnAreThePublishedOnes(t *testing.T) {
	rows, anchors, err := Wynn()
	if err != nil {
		t.Fatal(err)
	}
	if len(anchors) != 10 {
		t.Errorf("%d anchors, want 10", len(anchors))
	}
	sorted := func(group string) string {
		parts := strings.Split(group, "+")
		slices.Sort(parts)
		return strings.Join(parts, "+")
	}
	have := map[string]bool{}
	for _, r := range rows {
		have[fmt.Sprint(r.Task, sorted(r.Group), r.Before, r.After)] = true
	}
	lines := calibrationData(t, "wynn2025_table1.csv")
	for _, line := range lines {
		var v [4]float64
		for i := range v {
			v[i], _ = strconv.ParseFloat(line[2+i], 64) // empty is 0
		}
		if key := fmt.Sprint(line[0], sorted(line[1]), Figure{v[0], v[1]}, Figure{v[2], v[3]}); !have[key] {
			t.Errorf("%v is not among the figures", line)
		}
	}
	if len(lines) != len(rows) {
		t.Errorf("%d rows, published %d", len(rows), len(lines))
	}
}

// TestFiguresOfQuAreThePublishedOnes: three consensus types a model, no authority labels.
func TestFiguresOfQuAreThePublishedOnes(t *testing.T) {
	reactions, err := Qu()
	if err != nil {
		t.Fatal(err)
	}
	if len(reactions) != 12 {
		t.Fatalf("%d reactions, want 12", len(reactions))
	}
	models := map[string]string{"qwen25_it": "qwen2.5-7b", "mistral_it": "mistral-7b", "gemma2_it": "gemma-2-9b", "llama31_it": "llama-3.1-8b"}
	peers := map[string]string{"mixed": "mixed", "unanimous correct": "right", "unanimous wrong": "wrong"}
	for _, line := range calibrationData(t, "qu2026_revision_by_model.csv") {
		if line[2] != "absent" {
			continue
		}
		harmful, err1 := strconv.ParseFloat(line[8], 64)
		beneficial, err2 := strconv.ParseFloat(line[9], 64)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		if !slices.ContainsFunc(reactions, func(r Reaction) bool {
			return r.Model == models[line[0]] && r.Peers == peers[line[1]] && strconv.Itoa(r.Right) == line[4] && strconv.Itoa(r.Wrong) == line[5] &&
				math.Abs(r.Harmful-harmful) < 0.001 && math.Abs(r.Beneficial-beneficial) < 0.001
		}) {
			t.Errorf("%v is not among the figures", line)
		}
	}
}

// TestTablesAreRefused with the file, the line, the field and the fix.
func TestTablesAreRefused(t *testing.T) {
	const head = "task,group,before,before_se,after,after_se\n"
	for _, c := range []struct{ text, want string }{
		{"", "t.csv is empty; its first line names the columns"},
		{"task,group\n", "t.csv:1: there is no column before;"},
		{head, "no row is of a group"},
		{head + "csqa,1xm,50,2,,\n", "no row is of a group"},
		{head + "csqa,3xm,50,2,x,2\n", `t.csv:2: after is "x"; give percent`},
		{head + "# a comment\ncsqa,3xm,50,2,101,2\n", `t.csv:3: after is "101"; give percent`},
		{head + "csqa,3xm,50,0,50,2\n", `t.csv:2: before_se is "0"; give a standard error`},
		{head + "csqa,3xm,50,NaN,50,2\n", `t.csv:2: before_se is "NaN"`},
		{head + "csqa,m,50,2,50,2\n", `t.csv:2: group is "m"; write 3xMODEL`},
		{head + "csqa,99xm,50,2,50,2\n", `t.csv:2: group is "99xm"`},
		{head + "csqa,3xa/b,50,2,50,2\n", `t.csv:2: group is "3xa/b"`},
		{head + ",3xm,50,2,50,2\n", "t.csv:2: task is empty"},
		{head + "trivia,3xm,50,2,50,2\n", `t.csv:2: task "trivia" is not known; add a column choices`},
		{"task,group,before,before_se,after,after_se,choices\ntrivia,3xm,50,2,50,2,1\n", "t.csv:2: choices is 1; give 2 or more"},
		{"task,group,before,before_se,after,after_se,choices\ntrivia,3xm,50,2,50,2,2.5\n", "t.csv:2: choices is 2.5; give a whole number"},
		{head + "csqa,3xm,50\n", "wrong number of fields"},
	} {
		if _, err := ReadTable("t.csv", strings.NewReader(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: error %v, want %q", c.text, err, c.want)
		}
	}
	rows, err := ReadTable("t.csv", strings.NewReader("\ufefftask,group,before,before_se,after,after_se,choices\ntrivia,2xm+1xn,50,2,51,3,7\n"))
	if err != nil || len(rows) != 1 || rows[0].Choices != 7 || !slices.Equal(rows[0].Team, []string{"m", "m", "n"}) || rows[0].After != (Figure{51, 3}) {
		t.Errorf("rows %v, %v", rows, err)
	}
}

// FuzzReadTable: a table is read or refused, and never crashes.
func FuzzReadTable(f *testing.F) {
	f.Add("task,group,before,before_se,after,after_se\ncsqa,3xm,50,2,40,2\n")
	f.Add("task,group,before,before_se,after,after_se,choices\n\"a\nb\",2xm+1xn,1e3,2,,\n")
	f.Fuzz(func(t *testing.T, text string) {
		rows, err := ReadTable("t.csv", strings.NewReader(text))
		if err != nil {
			return
		}
		for _, r := range rows {
			if len(r.Team) == 0 || len(r.Team) > MaxTeam || r.Before.SE <= 0 || !r.Alone() && r.After.SE <= 0 {
				t.Errorf("%q gives %+v", text, r)
			}
		}
	})
}
