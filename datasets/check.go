package datasets

import "cheaptalk/debate"

// Contents is what a file of questions holds.
type Contents struct {
	Items []debate.Item
	Wrong []*RowError // the rows that are not questions with a key, in the order of the file
}

// Check reads a file of the user's own, as [Load] does, to its end: rows that are not questions are collected. A file of CSV is not
// read beyond a stray quote, for it cannot be told what the quote holds. The error is one of finding and reading the file.
func Check(path string) (*Contents, error) {
	c := &Contents{}
	l := loader{counts: map[string]int{}, seen: map[string]int{}, wrong: &c.Wrong}
	if err := l.own(path); err != nil {
		return nil, err
	}
	for _, e := range l.entries {
		c.Items = append(c.Items, e.item)
	}
	return c, nil
}
