// Package paint is the visual language of reports: one colour for each fate of an answer, the same in terminals and plots.
// The signs that go with the colours are those of [debate.Fate]; colour never carries a meaning alone.
//
// Blue against orange-red survives the common colour blindnesses; green and orange-red, which may not, are always told apart
// by direction and sign as well.
package paint

import (
	"fmt"
	"image/color"

	"cheaptalk/debate"
)

// The colours. Grey is for what is secondary, Failed for debates that failed.
var (
	HeldRight  = color.NRGBA{0x2F, 0x6D, 0xB5, 0xFF} // blue
	Corrected  = color.NRGBA{0x1B, 0x9E, 0x77, 0xFF} // green
	Corrupted  = color.NRGBA{0xE0, 0x4E, 0x14, 0xFF} // orange-red
	StuckWrong = color.NRGBA{0x8A, 0x8F, 0x98, 0xFF} // grey
	MovedWrong = color.NRGBA{0xC3, 0xC7, 0xCE, 0xFF} // light grey
	Unread     = color.NRGBA{0x8E, 0x6B, 0xBF, 0xFF} // violet
	Failed     = color.NRGBA{0xA0, 0x50, 0x50, 0xFF} // dim red
	Grey       = color.NRGBA{0x78, 0x7D, 0x86, 0xFF}
)

// Fate returns the colour of a fate.
func Fate(f debate.Fate) color.NRGBA {
	return [...]color.NRGBA{HeldRight, Corrected, Corrupted, StuckWrong, MovedWrong, Unread}[f]
}

// Pen colours text for a terminal. The zero Pen does not: it returns every text as it is.
type Pen struct{ Color bool }

// In returns s in the colour, by a 24-bit ANSI sequence.
func (p Pen) In(c color.NRGBA, s string) string {
	if !p.Color || s == "" {
		return s
	}
	return fmt.Sprintf("\x1b[38;2;%d;%d;%dm%s\x1b[0m", c.R, c.G, c.B, s)
}

// Bold returns s in bold.
func (p Pen) Bold(s string) string {
	if !p.Color || s == "" {
		return s
	}
	return "\x1b[1m" + s + "\x1b[0m"
}
