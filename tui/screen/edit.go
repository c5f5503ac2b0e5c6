package screen

import (
	"slices"
	"unicode"

	tea "charm.land/bubbletea/v2"
)

// longest is the number of characters that a line of a form takes.
const longest = 4000

// edit is a line that is being typed. The zero edit is empty.
type edit struct {
	words []rune
	at    int // the caret, from 0 to len(words)
}

func (e *edit) String() string { return string(e.words) }

// set replaces the line and puts the caret at its end.
func (e *edit) set(s string) { e.words, e.at = []rune(s), len([]rune(s)) }

// insert puts text at the caret, as far as there is room. Line breaks and tabs are blanks; other control characters are left out.
func (e *edit) insert(s string) {
	var add []rune
	for _, r := range s {
		switch {
		case r == '\n' || r == '\t':
			r = ' '
		case unicode.IsControl(r):
			continue
		}
		if len(e.words)+len(add) < longest {
			add = append(add, r)
		}
	}
	e.words = slices.Insert(e.words, e.at, add...)
	e.at += len(add)
}

// take changes the line by a key or by what was pasted.
func (e *edit) take(msg tea.Msg) {
	if paste, ok := msg.(tea.PasteMsg); ok {
		e.insert(paste.Content)
	}
	k, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return
	}
	switch k.String() {
	case "left", "ctrl+b":
		e.at = max(e.at-1, 0)
	case "right", "ctrl+f":
		e.at = min(e.at+1, len(e.words))
	case "home", "ctrl+a":
		e.at = 0
	case "end", "ctrl+e":
		e.at = len(e.words)
	case "backspace", "ctrl+h":
		e.cut(e.at-1, e.at)
	case "delete", "ctrl+d":
		e.cut(e.at, e.at+1)
	case "ctrl+u":
		e.cut(0, e.at)
	case "ctrl+k":
		e.cut(e.at, len(e.words))
	case "ctrl+w", "alt+backspace":
		e.cut(e.word(), e.at)
	default:
		e.insert(k.Text)
	}
}

// cut takes away what stands between two places.
func (e *edit) cut(from, to int) {
	from, to = max(from, 0), min(to, len(e.words))
	e.words = slices.Delete(e.words, from, to)
	e.at = from
}

// word returns where the word before the caret begins.
func (e *edit) word() int {
	at := e.at
	for at > 0 && e.words[at-1] == ' ' {
		at--
	}
	for at > 0 && e.words[at-1] != ' ' {
		at--
	}
	return at
}
