package main

import (
	"fmt"
	"html"
	"strconv"
	"strings"
)

// The colours of the terminal in the pictures, those of styles apart.
const (
	ground = "#14171c"
	ink    = "#d7dae0"
)

// basic are the 16 colours of a terminal.
var basic = [16]string{
	"#2a2e36", "#d9534f", "#5fb36a", "#d0a63c", "#4f8fd9", "#b56cc4", "#45aebd", "#c4c8d0",
	"#7c8390", "#ff7a6e", "#7fd48a", "#f0cb62", "#74adf2", "#d494e0", "#6fd3e0", "#ffffff",
}

// pen is the style that escape sequences have set. The zero pen is plain.
type pen struct {
	fore, back              string // "" for the usual one
	bold, faint, italic     bool
	underline, swap, struck bool
}

// page returns an HTML page that looks as a terminal does on which these lines with escape sequences were written.
func page(screen string) string {
	var s strings.Builder
	fmt.Fprintf(&s, "<!doctype html><meta charset=utf-8><style>html{background:%s;color:%s}body{margin:12px 14px}"+
		"pre{margin:0;font:14px/16px 'DejaVu Sans Mono',monospace;font-variant-ligatures:none}</style><pre>", ground, ink)
	var p pen
	for line := range strings.Lines(screen) {
		for text, rest := "", strings.TrimRight(line, "\n"); rest != ""; {
			text, rest, _ = strings.Cut(rest, "\x1b")
			s.WriteString(p.span(text))
			rest = p.follow(rest)
		}
		s.WriteString("\n")
	}
	s.WriteString("</pre>\n")
	return s.String()
}

// span returns text in the style of the pen.
func (p *pen) span(text string) string {
	if text == "" {
		return ""
	}
	fore, back := p.fore, p.back
	if p.swap {
		fore, back = or(back, ground), or(fore, ink)
	}
	var css strings.Builder
	add := func(on bool, rule string) {
		if on {
			css.WriteString(rule + ";")
		}
	}
	add(fore != "", "color:"+fore)
	add(back != "", "background:"+back)
	add(p.bold, "font-weight:bold")
	add(p.faint, "opacity:.6")
	add(p.italic, "font-style:italic")
	add(p.underline, "text-decoration:underline")
	add(p.struck, "text-decoration:line-through")
	if css.Len() == 0 {
		return html.EscapeString(text)
	}
	return fmt.Sprintf(`<span style="%s">%s</span>`, strings.TrimSuffix(css.String(), ";"), html.EscapeString(text))
}

func or(s, usual string) string {
	if s == "" {
		return usual
	}
	return s
}

// follow takes the escape sequence whose first byte, the escape, is cut off, and returns what comes after it. Only styles (SGR) are followed.
func (p *pen) follow(s string) string {
	body, ok := strings.CutPrefix(s, "[")
	if !ok { // of one character, such as a change of the character set
		return s[min(1, len(s)):]
	}
	end := strings.IndexFunc(body, func(r rune) bool { return r >= '@' && r <= '~' })
	if end < 0 {
		return ""
	}
	if body[end] == 'm' {
		p.set(body[:end])
	}
	return body[end+1:]
}

// set changes the pen by the parameters of an SGR sequence.
func (p *pen) set(params string) {
	var codes []int
	for _, word := range strings.FieldsFunc(params, func(r rune) bool { return r == ';' || r == ':' }) {
		n, _ := strconv.Atoi(word)
		codes = append(codes, n)
	}
	if len(codes) == 0 {
		codes = []int{0}
	}
	for len(codes) > 0 {
		n := codes[0]
		codes = codes[1:]
		switch {
		case n == 0:
			*p = pen{}
		case n == 1:
			p.bold = true
		case n == 2:
			p.faint = true
		case n == 22:
			p.bold, p.faint = false, false
		case n == 3 || n == 23:
			p.italic = n == 3
		case n == 4 || n == 24:
			p.underline = n == 4
		case n == 7 || n == 27:
			p.swap = n == 7
		case n == 9 || n == 29:
			p.struck = n == 9
		case n >= 30 && n <= 37:
			p.fore = basic[n-30]
		case n >= 90 && n <= 97:
			p.fore = basic[n-90+8]
		case n >= 40 && n <= 47:
			p.back = basic[n-40]
		case n >= 100 && n <= 107:
			p.back = basic[n-100+8]
		case n == 38:
			p.fore, codes = colour(codes)
		case n == 48:
			p.back, codes = colour(codes)
		case n == 39:
			p.fore = ""
		case n == 49:
			p.back = ""
		}
	}
}

// colour reads the colour after 38 or 48, and returns it with the codes behind it.
func colour(codes []int) (string, []int) {
	switch {
	case len(codes) >= 4 && codes[0] == 2:
		return fmt.Sprintf("#%02x%02x%02x", codes[1]&255, codes[2]&255, codes[3]&255), codes[4:]
	case len(codes) >= 2 && codes[0] == 5:
		return indexed(codes[1] & 255), codes[2:]
	}
	return "", nil
}

// indexed returns one of the 256 colours: the 16 basic ones, a cube of 6x6x6, and 24 greys.
func indexed(n int) string {
	switch {
	case n < 16:
		return basic[n]
	case n < 232:
		level := func(i int) int {
			if i == 0 {
				return 0
			}
			return 55 + 40*i
		}
		n -= 16
		return fmt.Sprintf("#%02x%02x%02x", level(n/36), level(n/6%6), level(n%6))
	}
	grey := 8 + 10*(n-232)
	return fmt.Sprintf("#%02x%02x%02x", grey, grey, grey)
}
