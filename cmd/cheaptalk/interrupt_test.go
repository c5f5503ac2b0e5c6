package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/internal/spec/plan"
	"cheaptalk/internal/store"
	"cheaptalk/internal/store/runs"
	"cheaptalk/protocols"
)

// asking are the arguments of a run of 30 debates against the server.
func asking(s *server, more ...string) []string {
	return append([]string{"run", "--team", "m@" + s.URL + ",m@" + s.URL, "--dataset", "sample-choices", "--limit", "6", "--rounds", "1", "--workers", "1", "--no-plots"}, more...)
}

// finishing is what a run says at the first signal: one debate is being held, and another one may be being written.
var finishing = regexp.MustCompile(`^finishing (?:1 debate|2 debates) in flight; press Ctrl-C again to stop at once`)

// TestTheFirstSignalLosesNothing stops a run in the middle of a debate and gives the same command again: no reply is asked for twice.
func TestTheFirstSignalLosesNothing(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("CHEAPTALK_CACHE", t.TempDir())
	s := newServer("ok")
	t.Cleanup(s.Close)
	cheaptalk(t, exitDone, asking(s, "--name", "whole", "--log-dir", "apart")...)
	whole := s.count()

	t.Setenv("CHEAPTALK_CACHE", t.TempDir())
	signals := make(chan os.Signal, 2)
	s.tell(func(n int) {
		if n == whole+whole/2 {
			signals <- os.Interrupt
		}
	})
	var out, errs bytes.Buffer
	if code := run(t.Context(), signals, asking(s), &out, &errs); code != exitStopped {
		t.Fatalf("exit code %d\n%s%s", code, &out, &errs)
	}
	// One is being held, and the one before it may still be on its way to the disk.
	said := regexp.MustCompile(finishing.String() + ` .*\nerror: interrupted\n  (\d+) of 30 debates are recorded in runs/run-\S+\n  cheaptalk run --resume run-\S+ goes on with the other \d+\n$`)
	if !said.MatchString(errs.String()) {
		t.Errorf("said %s", &errs)
	}
	if !strings.Contains(out.String(), "In words") {
		t.Errorf("no report of what there is: %s", &out)
	}
	stdout, _ := cheaptalk(t, exitDone, asking(s)...)
	if !strings.Contains(stdout, "\n30/30 debates ") || !strings.Contains(stdout, "going on with run-") {
		t.Errorf("said %s", stdout)
	}
	if n := s.count() - whole; n != whole {
		t.Errorf("asked %d times in two parts, and %d times in one", n, whole)
	}
}

func TestTheSecondSignalStopsAtOnce(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("CHEAPTALK_CACHE", t.TempDir())
	s := newServer("hang")
	t.Cleanup(s.Close)
	signals := make(chan os.Signal, 2)
	s.tell(func(n int) {
		if n == 1 {
			signals <- os.Interrupt
			signals <- syscall.SIGTERM
		}
	})
	var out, errs bytes.Buffer
	if code := run(t.Context(), signals, asking(s), &out, &errs); code != exitStopped {
		t.Fatalf("exit code %d\n%s%s", code, &out, &errs)
	}
	if !strings.Contains(errs.String(), "error: interrupted\n  0 of 30 debates are recorded in runs/run-") || strings.Contains(out.String(), "In words") {
		t.Errorf("said %s%s", &out, &errs)
	}
}

// TestOtherCommandsEndAtTheFirstSignal asks one question of a server that hangs.
func TestOtherCommandsEndAtTheFirstSignal(t *testing.T) {
	t.Setenv("CHEAPTALK_CACHE", t.TempDir())
	s := newServer("hang")
	t.Cleanup(s.Close)
	signals := make(chan os.Signal, 2)
	s.tell(func(n int) {
		if n == 1 {
			signals <- os.Interrupt
		}
	})
	var out, errs bytes.Buffer
	if code := run(t.Context(), signals, []string{"ask", "1+1?", "--number", "--team", "m@" + s.URL + ",m@" + s.URL}, &out, &errs); code != exitFailed {
		t.Errorf("exit code %d\n%s%s", code, &out, &errs)
	}
	if errs.String() != "error: interrupted\n" || strings.Contains(out.String(), "canceled") {
		t.Errorf("it says %q after %q", &errs, &out)
	}
}

// TestSignalsEndTheRealCommand sends real signals to a real process, whose server answers or hangs.
func TestSignalsEndTheRealCommand(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there are no signals to send")
	}
	for _, test := range []struct {
		how   string
		first os.Signal
	}{{"ok", syscall.SIGINT}, {"ok", syscall.SIGTERM}, {"hang", syscall.SIGINT}} {
		t.Run(test.how+" "+test.first.String(), func(t *testing.T) {
			s := newServer(test.how)
			defer s.Close()
			cmd := exec.Command("cheaptalk", asking(s)...)
			cmd.Dir = t.TempDir()
			cmd.Env = append(os.Environ(), "CHEAPTALK_CACHE="+t.TempDir(), "CHEAPTALK_KEY=")
			cmd.Stdout = io.Discard
			stderr, err := cmd.StderrPipe()
			if err != nil {
				t.Fatal(err)
			}
			started := make(chan struct{})
			s.tell(func(n int) {
				if n == 1 {
					<-started
					if err := cmd.Process.Signal(test.first); err != nil {
						t.Error(err)
					}
				}
			})
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			close(started)
			var said strings.Builder
			for lines := bufio.NewScanner(stderr); lines.Scan(); {
				said.WriteString(lines.Text() + "\n")
				if test.how == "hang" && finishing.MatchString(lines.Text()) {
					if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
						t.Error(err)
					}
				}
			}
			var exit *exec.ExitError
			if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != exitStopped {
				t.Errorf("ended with %v, not exit code %d\n%s", err, exitStopped, &said)
			}
			for _, want := range []*regexp.Regexp{finishing, regexp.MustCompile(`error: interrupted`), regexp.MustCompile(`cheaptalk run --resume run-`)} {
				if !want.MatchString(said.String()) {
					t.Errorf("did not say %q:\n%s", want, &said)
				}
			}
		})
	}
}

func TestARunThatIsBeingWrittenIsRefused(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("CHEAPTALK_CACHE", t.TempDir())
	s := newServer("hang")
	t.Cleanup(s.Close)
	signals := make(chan os.Signal, 2)
	ended := make(chan int, 1)
	asked := make(chan struct{}, 1)
	s.tell(func(n int) {
		if n == 1 {
			asked <- struct{}{}
		}
	})
	go func() { ended <- run(t.Context(), signals, asking(s), io.Discard, io.Discard) }()
	<-asked
	for _, args := range [][]string{asking(s), {"run", "--resume", "last"}} {
		_, stderr := cheaptalk(t, exitUsage, args...)
		if !regexp.MustCompile(`^error: runs/run-\S+ is being written by another process \(\d+\)\n  wait for it, `).MatchString(stderr) {
			t.Errorf("%v: said %s", args, stderr)
		}
	}
	signals <- os.Interrupt
	signals <- os.Interrupt
	if code := <-ended; code != exitStopped {
		t.Errorf("the first one: exit code %d", code)
	}
	if list, err := runs.Unfinished(t.Context(), "runs"); err != nil || len(list) != 1 || list[0].Meta.State != store.Interrupted {
		t.Errorf("%v, %v", list, err)
	}
}

// TestAStoreThatFailsIsToldOfThoughTheRunWasInterrupted has the signals come while debates are in flight that can no longer be kept.
func TestAStoreThatFailsIsToldOfThoughTheRunWasInterrupted(t *testing.T) {
	r, err := store.Create(t.TempDir(), "broken", store.Meta{Simulated: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil { // no record is kept any more
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	e := &env{ctx: ctx, interrupts: &interrupts{now: cancel}, stdout: io.Discard, stderr: io.Discard}
	p := &plan.Plan{Experiment: debate.Experiment{Workers: 2, Arms: []debate.Arm{{
		Name: "a", Protocol: protocols.Independent{},
		Team: func(item debate.Item, _ uint64) []debate.Agent {
			return []debate.Agent{speaker(func(ctx context.Context) {
				if item.Question.ID == "set/1" { // in flight until the record of set/0 could not be kept
					<-ctx.Done()
					cancel()
				}
			})}
		},
	}}}}
	for i := range 2 {
		p.Experiment.Items = append(p.Experiment.Items, debate.Item{Question: debate.Question{ID: fmt.Sprintf("set/%d", i)}})
	}
	shown := showing{event: func(debate.Event) {}, stopping: func(io.Writer) {}, finish: func(error) {}}
	err = (&runCmd{}).debate(e, p, r, shown, &observer{})
	if err == nil || !strings.Contains(err.Error(), "keep record of a set/0") {
		t.Errorf("the run ended with %v", err)
	}
}

// speaker is an agent that says nothing once a function has returned.
type speaker func(ctx context.Context)

func (speaker) Name() string { return "speaker" }

func (s speaker) Reply(ctx context.Context, _ debate.Turn) (debate.Reply, error) {
	s(ctx)
	return debate.Reply{}, nil
}
