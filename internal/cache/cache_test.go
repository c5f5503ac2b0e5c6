package cache

import (
	"bufio"
	"bytes"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// The test binary runs itself as another process: with this in the environment, TestMain does not test but puts.
const childFile = "CACHE_TEST_PUT"

func TestMain(m *testing.M) {
	if file := os.Getenv(childFile); file != "" {
		putForever(file)
	}
	os.Exit(m.Run())
}

// putForever puts answer after answer from four goroutines and says the number of each that was acknowledged.
func putForever(file string) {
	c, err := Open(file)
	if err != nil {
		os.Stdout.WriteString(err.Error() + "\n")
		os.Exit(1)
	}
	var said sync.Mutex
	for g := range 4 {
		go func() {
			for i := g; ; i += 4 {
				if err := c.Put(keyOf(i), completion(i, 50)); err != nil {
					os.Exit(1)
				}
				said.Lock()
				os.Stdout.WriteString(strconv.Itoa(i) + "\n")
				said.Unlock()
			}
		}()
	}
	select {}
}

func file(t *testing.T) string { return filepath.Join(t.TempDir(), "folder", "completions.db") }

func open(t *testing.T, path string) *Cache {
	t.Helper()
	c, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// has fails unless the cache has that answer number i.
func has(t *testing.T, c *Cache, i int, want []byte) {
	t.Helper()
	got, ok, err := c.Get(keyOf(i))
	if err != nil || ok != (want != nil) || !bytes.Equal(got, want) {
		t.Errorf("answer %d is %.40q, %t, %v", i, got, ok, err)
	}
}

func put(t *testing.T, c *Cache, i int, response []byte) {
	t.Helper()
	if err := c.Put(keyOf(i), response); err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsPutIsGotAgain(t *testing.T) {
	path := file(t)
	c, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	bodies := [][]byte{completion(0, 10), completion(1, 120), completion(2, 20_000), []byte(`{}`)}
	for i, body := range bodies {
		has(t, c, i, nil)
		put(t, c, i, body)
		has(t, c, i, body)
	}
	put(t, c, 0, bodies[1]) // the later one counts
	bodies[0] = bodies[1]
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	c = open(t, path)
	for i, body := range bodies {
		has(t, c, i, body)
	}
	has(t, c, len(bodies), nil)
	var all []string
	for body, err := range c.Responses() {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(body))
	}
	slices.Sort(all)
	var want []string
	for _, body := range bodies {
		want = append(want, string(body))
	}
	slices.Sort(want)
	if !slices.Equal(all, want) {
		t.Errorf("all answers are %.80q", all)
	}
	if runtime.GOOS == "windows" {
		return // it has other permissions
	}
	for path, want := range map[string]fs.FileMode{path: 0o600, path + "-wal": 0o600, filepath.Dir(path): 0o700} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
}

func TestKeysAreHashes(t *testing.T) {
	c := open(t, file(t))
	for _, key := range []string{"", "ab", keyOf(1) + "0", keyOf(1)[1:] + "g"} {
		if err := c.Put(key, []byte("{}")); err == nil {
			t.Errorf("%q was put", key)
		}
		if _, ok, err := c.Get(key); ok || err == nil {
			t.Errorf("%q was looked up", key)
		}
	}
}

// TestTwoProcessesShareAFile opens the file twice, which is what two processes do, and has both put and get at the same time.
func TestTwoProcessesShareAFile(t *testing.T) {
	path := file(t)
	const goroutines, each = 8, 40
	var wg sync.WaitGroup
	for range 2 {
		c := open(t, path)
		for g := range goroutines {
			wg.Go(func() {
				for i := range each {
					n := i*goroutines + g
					if err := c.Put(keyOf(n), completion(n, 30)); err != nil {
						t.Error(err)
					}
					has(t, c, n, completion(n, 30))
				}
			})
		}
	}
	wg.Wait()
	info, err := open(t, path).Info(t.Context())
	if err != nil || info.Entries != goroutines*each {
		t.Errorf("%d entries, %v", info.Entries, err)
	}
}

// TestManyOpenAndCloseAtOnce holds that nobody's opening or closing disturbs the others: closing folds everything into the file if it can.
func TestManyOpenAndCloseAtOnce(t *testing.T) {
	path := file(t)
	const goroutines, each = 6, 10
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			for i := range each {
				c, err := Open(path)
				if err != nil {
					t.Error(err)
					return
				}
				n := i*goroutines + g
				if err := c.Put(keyOf(n), completion(n, 30)); err != nil {
					t.Error(err)
				}
				if err := c.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	c := open(t, path)
	for n := range goroutines * each {
		has(t, c, n, completion(n, 30))
	}
}

func TestAKillLosesNothingAcknowledged(t *testing.T) {
	path := file(t)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childFile+"="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	var acknowledged []int
	note := func() {
		n, err := strconv.Atoi(lines.Text())
		if err != nil {
			t.Fatalf("the other process says %q", lines.Text())
		}
		acknowledged = append(acknowledged, n)
	}
	for len(acknowledged) < 200 && lines.Scan() {
		note()
	}
	reader := open(t, path) // while the other one writes
	for _, i := range acknowledged {
		has(t, reader, i, completion(i, 50))
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() {
		if bytes.IndexByte(lines.Bytes(), '\n') < 0 {
			note()
		}
	}
	cmd.Wait()
	if len(acknowledged) < 200 {
		t.Fatalf("only %d were acknowledged", len(acknowledged))
	}
	c := open(t, path)
	for _, i := range acknowledged {
		has(t, c, i, completion(i, 50))
	}
}

// TestOneFileIsLeftBehind opens and closes a cache that is empty, one that was read alone and one that was written.
func TestOneFileIsLeftBehind(t *testing.T) {
	path := filepath.Join(t.TempDir(), "completions.db")
	for what, use := range map[string]func(c *Cache) error{
		"nothing": func(*Cache) error { return nil },
		"get":     func(c *Cache) error { _, _, err := c.Get(strings.Repeat("0", 2*keySize)); return err },
		"info":    func(c *Cache) error { _, err := c.Info(t.Context()); return err },
		"put":     func(c *Cache) error { return c.Put(strings.Repeat("0", 2*keySize), []byte("{}")) },
	} {
		c, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(use(c), c.Close()); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		files, err := os.ReadDir(filepath.Dir(path))
		if err != nil || len(files) != 1 {
			t.Errorf("after %s: %v %v", what, files, err)
		}
	}
}

func TestAPutAfterCloseFails(t *testing.T) {
	c, err := Open(file(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if err := c.Put(keyOf(1), []byte("{}")); !errors.Is(err, errClosed) {
		t.Errorf("%v", err)
	}
}

func TestTheLastUseIsNotedToTheDay(t *testing.T) {
	path := file(t)
	c, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	made := time.Unix(1_700_000_000, 0)
	now := made
	c.now = func() time.Time { return now }
	for i := range 3 {
		put(t, c, i, completion(i, 10))
	}
	now = made.Add(usedEvery - time.Second)
	has(t, c, 0, completion(0, 10)) // too soon to be noted
	now = made.Add(usedEvery)
	has(t, c, 1, completion(1, 10))
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	c = open(t, path)
	for i, want := range []time.Time{made, now, made} {
		var created, used int64
		k, _ := parseKey(keyOf(i))
		if err := c.readers.QueryRow(`SELECT created, used FROM completions WHERE key=?`, k[:]).Scan(&created, &used); err != nil {
			t.Fatal(err)
		}
		if created != made.Unix() || used != want.Unix() {
			t.Errorf("entry %d: made %d, used %d", i, created, used)
		}
	}
	info, err := c.Info(t.Context())
	if err != nil || info.Entries != 3 || !info.Oldest.Equal(made) || !info.Newest.Equal(made) || !info.Used.Equal(now) || info.Bytes < 4096 {
		t.Errorf("%+v, %v", info, err)
	}
}

func TestManyUsesAreNotedWithoutAPut(t *testing.T) {
	c := open(t, file(t))
	now := time.Unix(1_700_000_000, 0)
	c.now = func() time.Time { return now }
	for i := range usedLimit {
		put(t, c, i, []byte("{}"))
	}
	now = now.Add(usedEvery)
	for i := range usedLimit {
		has(t, c, i, []byte("{}"))
	}
	put(t, c, -1, []byte("{}")) // waits for what the goroutine was doing
	put(t, c, -2, []byte("{}")) // and takes along what it was not
	var noted int
	if err := c.readers.QueryRow(`SELECT count(*) FROM completions WHERE used=? AND created<>used`, now.Unix()).Scan(&noted); err != nil || noted != usedLimit {
		t.Errorf("%d uses noted, %v", noted, err)
	}
}

func TestAFileThatIsNoneOfOursIsLeftAlone(t *testing.T) {
	foreign := func(text string) func(t *testing.T, path string) {
		return func(t *testing.T, path string) {
			t.Helper()
			db, err := sql.Open("sqlite", path)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.Exec(text); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, test := range map[string]struct {
		make func(t *testing.T, path string)
		want error
	}{
		"another program's": {foreign(`CREATE TABLE t(x); PRAGMA user_version=7`), ErrForeign},
		"another kind":      {foreign(`PRAGMA application_id=1`), ErrForeign},
		"newer":             {foreign(`CREATE TABLE completions(x); PRAGMA application_id=0x63746c63; PRAGMA user_version=2`), ErrNewer},
		"no database": {func(t *testing.T, path string) {
			if err := os.WriteFile(path, bytes.Repeat([]byte("text "), 2000), 0o600); err != nil {
				t.Fatal(err)
			}
		}, ErrDamaged},
		"a folder": {func(t *testing.T, path string) {
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
		}, ErrReadOnly},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "completions.db")
			test.make(t, path)
			before, _ := os.ReadFile(path)
			_, err := Open(path)
			if !errors.Is(err, test.want) || !strings.HasPrefix(err.Error(), path+": ") || !strings.Contains(err.Error(), "--no-cache") {
				t.Errorf("%v", err)
			}
			if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
				t.Error("the file was changed")
			}
		})
	}
}

func TestAnEmptyFileBecomesACache(t *testing.T) {
	path := filepath.Join(t.TempDir(), "completions.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	c := open(t, path)
	put(t, c, 1, completion(1, 10))
	has(t, c, 1, completion(1, 10))
}

// TestADamagedFileIsSaidToBeOne writes over the pages behind the first.
func TestADamagedFileIsSaidToBeOne(t *testing.T) {
	path := file(t)
	c, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 100 {
		put(t, c, i, completion(i, 100))
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 4096; i < len(content); i++ {
		content[i] = 0xff
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	check := func(what string, err error) {
		t.Helper()
		if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "delete the file") {
			t.Errorf("%s: %v", what, err)
		}
	}
	c, err = Open(path)
	if err != nil {
		check("open", err)
		return
	}
	defer c.Close()
	_, _, err = c.Get(keyOf(1))
	check("get", err)
	check("put", c.Put(keyOf(1000), []byte("{}")))
	_, err = c.Info(t.Context())
	check("info", err)
	_, err = c.Prune(t.Context(), Rules{All: true})
	check("prune", err)
}

func TestADamagedEntryIsReplaced(t *testing.T) {
	c := open(t, file(t))
	put(t, c, 1, completion(1, 1000))
	if _, err := c.writer.db.Exec(`UPDATE completions SET body = substr(body, 1, 100)`); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := c.Get(keyOf(1)); ok || !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), keyOf(1)) {
		t.Errorf("%t, %v", ok, err)
	}
	put(t, c, 1, completion(1, 1000))
	has(t, c, 1, completion(1, 1000))
}

func TestAFullDiskFailsAPutAlone(t *testing.T) {
	c := open(t, file(t))
	// A limit on the pages of the file makes SQLite meet the same error as a full disk.
	if _, err := c.writer.db.Exec(`PRAGMA max_page_count = 30`); err != nil {
		t.Fatal(err)
	}
	n, err := 0, error(nil)
	for ; err == nil && n < 1000; n++ {
		err = c.Put(keyOf(n), completion(n, 100))
	}
	n-- // the last was refused
	if !errors.Is(err, ErrFull) || !strings.HasPrefix(err.Error(), c.path) || !strings.Contains(err.Error(), "free some space") {
		t.Fatalf("%v", err)
	}
	if n == 0 {
		t.Fatal("nothing was put")
	}
	for i := range n {
		has(t, c, i, completion(i, 100))
	}
	has(t, c, n, nil)
	if _, err := c.writer.db.Exec(`PRAGMA max_page_count = 1000`); err != nil {
		t.Fatal(err)
	}
	put(t, c, n, completion(n, 100)) // there is space again
}

// TestAReadOnlyFileIsRead makes the file, its folder, or both unwritable.
func TestAReadOnlyFileIsRead(t *testing.T) {
	if runtime.GOOS == "windows" || os.Getuid() == 0 {
		t.Skip("needs permissions that hold for this user")
	}
	for name, test := range map[string]struct{ file, dir fs.FileMode }{
		"file": {0o400, 0o700}, "folder": {0o600, 0o500}, "both": {0o400, 0o500},
	} {
		t.Run(name, func(t *testing.T) {
			path := file(t)
			c, err := Open(path)
			if err != nil {
				t.Fatal(err)
			}
			put(t, c, 1, completion(1, 100))
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(os.Chmod(path, test.file), os.Chmod(filepath.Dir(path), test.dir)); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { os.Chmod(filepath.Dir(path), 0o700) })
			c = open(t, path)
			has(t, c, 1, completion(1, 100))
			if info, err := c.Info(t.Context()); err != nil || info.Entries != 1 {
				t.Errorf("%+v, %v", info, err)
			}
			refused := func(what string, err error) {
				t.Helper()
				if !errors.Is(err, ErrReadOnly) || !strings.Contains(err.Error(), path) {
					t.Errorf("%s: %v", what, err)
				}
			}
			refused("put", c.Put(keyOf(2), []byte("{}")))
			_, err = c.Prune(t.Context(), Rules{All: true})
			refused("prune", err)
		})
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(dir, "completions.db"), filepath.Join(dir, "new", "completions.db")} {
		if _, err := Open(path); !errors.Is(err, ErrReadOnly) || !strings.Contains(err.Error(), path) {
			t.Errorf("nothing there and not writable: %v", err)
		}
	}
}

func TestFileIsWhereItIsSaidToBe(t *testing.T) {
	t.Setenv("CHEAPTALK_CACHE", filepath.Join("a", "b"))
	if got, err := File(); err != nil || got != filepath.Join("a", "b", "completions.db") {
		t.Errorf("%s, %v", got, err)
	}
	t.Setenv("CHEAPTALK_CACHE", "")
	dir := t.TempDir()
	t.Setenv("HOME", dir)
	t.Setenv("XDG_CACHE_HOME", "")
	t.Setenv("LocalAppData", dir)
	if got, err := File(); err != nil || !strings.HasPrefix(got, dir) || !strings.HasSuffix(got, filepath.Join("cheaptalk", "completions.db")) {
		t.Errorf("%s, %v", got, err)
	}
}
