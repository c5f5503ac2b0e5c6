package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"cheaptalk/internal/race"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestMain(m *testing.M) {
	testscript.Main(hermetic{m}, map[string]func(){"cheaptalk": main})
}

// hermetic runs the tests without the user's cache of completions: those that say nothing of it have one of their own together.
// A command that was built with the race detector does not sleep for a second before it ends, as it would: nothing runs on by then.
type hermetic struct{ *testing.M }

func (h hermetic) Run() int {
	dir, err := os.MkdirTemp("", "cheaptalk-cache")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	os.Setenv("CHEAPTALK_CACHE", dir)
	os.Setenv("GORACE", strings.TrimSpace(os.Getenv("GORACE")+" atexit_sleep_ms=0"))
	return h.M.Run()
}

// TestScripts runs the command lines of testdata/script. Beside the commands of testscript there are:
//
//	code N cheaptalk ...   runs the command and wants that exit code
//	serve HOW              starts a server of language models, and puts its URL into $URL
//	heal                   has that server answer everything from now on
//	asked N                wants so many requests since serve
//	latest                 puts the newest run's folder into $RUN
//	json FILE              wants one JSON value in the file and nothing else; stdout is a file too
func TestScripts(t *testing.T) { scripts(t, "testdata/script") }

// TestScriptsOnStoredRuns runs those of testdata/files in the same way: what they try reads, computes and writes files, and asks nobody.
func TestScriptsOnStoredRuns(t *testing.T) {
	race.SkipPure(t)
	scripts(t, "testdata/files")
}

func scripts(t *testing.T, folder string) {
	t.Helper()
	testscript.Run(t, testscript.Params{
		Dir:                folder,
		UpdateScripts:      *update,
		RequireUniqueNames: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("CHEAPTALK_DATA", filepath.Join(e.WorkDir, "data"))
			e.Setenv("CHEAPTALK_CACHE", filepath.Join(e.WorkDir, "cache"))
			e.Setenv("CHEAPTALK_KEY", "")
			e.Setenv("GORACE", os.Getenv("GORACE"))
			return nil
		},
		Condition: func(name string) (bool, error) {
			if name != "root" {
				return false, fmt.Errorf("no condition %s", name)
			}
			return os.Getuid() == 0, nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code": code, "serve": serveScript, "heal": heal, "asked": asked, "latest": latest, "json": oneJSON,
		},
	})
}

func code(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N command args...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	err = ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, not %d", got, want)
	}
}

func latest(ts *testscript.TestScript, neg bool, args []string) {
	dirs, err := filepath.Glob(ts.MkAbs("runs/*/run.db"))
	ts.Check(err)
	if len(dirs) == 0 {
		ts.Fatalf("no runs")
	}
	slices.SortFunc(dirs, func(a, b string) int {
		x, errX := os.Stat(a)
		y, errY := os.Stat(b)
		ts.Check(errors.Join(errX, errY))
		return x.ModTime().Compare(y.ModTime())
	})
	ts.Setenv("RUN", filepath.Dir(dirs[len(dirs)-1]))
}

func oneJSON(ts *testscript.TestScript, neg bool, args []string) {
	d := json.NewDecoder(bytes.NewReader([]byte(ts.ReadFile(args[0]))))
	var v any
	ts.Check(d.Decode(&v))
	if _, err := d.Token(); err != io.EOF {
		ts.Fatalf("something follows the JSON: %v", err)
	}
}

// servers holds the server of each script that has one.
var servers sync.Map // of *server, by *testscript.TestScript

func serveScript(ts *testscript.TestScript, neg bool, args []string) {
	s := newServer(args[0])
	ts.Defer(s.Close)
	ts.Setenv("URL", s.URL)
	servers.Store(ts, s)
	if args[0] == "closed" {
		s.Close()
	}
}

func heal(ts *testscript.TestScript, neg bool, args []string) {
	s, ok := servers.Load(ts)
	if !ok {
		ts.Fatalf("no server")
	}
	s.(*server).heal()
}

func asked(ts *testscript.TestScript, neg bool, args []string) {
	s, ok := servers.Load(ts)
	if !ok {
		ts.Fatalf("no server")
	}
	if got := strconv.Itoa(s.(*server).count()); got != args[0] {
		ts.Fatalf("%s requests, not %s", got, args[0])
	}
}
