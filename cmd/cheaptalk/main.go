// Command cheaptalk measures what talking to each other does to language models.
//
//	cheaptalk run                       the embedded questions, simulated agents, every protocol
//	cheaptalk run FILE.yaml             an experiment file
//	cheaptalk run --team A@URL,B@URL --dataset gsm8k --limit 50
//
// Exit codes: 0 all is done; 1 something failed; 2 the command line, an experiment file or a data set is wrong and nothing was
// run; 3 the run stopped early and can be resumed; 4 the run is complete, but some debates in it failed.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
)

func main() {
	signals := make(chan os.Signal, 2) // has room for both that count
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	os.Exit(run(context.Background(), signals, os.Args[1:], os.Stdout, os.Stderr))
}

// Exit codes.
const (
	exitDone    = 0
	exitFailed  = 1
	exitUsage   = 2
	exitStopped = 3
	exitErrors  = 4
)

// coded is an error with the exit code that it leads to.
type coded struct {
	error
	code int
}

func (c coded) Unwrap() error { return c.error }

// usage marks an error as one of input: nothing was run.
func usage(err error) error {
	if err == nil {
		return nil
	}
	return coded{err, exitUsage}
}

// defaultLogDir is the folder of the runs where --log-dir does not say.
const defaultLogDir = "runs"

// env is what every subcommand is given.
type env struct {
	ctx            context.Context
	interrupts     *interrupts
	args           []string // the command line
	flags          []string // the names of the flags in it
	stdout, stderr io.Writer
}

// cli is the command line.
type cli struct {
	Run       runCmd       `cmd:"" help:"Hold an experiment: debates, tables, plots."`
	Ask       askCmd       `cmd:"" help:"Hold one debate on your own question."`
	Watch     watchCmd     `cmd:"" help:"Hold an experiment, or with ask one debate, and watch it on the screen."`
	Replay    replayCmd    `cmd:"" help:"Watch the debates of a run again, round by round."`
	View      viewCmd      `cmd:"" help:"Read a run in the browser: its report, its charts and every debate, also while it is running."`
	Report    reportCmd    `cmd:"" help:"Print the tables of a run again."`
	Plot      plotCmd      `cmd:"" help:"Draw a plot of a run, or list those that it can draw."`
	Compare   compareCmd   `cmd:"" help:"Compare arms, of one run or of several, where they share questions."`
	Show      showCmd      `cmd:"" help:"Read the debates of a run."`
	List      listCmd      `cmd:"" help:"List the runs."`
	Redecide  redecideCmd  `cmd:"" help:"Let other judges decide the debates of a run."`
	Rescore   rescoreCmd   `cmd:"" help:"Read the answers of a run again under another rule."`
	Export    exportCmd    `cmd:"" help:"Write the debates of a run for other programs: JSON lines, CSV, Parquet, logs of inspect_ai."`
	Import    importCmd    `cmd:"" help:"Make a run of exported or recorded debates."`
	Fit       fitCmd       `cmd:"" help:"Fit simulated twins to the agents of a run, and say how well they predict."`
	Calibrate calibrateCmd `cmd:"" help:"Fit simulated agents to published votes and revisions."`
	Validate  validateCmd  `cmd:"" help:"Hold simulated agents against figures that they were not fitted to."`
	Predict   predictCmd   `cmd:"" help:"Predict what designs would do before anyone is asked, search for the best one, and check predictions against runs."`
	Datasets  datasetsCmd  `cmd:"" help:"List, fetch and verify data sets."`
	Cache     cacheCmd     `cmd:"" help:"Look at the completions that are kept between runs, and delete some."`
	Mock      mockCmd      `cmd:"" help:"Serve a model that knows nothing, for rehearsals and tests: no keys, no cost, faults on request."`
	Version   versionCmd   `cmd:"" help:"Print the version, as --version does."`
}

// exited is how kong asks to exit after printing help.
type exited int

// run runs one command line and returns its exit code. What comes on signals, which may be nil, is taken for a wish to end; see interrupts.
func run(ctx context.Context, signals chan os.Signal, args []string, stdout, stderr io.Writer) (code int) {
	defer func() {
		if p := recover(); p != nil {
			e, ok := p.(exited)
			if !ok {
				panic(p)
			}
			code = int(e)
		}
	}()
	var c cli
	parser, err := kong.New(&c, kong.Name("cheaptalk"), kong.Writers(stdout, stderr),
		kong.Description("Measures what talking to each other does to language models: do they get better or worse, by how much, why, and at what cost?"),
		kong.Vars{"logdir": defaultLogDir, "plotkinds": plotKinds()}, kong.Exit(func(code int) { panic(exited(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
		kong.ExplicitGroups([]kong.Group{
			{Key: "what", Title: "What is asked, and of whom:"},
			{Key: "how", Title: "How it is debated:"},
			{Key: "models", Title: "How models are asked:"},
			{Key: "life", Title: "Stopped and gone on with:"},
			{Key: "budget", Title: "What it costs, and may cost:"},
			{Key: "out", Title: "What comes out:"},
		}))
	if err != nil {
		fmt.Fprintln(stderr, "error:", err)
		return exitFailed
	}
	args = habits(args)
	parsed, err := parser.Parse(args)
	if err != nil {
		what, fix := misuse(err)
		fmt.Fprintf(stderr, "error: %s\n  %s\n", what, fix)
		return exitUsage
	}
	ctx, interrupts, ignore := listen(ctx, signals)
	defer ignore()
	e := &env{ctx: ctx, interrupts: interrupts, args: args, stdout: stdout, stderr: stderr}
	for _, p := range parsed.Path {
		if p.Flag != nil {
			e.flags = append(e.flags, p.Flag.Name)
		}
	}
	err = parsed.Run(e)
	if err == nil {
		return exitDone
	}
	fmt.Fprintf(stderr, "error: %s\n", strings.TrimSpace(clean(err.Error())))
	var c2 coded
	if errors.As(err, &c2) {
		return c2.code
	}
	return exitFailed
}
