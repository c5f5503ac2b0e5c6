package screen

import "charm.land/bubbles/v2/textinput"

// longest is the number of characters that a line of a form takes.
const longest = 4000

// newLine returns an empty line to type in. Package view draws it.
func newLine() textinput.Model {
	line := textinput.New()
	line.CharLimit = longest
	line.SetVirtualCursor(false)        // no blinking, so no commands
	line.KeyMap.Paste.SetEnabled(false) // the terminal pastes: no program is run for its clipboard
	line.Focus()
	return line
}
