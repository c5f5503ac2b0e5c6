package spec

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	yaml "go.yaml.in/yaml/v4"

	"cheaptalk/agents/simulated/profiles"
)

// Error is a fault of an experiment file or of the command line that stands for one.
type Error struct {
	What string // one sentence
	File string // "" when there is no file
	Line int    // from 1; 0 when the fault has no one line
	Text string // that line; "" when it may hold a secret
	Fix  string // what to do about it
}

// Error writes one line what, one line where and one line what to do.
func (e *Error) Error() string {
	s := e.What
	switch {
	case e.File != "" && e.Line > 0:
		s += strings.TrimRight(fmt.Sprintf("\n  %s:%d   %s", e.File, e.Line, strings.TrimSpace(e.Text)), " ")
	case e.File != "":
		s += "\n  " + e.File
	}
	if e.Fix != "" {
		s += "\n  " + e.Fix
	}
	return s
}

// file remembers where each part of a spec was written.
type file struct {
	path  string
	lines []string
	root  *yaml.Node
}

// Load reads an experiment file. Paths in it are relative to its folder.
func Load(path string) (*Spec, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return nil, &Error{What: "there is no experiment file " + path, Fix: "give the path of a .yaml file, or none to run the embedded questions"}
		}
		return nil, fmt.Errorf("read experiment file: %w", err)
	}
	s, err := Parse(path, data)
	if err != nil {
		return nil, err
	}
	if s.Name == "" {
		s.Name = strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	}
	return s, nil
}

// Parse reads the text of an experiment file; path is for errors and for relative paths alone.
func Parse(path string, data []byte) (*Spec, error) {
	f := file{path: path, lines: strings.Split(string(data), "\n"), root: &yaml.Node{}}
	if !slices.ContainsFunc(f.lines, func(l string) bool { l = strings.TrimSpace(l); return l != "" && l[0] != '#' }) {
		return nil, &Error{What: "the experiment file is empty", File: path, Fix: "see examples/ for one to start from"}
	}
	if err := yaml.Load(data, f.root, yaml.WithUniqueKeys()); err != nil {
		return nil, f.yamlError(err)
	}
	expand(f.root)
	s := &Spec{Seed: defaultSeed}
	if err := f.root.Load(s, yaml.WithKnownFields(), yaml.WithUniqueKeys()); err != nil {
		return nil, f.yamlError(err)
	}
	s.file = f
	return s, nil
}

// short lists the sequences whose entries may be written as one scalar, and the field that it then is.
var short = map[string]string{"datasets": "name", "judges": "judge"}

// expand rewrites each scalar entry of such a sequence to a mapping with that one field, and a lone source of confidence to a sequence.
func expand(n *yaml.Node) {
	if n.Kind == yaml.DocumentNode {
		for _, c := range n.Content {
			expand(c)
		}
		return
	}
	if n.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i].Value, n.Content[i+1]
		if field := short[key]; field != "" {
			wrap(value, field)
		}
		if key == "confidence" {
			listed(value)
		}
		if key == "teams" && value.Kind == yaml.MappingNode {
			for j := 1; j < len(value.Content); j += 2 {
				wrap(value.Content[j], "agent")
			}
		}
	}
}

// listed turns a lone scalar into a sequence of one.
func listed(n *yaml.Node) {
	if n.Kind == yaml.ScalarNode && n.ShortTag() != "!!null" {
		scalar := *n
		*n = yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Line: n.Line, Column: n.Column, Content: []*yaml.Node{&scalar}}
	}
}

// wrap turns the scalars of a sequence into mappings of one field. A lone scalar counts as a sequence of one.
func wrap(n *yaml.Node, field string) {
	listed(n)
	if n.Kind != yaml.SequenceNode {
		return
	}
	for i, c := range n.Content {
		if c.Kind == yaml.ScalarNode || c.Kind == yaml.AliasNode && c.Alias.Kind == yaml.ScalarNode {
			name := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: field, Line: c.Line, Column: c.Column}
			n.Content[i] = &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Line: c.Line, Column: c.Column, Content: []*yaml.Node{name, c}}
		}
	}
}

var (
	unknownField = regexp.MustCompile(`field (\S+) not found in type (\S+)`)
	wrongType    = regexp.MustCompile("cannot construct !!(\\w+) (`.*`|.*) ?into (.+)")
	mappingTwice = regexp.MustCompile(`mapping key "(.*)" already defined at line (\d+)`)
)

// yamlError turns an error of the YAML library into one that says what to do.
func (f file) yamlError(err error) error {
	var many *yaml.LoadErrors
	if errors.As(err, &many) && len(many.Errors) > 0 {
		return f.loadError(many.Errors[0])
	}
	var one *yaml.LoadError
	if errors.As(err, &one) {
		return f.loadError(one)
	}
	return &Error{What: "the experiment file cannot be read: " + err.Error(), File: f.path}
}

func (f file) loadError(err *yaml.LoadError) error {
	var profile *profiles.Error
	if errors.As(err, &profile) {
		return f.profileError(profile)
	}
	e := &Error{What: "this is not YAML: " + err.Message, File: f.path, Line: err.Mark.Line, Text: f.line(err.Mark.Line),
		Fix: "check the indentation, the brackets and the quotes around it"}
	if err.Mark.Line == 0 {
		e.What, e.Fix = "this is not one YAML document: "+strings.TrimPrefix(err.Message, "yaml: "), "give each experiment a file of its own"
	}
	if m := unknownField.FindStringSubmatch(err.Message); m != nil {
		e.What = fmt.Sprintf("there is no field %q in %s", m[1], typeName(m[2]))
		e.Fix = "the fields are " + strings.Join(fieldsOf(m[2]), ", ")
	} else if m := mappingTwice.FindStringSubmatch(err.Message); m != nil {
		e.What = fmt.Sprintf("%q is defined twice, first in line %s", m[1], m[2])
		e.Fix = "keep one of the two"
	} else if m := wrongType.FindStringSubmatch(err.Message); m != nil {
		e.What = "this is not " + kindName(m[3])
		if value := strings.Trim(strings.TrimSpace(m[2]), "`"); value != "" && e.Text != "" {
			e.What = fmt.Sprintf("%s is not %s", value, kindName(m[3]))
		}
		if field := fieldAt(f.root, "", err.Mark.Line, err.Mark.Column); field != "" {
			e.What = field + ": " + e.What
		}
		e.Fix = "give " + kindName(m[3])
	}
	return e
}

// fieldAt returns the name of the field whose value begins there, or "" when there is none. n is the value of field.
func fieldAt(n *yaml.Node, field string, line, column int) string {
	if field != "" && n.Line == line && n.Column == column {
		return field
	}
	for i, c := range n.Content {
		name := field
		switch {
		case n.Kind == yaml.MappingNode && i%2 == 0:
			continue
		case n.Kind == yaml.MappingNode:
			name = n.Content[i-1].Value
		case n.Kind == yaml.SequenceNode && field != "":
			name = "an entry of " + field
		}
		if found := fieldAt(c, name, line, column); found != "" {
			return found
		}
	}
	return ""
}

// secret finds lines that may hold a key or a password: a field of such a name with anything but ${VARIABLE} in it, a user in a
// URL, or a text that begins as keys do.
var secret = regexp.MustCompile(`(?i)\w*(key|token|secret|password|authorization)["']?\s*:\s*([^\s$]|\$[^{])|//[^/\s]*@|\b((sk|gsk|hf|xai)[-_]|aiza)[-\w]{12,}`)

// lineLimit is the most that an error quotes of a line, in runes.
const lineLimit = 160

// line returns a line of the file, cut when it is long, or "" when there is none or it may hold a secret.
func (f file) line(n int) string {
	if n < 1 || n > len(f.lines) || secret.MatchString(f.lines[n-1]) {
		return ""
	}
	if runes := []rune(f.lines[n-1]); len(runes) > lineLimit {
		return string(runes[:lineLimit]) + "…"
	}
	return f.lines[n-1]
}

// At returns an error at the deepest part of the path that was written: At(what, fix, "arms", 2, "protocol").
func (s *Spec) At(what, fix string, path ...any) error { return s.file.at(what, fix, path...) }

// hidden is At for what may hold a secret: the line is named and not quoted.
func (s *Spec) hidden(what, fix string, path ...any) error {
	e := s.file.at(what, fix, path...)
	e.Text = ""
	return e
}

// at returns an error at the deepest part of the path that was written.
func (f file) at(what, fix string, path ...any) *Error {
	e := &Error{What: what, Fix: fix, File: f.path}
	if f.root == nil || len(f.root.Content) == 0 {
		return e
	}
	node := f.root.Content[0]
	e.Line = node.Line
	for _, step := range path {
		next, line := child(node, step)
		if next == nil {
			break
		}
		node, e.Line = next, line
	}
	e.Text = f.line(e.Line)
	return e
}

// has reports whether a field was written.
func (f file) has(path ...any) bool {
	if f.root == nil || len(f.root.Content) == 0 {
		return false
	}
	node := f.root.Content[0]
	for _, step := range path {
		if node, _ = child(node, step); node == nil {
			return false
		}
	}
	return true
}

// child returns the entry of a mapping or sequence and the line where it begins, or nil.
func child(n *yaml.Node, step any) (*yaml.Node, int) {
	switch step := step.(type) {
	case string:
		for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == step {
				return n.Content[i+1], n.Content[i].Line
			}
		}
	case int:
		if n.Kind == yaml.SequenceNode && step < len(n.Content) {
			return n.Content[step], n.Content[step].Line
		}
	}
	return nil, 0
}
