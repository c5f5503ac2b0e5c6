package grid

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Write writes tables one after another, with a blank line between them, as [Table.Write] does.
func Write(w io.Writer, all []Table, columns int, color bool) error {
	for i := range all {
		if i > 0 {
			if _, err := io.WriteString(w, "\n"); err != nil {
				return err
			}
		}
		if err := all[i].Write(w, columns, color); err != nil {
			return err
		}
	}
	return nil
}

// WriteCSV writes every table to its own file NAME.csv in the folder, which must exist, and returns the paths.
func WriteCSV(all []Table, dir string) ([]string, error) {
	var paths []string
	for i := range all {
		var b bytes.Buffer
		if err := all[i].CSV(&b); err != nil {
			return paths, err
		}
		path := filepath.Join(dir, all[i].Name+".csv")
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			return paths, fmt.Errorf("write table: %w", err)
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// markdown escapes what would break or style a Markdown cell.
var markdown = strings.NewReplacer("|", `\|`, "\n", " ", "*", `\*`, "_", `\_`, "`", "\\`", "<", "&lt;", "~", `\~`, "[", `\[`, "]", `\]`)

// EscapeMarkdown escapes what Markdown would take for markup in a line of text.
func EscapeMarkdown(s string) string { return markdown.Replace(s) }

// Markdown writes the table as GitHub-flavoured Markdown, every column in full.
func (t *Table) Markdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "**%s**\n\n|", markdown.Replace(t.Title))
	for _, c := range t.Columns {
		fmt.Fprintf(&b, " %s |", markdown.Replace(c.Head))
	}
	b.WriteString("\n|")
	for _, c := range t.Columns {
		if c.Left {
			b.WriteString(":--|")
		} else {
			b.WriteString("--:|")
		}
	}
	for _, row := range t.Rows {
		b.WriteString("\n|")
		for _, c := range row {
			fmt.Fprintf(&b, " %s |", markdown.Replace(c.Text))
		}
	}
	fmt.Fprintf(&b, "\n\n%s\n", markdown.Replace(t.Caption))
	for _, note := range t.Notes {
		fmt.Fprintf(&b, "\n> **Note.** %s\n", markdown.Replace(note))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// CSV writes the table as comma-separated values with a header, every count, rate and end of an interval in its own column.
// Rates are in [0,1]; what does not exist is empty.
func (t *Table) CSV(w io.Writer) error {
	out := csv.NewWriter(w)
	var head []string
	for _, c := range t.Columns {
		head = append(head, c.Fields...)
	}
	if err := out.Write(head); err != nil {
		return fmt.Errorf("write %s.csv: %w", t.Name, err)
	}
	for _, row := range t.Rows {
		var line []string
		for _, c := range row {
			line = append(line, c.Raw...)
		}
		if err := out.Write(line); err != nil {
			return fmt.Errorf("write %s.csv: %w", t.Name, err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write %s.csv: %w", t.Name, err)
	}
	return nil
}

// latex escapes what LaTeX reads as commands, and writes signs that its text fonts lack in mathematics.
var latex = strings.NewReplacer(`\`, `\textbackslash{}`, "&", `\&`, "%", `\%`, "$", `\$`, "#", `\#`, "_", `\_`, "{", `\{`, "}", `\}`, "^", `\textasciicircum{}`,
	"~", `$\sim$`, "<", `$<$`, ">", `$>$`, "|", `$|$`, "▲", `$\blacktriangle$`, "▼", `$\blacktriangledown$`, "●", `$\bullet$`, "○", `$\circ$`, "◌", `$\odot$`,
	"×", `$\times$`, "→", `$\to$`, "±", `$\pm$`, "–", `--`, "·", `$\cdot$`, "≤", `$\le$`, "≥", `$\ge$`, "−", `$-$`, "²", `$^2$`, "δ", `$\delta$`, "ρ", `$\rho$`, "…", `\ldots{}`,
	"[", "{[}", "]", "{]}", "\n", " ") // a bracket behind the end of a row would be its argument

// negative matches the sign of a number that is less than 0.
var negative = regexp.MustCompile(`(^|[ \[(])-(\d)`)

// numerals writes a text with numbers in it for LaTeX, in whose text a hyphen is no minus.
func numerals(s string) string { return latex.Replace(negative.ReplaceAllString(s, "${1}−$2")) }

// onePage is the number of rows that a page of LaTeX holds beside the caption: a float of more is cut off, a longtable goes on.
const onePage = 36

// LaTeX writes the table as a LaTeX table of every column in full, for documents that use the packages booktabs, amssymb, graphicx and longtable: one that is
// wider than the text is made smaller, one that is longer than a page goes on on the next.
func (t *Table) LaTeX(w io.Writer) error {
	var b strings.Builder
	sides := make([]byte, len(t.Columns))
	heads := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		sides[i] = 'r'
		if c.Left {
			sides[i] = 'l'
		}
		heads[i] = latex.Replace(c.Head)
	}
	long := len(t.Rows) > onePage
	title, head := fmt.Sprintf("\\caption{%s}\\label{tab:%s}", latex.Replace(t.Title), t.Name), strings.Join(heads, " & ")
	b.WriteString("% needs \\usepackage{booktabs,amssymb,graphicx,longtable}\n")
	if long {
		fmt.Fprintf(&b, "{\\footnotesize\\setlength{\\tabcolsep}{3pt}\n\\begin{longtable}{%s}\n%s\\\\\n\\toprule\n%s \\\\\n\\midrule\n\\endfirsthead\n\\toprule\n%s \\\\\n\\midrule\n\\endhead\n", sides, title, head, head)
	} else {
		fmt.Fprintf(&b, "\\begin{table}\n%s\n\\small\n\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{\\begin{tabular}{%s}\n\\toprule\n%s \\\\\n\\midrule\n", title, sides, head)
	}
	for _, row := range t.Rows {
		cells := make([]string, len(row))
		for i, c := range row {
			if cells[i] = numerals(c.Text); t.Columns[i].Left {
				cells[i] = latex.Replace(c.Text) // a name
			}
		}
		fmt.Fprintf(&b, "%s \\\\\n", strings.Join(cells, " & "))
	}
	if b.WriteString("\\bottomrule\n"); long {
		b.WriteString("\\end{longtable}\n\\noindent ")
	} else {
		b.WriteString("\\end{tabular}}\n\n\\medskip\\footnotesize ")
	}
	fmt.Fprintf(&b, "%s\n", numerals(t.Caption))
	for _, note := range t.Notes {
		fmt.Fprintf(&b, "\n\\textbf{Note.} %s\n", numerals(note))
	}
	if long {
		b.WriteString("\\par}\n")
	} else {
		b.WriteString("\\end{table}\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}
