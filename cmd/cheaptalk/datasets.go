package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cheaptalk/datasets"
	"cheaptalk/datasets/fetch"
)

// datasetsCmd is "cheaptalk datasets".
type datasetsCmd struct {
	List   datasetsListCmd   `cmd:"" default:"withargs" help:"What there is, and what of it is on this machine."`
	Fetch  datasetsFetchCmd  `cmd:"" help:"Download data sets and check them."`
	Verify datasetsVerifyCmd `cmd:"" help:"Check the files on this machine against their published checksums, and files of your own for rows that are no questions."`
}

// datasetsListCmd is "cheaptalk datasets list".
type datasetsListCmd struct {
	Name []string `arg:"" optional:"" help:"Print the whole card of these."`
	Dir  string   `placeholder:"FOLDER" help:"Data directory. Default: CHEAPTALK_DATA, or a folder in the user's cache."`
}

// Run prints a line a data set, or the cards asked for.
func (c *datasetsListCmd) Run(e *env) error {
	if len(c.Name) == 0 {
		return c.all(e)
	}
	for i, name := range c.Name {
		card, err := find(name)
		if err != nil {
			return usage(err)
		}
		if i > 0 {
			fmt.Fprintln(e.stdout)
		}
		printCard(e, card)
	}
	return nil
}

func (c *datasetsListCmd) all(e *env) error {
	dir, err := datasets.Dir(c.Dir)
	if err != nil {
		return err
	}
	rows := [][]string{{"data set", "questions", "kind", "licence", "here", ""}}
	for _, card := range datasets.Cards() {
		here := "embedded"
		if !card.Embedded {
			here = presence(card, dir)
		}
		var splits []string
		for _, s := range card.Splits {
			splits = append(splits, fmt.Sprintf("%s %s", thousands(s.Rows), s.Name))
		}
		rows = append(rows, []string{card.Name, strings.Join(splits, ", "), card.Kind.String(), card.Licence, here, card.Title})
	}
	if err := printDatasets(e.stdout, rows); err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.stdout, "\ndata directory %s\n%s\n", dir, fitted(e.stdout, "cheaptalk datasets fetch NAME downloads one, cheaptalk datasets list NAME prints its card"))
	return err
}

// printDatasets prints the table of the data sets, without what they are about where a terminal is too narrow for it.
func printDatasets(w io.Writer, rows [][]string) error {
	var whole strings.Builder
	if err := printTable(&whole, rows); err != nil {
		return err
	}
	for line := range strings.Lines(whole.String()) {
		if line = strings.TrimSuffix(line, "\n"); fitted(w, line) != line {
			for i := range rows {
				rows[i] = rows[i][:len(rows[i])-1]
			}
			return printTable(w, rows)
		}
	}
	_, err := io.WriteString(w, whole.String())
	return err
}

// presence says which splits have all their files in the data directory, without reading them.
func presence(card datasets.Card, dir string) string {
	var here []string
	for _, split := range card.Splits {
		missing := slices.ContainsFunc(split.Files, func(f datasets.File) bool {
			_, err := os.Stat(filepath.Join(dir, filepath.FromSlash(f.Path)))
			return err != nil
		})
		if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(split.Parquet))); !missing || split.Parquet != "" && err == nil {
			here = append(here, split.Name)
		}
	}
	if len(here) == 0 {
		return "no"
	}
	return strings.Join(here, ", ")
}

func printCard(e *env, card datasets.Card) {
	fmt.Fprintf(e.stdout, "%s   %s\n  source    %s\n  licence   %s\n  cite      %s\n  answers   %s\n", card.Name, card.Title, card.Source, card.Licence, card.Citation, card.Kind)
	for _, s := range card.Splits {
		fmt.Fprintf(e.stdout, "  split     %s, %s\n", s.Name, plural(s.Rows, "question"))
	}
	for _, s := range card.Withheld {
		fmt.Fprintf(e.stdout, "  split     %s, published without answers\n", s)
	}
	if subjects := card.Subjects(); len(subjects) > 0 {
		fmt.Fprintf(e.stdout, "  subjects  %s\n", strings.ReplaceAll(wrap(strings.Join(subjects, ", "), 100), "\n", "\n            "))
	}
	for _, note := range card.Notes {
		fmt.Fprintf(e.stdout, "  note      %s\n", note)
	}
}

func find(name string) (datasets.Card, error) {
	card, ok := datasets.Find(name)
	if !ok {
		var names []string
		for _, c := range datasets.Cards() {
			names = append(names, c.Name)
		}
		return card, fmt.Errorf("no data set is called %q\n  there are %s", name, strings.Join(names, ", "))
	}
	return card, nil
}

// datasetsFetchCmd is "cheaptalk datasets fetch".
type datasetsFetchCmd struct {
	Name []string `arg:"" help:"gsm8k, mmlu or csqa."`
	Dir  string   `placeholder:"FOLDER" help:"Data directory. Default: CHEAPTALK_DATA, or a folder in the user's cache."`
}

// Run downloads what is missing or wrong.
func (c *datasetsFetchCmd) Run(e *env) error {
	for _, name := range c.Name {
		card, err := find(name)
		if err != nil {
			return usage(err)
		}
		if card.Embedded {
			fmt.Fprintf(e.stdout, "%s: in the program, nothing to download\n", name)
			continue
		}
		_, terminal := screen(e.stdout)
		shown := int64(-1)
		err = fetch.Fetch(e.ctx, card, c.Dir, nil, func(url string, done, total int64) {
			if mega := done >> 20; terminal && mega != shown {
				shown = mega
				fmt.Fprintf(e.stdout, "\r\x1b[K%s  %s", url, megabytes(done, total))
			}
		})
		if terminal && shown >= 0 {
			fmt.Fprintln(e.stdout)
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(e.stdout, "%s: all files are here and as published\n", name)
	}
	return nil
}

func megabytes(done, total int64) string {
	if total <= 0 {
		return fmt.Sprintf("%.1f MB", float64(done)/1e6)
	}
	return fmt.Sprintf("%.1f of %.1f MB", float64(done)/1e6, float64(total)/1e6)
}

// datasetsVerifyCmd is "cheaptalk datasets verify".
type datasetsVerifyCmd struct {
	Name []string `arg:"" optional:"" help:"gsm8k, mmlu or csqa, all of them by default; or files of your own."`
	Dir  string   `placeholder:"FOLDER" help:"Data directory. Default: CHEAPTALK_DATA, or a folder in the user's cache."`
}

// Run prints the state of every split and fails when a file that is here is not as published.
func (c *datasetsVerifyCmd) Run(e *env) error {
	cards := datasets.Cards()
	var faults []error
	if len(c.Name) > 0 {
		cards = nil
		for _, name := range c.Name {
			if card, ok := datasets.Find(name); ok {
				cards = append(cards, card)
			} else if err := verifyOwn(e, name); err != nil {
				faults = append(faults, err)
			}
		}
	}
	for _, card := range cards {
		states, err := fetch.Verify(card, c.Dir)
		if err != nil {
			return err
		}
		for _, s := range states {
			verdict := fmt.Sprintf("%d of %d files are here", s.Present, s.Files)
			if s.OK() {
				verdict = fmt.Sprintf("as published, %s", plural(s.Rows, "question"))
			}
			fmt.Fprintf(e.stdout, "%-20s %-6s %s\n", card.Name, s.Split, verdict)
			faults = append(faults, s.Wrong...)
			if s.Err != nil {
				faults = append(faults, s.Err)
			}
			if len(c.Name) > 0 && s.Present == 0 {
				faults = append(faults, fmt.Errorf("%s %s: no file is here\n  cheaptalk datasets fetch %s", card.Name, s.Split, card.Name))
			}
		}
	}
	return errors.Join(faults...)
}
