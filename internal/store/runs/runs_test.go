package runs

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cheaptalk/debate"
	"cheaptalk/internal/store"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// create makes a run so many minutes after noon and closes it.
func create(t *testing.T, root, name string, minutes int, finish func(*store.Run)) string {
	t.Helper()
	r, err := store.Create(root, name, store.Meta{Created: noon.Add(time.Duration(minutes) * time.Minute), Planned: 3, Simulated: true})
	if err != nil {
		t.Fatal(err)
	}
	if finish != nil {
		finish(r)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	return r.Dir()
}

func TestList(t *testing.T) {
	root := t.TempDir()
	old := create(t, root, "b", 0, nil)
	middle := create(t, root, "a", 5, func(r *store.Run) {
		for i, failed := range []string{"", "no server", "no server"} {
			if err := r.Put(&debate.Record{Case: debate.Case{Arm: "x", Item: "q", Repeat: i}, Failed: failed, Again: i == 2}); err != nil {
				t.Fatal(err)
			}
		}
		if err := r.Update(func(m *store.Meta) { m.State = store.Finished }); err != nil {
			t.Fatal(err)
		}
	})
	live, err := store.Create(root, "c", store.Meta{Created: noon.Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	defer live.Close()
	broken := create(t, root, "d", 90, nil)
	if err := os.WriteFile(filepath.Join(broken, "run.db"), []byte(strings.Repeat("not SQLite ", 100)), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"notes", "plots"} { // neither is a run
		if err := os.Mkdir(filepath.Join(root, name), 0o777); err != nil {
			t.Fatal(err)
		}
	}

	got, err := List(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 4 {
		t.Fatalf("%d runs: %+v", len(got), got)
	}
	if !errors.Is(got[3].Err, store.ErrDamaged) || got[3].Name != "d" || got[3].Dir != broken {
		t.Errorf("broken: %+v", got[3])
	}
	for i := range got {
		got[i].Created, got[i].Err = got[i].Created.UTC(), nil
	}
	want := []Summary{
		{Dir: live.Dir(), Name: "c", Created: noon.Add(time.Hour), State: store.Running},
		{Dir: middle, Name: "a", Created: noon.Add(5 * time.Minute), Planned: 3, Done: 2, Failed: 1, State: store.Finished, Simulated: true},
		{Dir: old, Name: "b", Created: noon, Planned: 3, State: store.Interrupted, Simulated: true},
		{Dir: broken, Name: "d"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("\n got %+v\nwant %+v", got, want)
	}
	if got, err := List(t.Context(), filepath.Join(root, "nowhere")); len(got) != 0 || err != nil {
		t.Errorf("no folder: %v, %v", got, err)
	}
}

func TestResolve(t *testing.T) {
	root := t.TempDir()
	first := create(t, root, "sampler", 0, nil)
	second := create(t, root, "sampler", 0, nil)
	big := create(t, root, "sampler-big", 10, nil)
	wynn := create(t, root, "wynn2025", 5, nil)
	other := create(t, t.TempDir(), "elsewhere", 0, nil)
	check := func(ref, want string, mentions ...string) {
		t.Helper()
		got, err := Resolve(t.Context(), root, ref)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q is %q, %v; want %q", ref, got, err, want)
		}
		for _, s := range mentions {
			if err == nil || !strings.Contains(err.Error(), s) {
				t.Errorf("%q: error %v does not mention %s", ref, err, s)
			}
		}
	}
	check("last", big)
	check(filepath.Base(first), first) // though it is the beginning of the second's
	check(filepath.Base(second), second)
	check("wynn2025", wynn)
	check("wy", wynn)
	check("sampler-b", big)
	check("sampler-big", big)
	check(other, other)
	check(other+string(filepath.Separator), other+string(filepath.Separator))
	check("sampler", "", filepath.Base(first), filepath.Base(second), "may be several")
	check("s", "", filepath.Base(big), filepath.Base(first))
	check("nobody", "", filepath.Base(wynn), filepath.Base(big))
	check("", "", "last", filepath.Base(wynn))
	check(root, "", "run.db")

	root = filepath.Join(root, "empty")
	check("last", "", "no runs in")
	check("x", "", "no runs in")
}

func TestLastIsTheHigherNumberOfTheSameMinute(t *testing.T) {
	root := t.TempDir()
	var want string
	for range 11 {
		want = create(t, root, "a", 0, nil)
	}
	if got, err := Resolve(t.Context(), root, "last"); got != want || err != nil {
		t.Errorf("got %s, %v; want %s", got, err, want)
	}
	list, err := List(t.Context(), root)
	if err != nil || list[0].Dir != want {
		t.Errorf("List starts with %s, %v; want %s", list[0].Dir, err, want)
	}
}

func TestUnfinishedRunsTheNewestFirst(t *testing.T) {
	root := t.TempDir()
	old := create(t, root, "old", 0, nil)
	create(t, root, "done", 1, func(r *store.Run) {
		if err := r.Update(func(m *store.Meta) { m.State = store.Finished }); err != nil {
			t.Fatal(err)
		}
	})
	broken := create(t, root, "broken", 2, nil)
	if err := os.WriteFile(filepath.Join(broken, "run.db"), []byte(strings.Repeat("not SQLite ", 100)), 0o666); err != nil {
		t.Fatal(err)
	}
	live, err := store.Create(root, "live", store.Meta{Created: noon.Add(time.Hour), Spec: "seed: 1\n", Named: true})
	if err != nil {
		t.Fatal(err)
	}
	defer live.Close()
	list, err := Unfinished(t.Context(), root)
	if err != nil || len(list) != 2 || list[0].Dir != live.Dir() || list[1].Dir != old {
		t.Fatalf("%+v, %v", list, err)
	}
	if m := list[0].Meta; m.State != store.Running || m.PID != os.Getpid() || !m.Named || m.Spec != "seed: 1\n" {
		t.Errorf("live: %+v", m)
	}
	if m := list[1].Meta; m.State != store.Interrupted {
		t.Errorf("old: %+v", m)
	}
	if list, err := Unfinished(t.Context(), filepath.Join(root, "nowhere")); len(list) != 0 || err != nil {
		t.Errorf("no folder: %v, %v", list, err)
	}
}

// TestAnImportedRunIsNeverUnfinished: one whose import was cut short has nobody to go on with it.
func TestAnImportedRunIsNeverUnfinished(t *testing.T) {
	root := t.TempDir()
	r, err := store.Create(root, "half", store.Meta{Created: noon, Imported: []string{"records.jsonl"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if list, err := Unfinished(t.Context(), root); len(list) != 0 || err != nil {
		t.Errorf("%+v, %v", list, err)
	}
	if list, err := List(t.Context(), root); len(list) != 1 || !list[0].Imported || list[0].State != store.Interrupted || err != nil {
		t.Errorf("%+v, %v", list, err)
	}
}
