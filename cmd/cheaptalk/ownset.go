package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cheaptalk/datasets"
	"cheaptalk/debate"
)

// mostWrong is how many rows that are no questions are shown of one file.
const mostWrong = 20

// verifyOwn prints what a file of the user's own holds, or returns an error that lists its rows that are no questions.
func verifyOwn(e *env, name string) error {
	c, err := datasets.Check(name)
	if err != nil {
		return usage(err)
	}
	if len(c.Wrong) == 0 {
		_, err := fmt.Fprintf(e.stdout, "%s  %s\n", clean(name), holds(c.Items))
		return err
	}
	var s strings.Builder
	fmt.Fprintf(&s, "%s: rows that are no questions: %d", name, len(c.Wrong))
	for i, w := range c.Wrong {
		if i == mostWrong {
			fmt.Fprintf(&s, "\n  and %d more", len(c.Wrong)-mostWrong)
			break
		}
		fmt.Fprintf(&s, "\n  %s:%d   %s   (%s)", w.Path, w.Line, w.Row, w.Problem)
	}
	fmt.Fprintf(&s, "\n  the others: %s", holds(c.Items))
	return usage(fmt.Errorf("%s", s.String()))
}

// holds says what questions there are: "24 questions: 20 choice (keys A 5, B 15), 4 number".
func holds(items []debate.Item) string {
	if len(items) == 0 {
		return "no questions"
	}
	kinds, keys := map[debate.Kind]int{}, map[debate.Answer]int{}
	for _, item := range items {
		kinds[item.Question.Kind]++
		if item.Question.Kind == debate.Choice {
			keys[item.Key]++
		}
	}
	var parts []string
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		part := fmt.Sprintf("%d %s", kinds[kind], kind)
		if kind == debate.Choice {
			var letters []string
			for _, key := range slices.Sorted(maps.Keys(keys)) {
				letters = append(letters, fmt.Sprintf("%s %d", key, keys[key]))
			}
			part += fmt.Sprintf(" (keys %s)", strings.Join(letters, ", "))
		}
		parts = append(parts, part)
	}
	return plural(len(items), "question") + ": " + strings.Join(parts, ", ")
}
