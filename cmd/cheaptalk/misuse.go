package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/alecthomas/kong"
)

// habits turns what other programs have taught people to type into the command that it stands for: --version, and help before a command.
func habits(args []string) []string {
	switch {
	case len(args) == 0:
		return []string{"--help"}
	case args[0] == "--version" && len(args) == 1:
		return []string{"version"}
	case args[0] == "help":
		return append(args[1:len(args):len(args)], "--help")
	}
	return args
}

// misuses are what the parser of the command line says of values and arguments, and what is said instead. $1 is the flag.
var misuses = []struct {
	theirs     *regexp.Regexp
	what, hint string // hint is "" where the help of the command is the best one
}{
	{regexp.MustCompile(`^(--\S+): (?:missing value|expected .* but got "EOL").*`), "$1 needs a value", ""},
	{regexp.MustCompile(`^(--\S+): expected .* but got "(-[^"]*)".*`), "$1: $2 is taken for a flag", "write $1=$2"},
	{regexp.MustCompile(`^(--\S+): expected (?:a valid \d+ bit int|an int) but got ("[^"]*").*`), "$1: $2 is not a whole number", ""},
	{regexp.MustCompile(`^(--\S+): expected a valid \d+ bit uint but got ("[^"]*").*`), "$1: $2 is not a whole number from 0 up", ""},
	{regexp.MustCompile(`^(--\S+): expected a float but got ("[^"]*").*`), "$1: $2 is not a number", ""},
	{regexp.MustCompile(`^(--\S+): expected duration but got ("[^"]*").*`), "$1: $2 is not a time", "write a number with its unit: 90s, 10m, 2h"},
	{regexp.MustCompile(`^(--\S+): expected "<key>=<value>" but got ("[^"]*").*`), "$1: $2 is not of the form NAME=VALUE", ""},
	{regexp.MustCompile(`^expected "<([^> ]+)>.*`), "<$1> is missing", ""},
	{regexp.MustCompile(`^(--\S+) must be one of (?:"",)?(.*) but got (".*")$`), "$1: $3 is unknown", "give one of: $2"},
}

// misuse says what is wrong with a command line, by the error of the parser, and what to do about it.
func misuse(err error) (what, fix string) {
	what, fix = err.Error(), "cheaptalk --help lists the commands, cheaptalk COMMAND --help the flags of one"
	var at *kong.ParseError
	if errors.As(err, &at) && at.Context.Selected() != nil {
		fix = fmt.Sprintf("cheaptalk %s --help says what it takes", at.Context.Selected().Path())
	}
	for _, m := range misuses {
		if !m.theirs.MatchString(what) {
			continue
		}
		hint := m.theirs.ReplaceAllString(what, m.hint)
		what = m.theirs.ReplaceAllString(what, m.what)
		if m.hint != "" {
			fix = strings.ReplaceAll(strings.ReplaceAll(hint, `","`, ", "), `"`, "")
		}
		break
	}
	return what, fix
}
