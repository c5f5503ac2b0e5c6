package ink

import (
	"image/color"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"

	"cheaptalk/debate"
	"cheaptalk/tui/text"
)

// Terminal is what is known of the terminal. The zero Terminal has a light background, no colours and measures as terminals do by themselves.
type Terminal struct {
	Dark    bool
	Profile colorprofile.Profile
	Ruler   text.Ruler
}

// Style is how a piece of text looks; nil is plain.
type Style = *lipgloss.Style

// Palette holds the styles of the screen for one terminal. It is made by NewPalette and used by one goroutine at a time.
type Palette struct {
	Ruler                               text.Ruler
	Dim, Bold, Border                   Style
	Failed, Picked, Caret, Tied, Notice Style
	Fates                               [len(debate.Fates)]Style
	agents                              [7]Style
	// wrapped remembers how long texts were broken into lines, which is most of the work of drawing.
	wrapped map[wrapping][]string
}

// wrapping is a text and the cells that its lines have.
type wrapping struct {
	words string
	cells int
}

const (
	longText   = 256 // bytes from which on it pays to remember
	remembered = 256 // texts, before all are forgotten
)

// shades of one colour: for a light background, a dark one, and where there are only 16 colours.
type shades struct{ light, dark, basic string }

// The colours of fates are those of reports/paint, a shade brighter on a dark background. Blue against orange-red survives the common
// colour blindnesses; every fate has a sign as well.
var (
	fateShades = [...]shades{
		debate.HeldRight:  {"#2F6DB5", "#5B9BE6", "12"},
		debate.Corrected:  {"#147A5C", "#2FBF93", "10"},
		debate.Corrupted:  {"#C8430F", "#FF7A45", "9"},
		debate.StuckWrong: {"#6B7079", "#9AA0AA", "8"},
		debate.MovedWrong: {"#6B7079", "#9AA0AA", "8"},
		debate.Unread:     {"#7A55B0", "#B08FE0", "13"},
	}
	// agentShades are told apart in 16 colours too. They are the colours of names, never of outcomes.
	agentShades = [...]shades{
		{"#0E7490", "#56C7DE", "6"}, {"#9D2C86", "#E08AD0", "5"}, {"#8A6A00", "#E0C04C", "3"}, {"#3F7D20", "#9CCB6B", "2"},
		{"#3D4FC4", "#9AA6FF", "4"}, {"#A83244", "#F08A96", "1"}, {"#3A3F47", "#E4E7EC", "7"},
	}
	dimShades    = shades{"#6B7079", "#868C96", "8"}
	borderShades = shades{"#A9AEB7", "#555B66", "8"}
	failedShades = shades{"#A05050", "#C97070", "1"}
	noticeShades = shades{"#8A6A00", "#E0C04C", "3"}
)

// darker are the colours of 16 that stand on a light background for bright ones.
var darker = map[string]string{"12": "4", "10": "2", "9": "1", "13": "5", "7": "0"}

// NewPalette returns the styles for a terminal.
func NewPalette(t Terminal) *Palette {
	pick := func(s shades) color.Color {
		c := s.light
		if t.Dark {
			c = s.dark
		}
		if t.Profile <= colorprofile.ANSI {
			c = s.basic
			if onLight, ok := darker[c]; ok && !t.Dark {
				c = onLight
			}
		}
		return lipgloss.Color(c)
	}
	in := func(s shades) Style {
		if t.Profile <= colorprofile.ASCII {
			s := lipgloss.NewStyle()
			return &s
		}
		made := lipgloss.NewStyle().Foreground(pick(s))
		return &made
	}
	with := func(s lipgloss.Style) Style { return &s }
	p := &Palette{
		Ruler: t.Ruler, wrapped: map[wrapping][]string{}, Dim: in(dimShades), Bold: with(lipgloss.NewStyle().Bold(true)), Border: in(borderShades),
		Failed: in(failedShades), Notice: with(in(noticeShades).Bold(true)), Tied: with(lipgloss.NewStyle().Bold(true)),
		Picked: with(lipgloss.NewStyle().Reverse(true)), Caret: with(lipgloss.NewStyle().Reverse(true)),
	}
	for f, s := range fateShades {
		p.Fates[f] = with(in(s).Bold(f == int(debate.Corrected) || f == int(debate.Corrupted)))
	}
	for i, s := range agentShades {
		p.agents[i] = with(in(s).Bold(true))
	}
	return p
}

// Agent returns the colour of the i-th agent of a team.
func (p *Palette) Agent(i int) Style { return p.agents[i%len(p.agents)] }
