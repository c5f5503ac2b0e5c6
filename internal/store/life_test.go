package store

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"cheaptalk/debate"
	"cheaptalk/internal/store/deflate"
)

// The test binary runs itself as another process: with this in the environment, TestMain does not test but writes a run.
const childRun = "STORE_TEST_WRITE"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childRun); dir != "" {
		writeForever(dir)
	}
	os.Exit(m.Run())
}

// writeForever puts record after record and says the number of each that was acknowledged.
func writeForever(dir string) {
	r, err := Open(dir)
	if err != nil {
		os.Stdout.WriteString(err.Error() + "\n")
		os.Exit(1)
	}
	for i := 0; ; i++ {
		if err := r.Put(sample(debate.Case{Arm: "a", Item: "x", Repeat: i})); err != nil {
			os.Exit(1)
		}
		os.Stdout.WriteString(strconv.Itoa(i) + "\n")
	}
}

// child starts a process that writes the run, and returns it with what it says.
func child(t *testing.T, dir string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childRun+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewScanner(out)
}

func TestKillLosesNothingAcknowledged(t *testing.T) {
	for name, meta := range map[string]Meta{"full": {}, "simulated": {Simulated: true}, "compact": {Simulated: true, Compact: true}} {
		t.Run(name, func(t *testing.T) {
			r := create(t, meta)
			if err := r.Close(); err != nil {
				t.Fatal(err)
			}
			cmd, lines := child(t, r.Dir())
			acknowledged := -1
			for acknowledged < 100 && lines.Scan() {
				acknowledged, _ = strconv.Atoi(lines.Text())
			}

			// While it writes: its records are read, and a second writer is refused.
			o, err := OpenReadOnly(r.Dir())
			if err != nil {
				t.Fatal(err)
			}
			if s := o.Meta().State; s != Running {
				t.Errorf("state %s while it is written", s)
			}
			if n := len(collect(t, o.Cases(t.Context(), Filter{}))); n <= acknowledged {
				t.Errorf("%d records seen after the acknowledgement of number %d", n, acknowledged)
			}
			if _, err := Open(r.Dir()); !errors.Is(err, ErrLocked) {
				t.Errorf("a second writer: %v", err)
			}
			o.Close()

			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			for lines.Scan() { // what it said before it died
				if n, err := strconv.Atoi(lines.Text()); err == nil {
					acknowledged = n
				}
			}
			cmd.Wait()

			if o, err = OpenReadOnly(r.Dir()); err != nil {
				t.Fatal(err)
			}
			if s := o.Meta().State; s != Interrupted {
				t.Errorf("state %s after the kill", s)
			}
			o.Close()
			if r, err = Open(r.Dir()); err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			for i := range acknowledged + 1 {
				if !r.Has(debate.Case{Arm: "a", Item: "x", Repeat: i}) {
					t.Errorf("record %d of %d is gone", i, acknowledged)
				}
			}
			n := 0
			for rec, err := range r.Records(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				want := bare(sample(rec.Case))
				if meta.Compact {
					want = textless(want)
				}
				same(t, rec, want)
				n++
			}
			if n <= acknowledged || n > acknowledged+2 { // one may have been committed and not acknowledged
				t.Errorf("%d records after the acknowledgement of number %d", n, acknowledged)
			}
			if m := r.Meta(); m.State != Running || len(m.Resumed) != 2 {
				t.Errorf("state %s, resumed %d times", m.State, len(m.Resumed))
			}
		})
	}
}

func TestFullDiskKeepsWhatWasRecorded(t *testing.T) {
	r := create(t, Meta{})
	// A limit on the pages of the file makes SQLite meet the same error as a full disk.
	if _, err := r.writer.Exec(`PRAGMA max_page_count = 60`); err != nil {
		t.Fatal(err)
	}
	n, err := 0, error(nil)
	for ; err == nil && n < 1000; n++ {
		err = r.Put(sample(debate.Case{Arm: "a", Item: "x", Repeat: n}))
	}
	n-- // the last was refused
	if !errors.Is(err, ErrFull) || !strings.Contains(err.Error(), r.Dir()) {
		t.Fatalf("error %v", err)
	}
	if n == 0 || len(collect(t, r.Records(t.Context()))) != n {
		t.Fatalf("not %d records", n)
	}
	if _, err := r.writer.Exec(`PRAGMA max_page_count = 4294967294`); err != nil {
		t.Fatal(err)
	}
	put(t, r, sample(debate.Case{Arm: "a", Item: "x", Repeat: n})) // space was made: it goes on
	for i := range n + 1 {
		c := debate.Case{Arm: "a", Item: "x", Repeat: i}
		rec, err := r.RecordWithCalls(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		same(t, rec, sample(c))
	}
}

func TestCreateNamesTheFolder(t *testing.T) {
	root := filepath.Join(t.TempDir(), "deep", "runs #1?x=%20") // no character of a path confuses the URI
	at := time.Date(2026, 11, 23, 18, 2, 59, 0, time.UTC)
	for _, test := range []struct{ name, folder string }{
		{"sampler", "sampler-2026-11-23-1802"},
		{"sampler", "sampler-2026-11-23-1802-2"},
		{"sampler", "sampler-2026-11-23-1802-3"},
		{"../a b/c:ä", "a-b-c-2026-11-23-1802"},
		{"..", "run-2026-11-23-1802"},
		{strings.Repeat("x", 300), strings.Repeat("x", 80) + "-2026-11-23-1802"},
	} {
		r, err := Create(root, test.name, Meta{Created: at, Name: "is replaced"})
		if err != nil {
			t.Fatal(err)
		}
		if got := filepath.Base(r.Dir()); got != test.folder {
			t.Errorf("%q is in %s, want %s", test.name, got, test.folder)
		}
		if m := r.Meta(); m.Name != test.name || m.State != Running {
			t.Errorf("meta %+v", m)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(filepath.Join(root, "sampler-2026-11-23-1802", runFile)); err != nil {
		t.Error(err)
	}
}

func TestCloseLeavesOnePlainFile(t *testing.T) {
	r := create(t, Meta{})
	put(t, r, sample(debate.Case{Arm: "a", Item: "x"}))
	check := func() {
		t.Helper()
		entries, err := os.ReadDir(r.Dir())
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if name := e.Name(); name != runFile && name != lockFile {
				t.Errorf("%s is left behind", name)
			}
		}
	}
	if err := r.Update(func(m *Meta) { m.State, m.Planned, m.Compact = Finished, 1, true }); err != nil {
		t.Fatal(err)
	}
	r.Close()
	check()
	o, err := OpenReadOnly(r.Dir())
	if err != nil {
		t.Fatal(err)
	}
	if m := o.Meta(); m.State != Finished || m.Planned != 1 || m.Compact {
		t.Errorf("meta %+v", m)
	}
	if n := len(collect(t, o.Records(context.Background()))); n != 1 {
		t.Errorf("%d records", n)
	}
	for what, err := range map[string]error{"Put": o.Put(sample(debate.Case{})), "Update": o.Update(func(*Meta) {})} {
		if err == nil || !strings.Contains(err.Error(), "opened for reading") {
			t.Errorf("%s: %v", what, err)
		}
	}
	o.Close()
	check()
}

// What a record survives cannot be tested without cutting the power; what it is asked of SQLite can.
func TestPaidRunsSurviveAPowerCut(t *testing.T) {
	const normal, full = 1, 2 // as PRAGMA synchronous numbers them
	for want, meta := range map[int]Meta{full: {}, normal: {Simulated: true}} {
		r := create(t, meta)
		check := func() {
			t.Helper()
			var got int
			var journal string
			if err := r.writer.QueryRow(`SELECT synchronous, journal_mode FROM pragma_synchronous, pragma_journal_mode`).Scan(&got, &journal); err != nil {
				t.Fatal(err)
			}
			if got != want || journal != "wal" {
				t.Errorf("simulated %t: synchronous=%d journal_mode=%s", meta.Simulated, got, journal)
			}
		}
		check()
		r.Close()
		var err error
		if r, err = Open(r.Dir()); err != nil {
			t.Fatal(err)
		}
		check()
		r.Close()
	}
}

func TestLockIsReleased(t *testing.T) {
	r := create(t, Meta{})
	if _, err := Open(r.Dir()); !errors.Is(err, ErrLocked) {
		t.Fatalf("a second writer of the same process: %v", err)
	}
	r.Close()
	again, err := Open(r.Dir())
	if err != nil {
		t.Fatal(err)
	}
	again.Close()
}

func TestBadFoldersAreExplained(t *testing.T) {
	garble := func(t *testing.T, dir string, offset int64) {
		f, err := os.OpenFile(filepath.Join(dir, runFile), os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if _, err := f.WriteAt([]byte(strings.Repeat("garbage!", 100)), offset); err != nil {
			t.Fatal(err)
		}
	}
	execute := func(t *testing.T, r *Run, statement string) {
		if _, err := r.writer.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	for name, test := range map[string]struct {
		spoil func(t *testing.T, r *Run) (dir string)
		want  error
	}{
		"missing":      {func(t *testing.T, r *Run) string { return filepath.Join(r.Dir(), "no") }, ErrNotRun},
		"empty folder": {func(t *testing.T, r *Run) string { return t.TempDir() }, ErrNotRun},
		"empty file":   {func(t *testing.T, r *Run) string { os.Truncate(r.file(), 0); return r.Dir() }, ErrNotRun},
		"other program": {func(t *testing.T, r *Run) string {
			execute(t, r, `PRAGMA application_id = 7`)
			return r.Dir()
		}, ErrNotRun},
		"newer":     {func(t *testing.T, r *Run) string { execute(t, r, `PRAGMA user_version = 99`); return r.Dir() }, ErrNewer},
		"no header": {func(t *testing.T, r *Run) string { r.Close(); garble(t, r.Dir(), 0); return r.Dir() }, ErrDamaged},
		"no meta":   {func(t *testing.T, r *Run) string { execute(t, r, `DELETE FROM meta`); return r.Dir() }, ErrDamaged},
		"bad meta":  {func(t *testing.T, r *Run) string { execute(t, r, `UPDATE meta SET body='{'`); return r.Dir() }, ErrDamaged},
	} {
		t.Run(name, func(t *testing.T) {
			r := create(t, Meta{})
			dir := test.spoil(t, r)
			r.Close()
			for what, open := range map[string]func(string) (*Run, error){"Open": Open, "OpenReadOnly": OpenReadOnly} {
				_, err := open(dir)
				if !errors.Is(err, test.want) || !strings.Contains(err.Error(), dir) {
					t.Errorf("%s: error %v, want %q with the folder", what, err, test.want)
				}
			}
			if test.want == ErrNewer { // it has not been touched, so that the newer program can read it
				r, err := OpenReadOnly(dir)
				if err == nil {
					r.Close()
					t.Error("opened")
				}
			}
		})
	}
}

// TestRunsOfOlderSchemasAreRead makes a run what an older version of the schema was, reads it, and goes on with it.
func TestRunsOfOlderSchemasAreRead(t *testing.T) {
	for version := 1; version < schemaVersion; version++ {
		t.Run(strconv.Itoa(version), func(t *testing.T) {
			r := create(t, Meta{})
			old := sample(debate.Case{Arm: "a", Item: "old"})
			if version < 2 {
				for _, m := range replies(old) { // it knew of neither
					for i := range m.Exchanges {
						m.Exchanges[i].Cached, m.Exchanges[i].Usage.Estimated = false, 0
					}
				}
			}
			put(t, r, old)
			makeOlder(t, r, old, version)
			r.Close()
			has := func(r *Run, want *debate.Record) {
				t.Helper()
				got, err := r.RecordWithCalls(t.Context(), want.Case)
				if err != nil {
					t.Fatal(err)
				}
				same(t, got, want)
			}
			reader, err := OpenReadOnly(r.Dir())
			if err != nil {
				t.Fatal(err)
			}
			defer reader.Close()
			has(reader, old)
			if r, err = Open(r.Dir()); err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			has(r, old)
			has(reader, old)
			fresh := sample(debate.Case{Arm: "a", Item: "new"})
			put(t, r, fresh)
			has(r, fresh)
			has(reader, fresh)
			has(r, old)
			shared := map[string]bool{}
			if err := r.Shared(t.Context(), func(key string, _ []byte) error {
				shared[strings.Fields(key)[1]] = true
				return nil
			}); err != nil || !shared["old"] || !shared["new"] {
				t.Errorf("%v, shared responses of %v", err, shared)
			}
		})
	}
}

// makeOlder makes a run with one record what a run of an older version of the schema was.
func makeOlder(t *testing.T, r *Run, rec *debate.Record, version int) {
	t.Helper()
	exec := func(query string, args ...any) {
		t.Helper()
		if _, err := r.writer.Exec(query, args...); err != nil {
			t.Fatal(err)
		}
	}
	id := 1000
	for seq, m := range replies(rec) {
		for n, x := range m.Exchanges {
			for _, body := range [][]byte{x.Request, x.Response} {
				id++
				exec(`INSERT INTO blobs(id, sum, body) VALUES(?, ?, ?)`, id, strconv.Itoa(id), new(deflate.Deflater).Deflate(body))
			}
			exec(`UPDATE calls SET share_key=?, request=?, response=? WHERE seq=? AND n=?`, x.Share, id-1, id, seq, n)
		}
	}
	exec(`ALTER TABLE debates DROP COLUMN bodies`)
	if version < 2 {
		exec(`ALTER TABLE calls DROP COLUMN cached; ALTER TABLE calls DROP COLUMN estimated`)
	}
	exec(`PRAGMA user_version=` + strconv.Itoa(version))
}

func TestDamagedCallsAreNamed(t *testing.T) {
	for name, statement := range map[string]string{
		"bodies":   `UPDATE debates SET bodies = x'0142'`,
		"cut":      `UPDATE debates SET bodies = x'000542'`,
		"encoding": `UPDATE debates SET bodies = x'07'`,
		"a call": `INSERT INTO calls SELECT item, draw, repeat, arm, 70, n, model, served, url, finish, attempts, shared, cached, share_key, took_ns, calls,
			prompt_tokens, cached_tokens, completion_tokens, reasoning_tokens, estimated, request, response FROM calls WHERE seq = 8`,
	} {
		r := create(t, Meta{})
		c := debate.Case{Arm: "naive", Item: "x/1"}
		put(t, r, sample(c))
		if _, err := r.writer.Exec(statement); err != nil {
			t.Fatal(err)
		}
		if _, err := r.RecordWithCalls(t.Context(), c); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), c.String()) {
			t.Errorf("%s: error %v", name, err)
		}
		err := r.Shared(t.Context(), func(string, []byte) error { return nil })
		if (err != nil) != (name != "a call") || err != nil && (!errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), r.Dir())) {
			t.Errorf("%s: Shared: %v", name, err)
		}
	}
}

func TestDamagedRecordsAreNamed(t *testing.T) {
	for name, statement := range map[string]string{
		"body":     `UPDATE debates SET body = x'0142'`,
		"empty":    `UPDATE debates SET body = x''`,
		"encoding": `UPDATE debates SET body = x'07'`,
		"question": `DELETE FROM blobs`,
	} {
		for _, small := range []bool{false, true} {
			r := create(t, Meta{Compact: small})
			c := debate.Case{Arm: "naive", Item: "x/1"}
			put(t, r, sample(c))
			if _, err := r.writer.Exec(statement); err != nil {
				t.Fatal(err)
			}
			_, err := r.Record(t.Context(), c)
			if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), c.String()) || !strings.Contains(err.Error(), r.Dir()) {
				t.Errorf("%s, compact %t: error %v", name, small, err)
			}
			n := 0
			for _, err := range r.Records(t.Context()) {
				if n++; !errors.Is(err, ErrDamaged) {
					t.Errorf("%s, compact %t: Records: %v", name, small, err)
				}
			}
			if n != 1 {
				t.Errorf("%s: yielded %d times", name, n)
			}
		}
	}
}

func TestReadOnlyFolder(t *testing.T) {
	if runtime.GOOS == "windows" || os.Getuid() == 0 {
		t.Skip("this user may write everywhere")
	}
	r := create(t, Meta{})
	put(t, r, sample(debate.Case{Arm: "a", Item: "x"}))
	r.Close()
	for _, name := range []string{runFile, lockFile, "."} {
		path := filepath.Join(r.Dir(), name)
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, info.Mode()&0o555); err != nil {
			t.Fatal(err)
		}
		defer os.Chmod(path, info.Mode())
	}
	o, err := OpenReadOnly(r.Dir())
	if err != nil {
		t.Fatal(err)
	}
	if n := len(collect(t, o.Records(t.Context()))); n != 1 {
		t.Errorf("%d records", n)
	}
	o.Close()
	if _, err := Open(r.Dir()); !errors.Is(err, ErrReadOnly) {
		t.Errorf("Open: %v", err)
	}
	if _, err := Create(r.Dir(), "x", Meta{}); err == nil || !strings.Contains(err.Error(), r.Dir()) {
		t.Errorf("Create: %v", err)
	}
}
