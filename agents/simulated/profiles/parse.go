package profiles

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strings"
	"unicode"

	yaml "go.yaml.in/yaml/v4"

	"cheaptalk/agents/simulated"
)

// Error is a fault of a profile file.
type Error struct {
	File  string
	Line  int    // from 1; 0 when the fault has no one line
	Field string // the field or parameter; "" when the fault is of the whole file
	What  string
	Fix   string // what to do about it
}

// Error writes one line: where, what, and what to do.
func (e *Error) Error() string {
	s := ""
	if e.File != "" {
		s = e.File + ": "
	}
	if e.File != "" && e.Line > 0 {
		s = fmt.Sprintf("%s:%d: ", e.File, e.Line)
	}
	if e.Field != "" {
		s += e.Field + ": "
	}
	s += e.What
	if e.Fix != "" {
		s += "; " + e.Fix
	}
	return s
}

// document is a file that is being read.
type document struct {
	path string
	root *yaml.Node // the mapping
}

// Parse reads the text of a profile file; path is for errors alone.
func Parse(path string, data []byte) (*File, error) {
	d := document{path: path}
	var node yaml.Node
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, d.fault(nil, "", "the file is empty", "a profile file is YAML with the fields "+fields)
	}
	if err := yaml.Load(data, &node, yaml.WithUniqueKeys()); err != nil {
		return nil, d.yamlError(err)
	}
	if node.Kind != yaml.DocumentNode || len(node.Content) != 1 {
		return nil, d.fault(nil, "", "this is no profile", "a profile file is YAML with the fields "+fields)
	}
	d.root = node.Content[0]
	return d.file()
}

// UnmarshalYAML reads a profile that is part of another document. Its error is an [*Error] without a file.
func (f *File) UnmarshalYAML(node *yaml.Node) error {
	read, err := document{root: node}.file()
	if err != nil {
		return err
	}
	*f = *read
	return nil
}

// file reads the mapping.
func (d document) file() (*File, error) {
	if d.root.Kind != yaml.MappingNode {
		return nil, d.fault(d.root, "", "this is no profile", "a profile has the fields "+fields)
	}
	var t text
	if err := d.root.Load(&t, yaml.WithKnownFields(), yaml.WithUniqueKeys()); err != nil {
		return nil, d.yamlError(err)
	}
	f := &File{Profile: simulated.NewProfile(t.Name), MadeBy: t.MadeBy, Sources: t.Sources, Warnings: t.Warnings}
	if err := d.checkName(t.Name); err != nil {
		return nil, err
	}
	err := d.numbers("parameters", func(par simulated.Parameter, v float64, at *yaml.Node) error {
		if err := par.Check(v); err != nil {
			return d.fault(at, "parameters", err.Error(), "give "+par.Range())
		}
		par.Set(&f.Profile, v)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := f.Profile.Check(); err != nil {
		return nil, d.fault(d.child("parameters"), "parameters", err.Error(), "lower one of the two")
	}
	err = d.numbers("standard_errors", func(par simulated.Parameter, v float64, at *yaml.Node) error {
		if !(v >= 0) || math.IsInf(v, 0) {
			return d.fault(at, "standard_errors", fmt.Sprintf("%s has the standard error %v", par.Name, v), "give a number of 0 or more")
		}
		if f.StandardErrors == nil {
			f.StandardErrors = map[string]float64{}
		}
		f.StandardErrors[par.Name] = v
		return nil
	})
	if err != nil {
		return nil, err
	}
	if t.Covariance != nil {
		f.Covariance = *t.Covariance
	}
	return f, d.checkCovariance(f.Covariance)
}

const fields = "name, made_by, sources, parameters, standard_errors, covariance and warnings"

// checkName refuses names that could not stand in a table, a team or a path.
func (d document) checkName(name string) error {
	bad := strings.IndexFunc(name, func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r) || strings.ContainsRune(`/\,:`, r)
	})
	if name == "" || bad >= 0 || len(name) > 100 {
		return d.fault(d.child("name"), "name", fmt.Sprintf("%q is no name of a profile", name),
			"give the model, @ and what its parameters rest on, without spaces: mistral-7b@wynn2025")
	}
	return nil
}

// numbers goes through a mapping from parameters to numbers, which need not be there unless it is that of the parameters.
func (d document) numbers(field string, each func(simulated.Parameter, float64, *yaml.Node) error) error {
	m := d.child(field)
	if m == nil && field == "parameters" {
		return d.fault(d.root, field, "there are none", "add  parameters: {own_weight: 1, choice.accuracy: 0.6}")
	}
	if m == nil {
		return nil
	}
	if m.Kind != yaml.MappingNode {
		return d.fault(m, field, "this is no list of parameters", "write  NAME: NUMBER  lines below it")
	}
	lines := map[string]int{}
	for i := 0; i+1 < len(m.Content); i += 2 {
		name, value := m.Content[i], m.Content[i+1]
		if line := lines[name.Value]; line > 0 {
			return d.fault(name, field, fmt.Sprintf("%s is defined twice, first in line %d", name.Value, line), "keep one of the two")
		}
		lines[name.Value] = name.Line
		par, err := simulated.Lookup(name.Value)
		if err != nil {
			return d.fault(name, field, err.Error(), "SET is a data set, choice or number; docs/MODEL.md explains each")
		}
		var v float64
		if value.Kind != yaml.ScalarNode || value.Load(&v) != nil {
			return d.fault(name, field, fmt.Sprintf("%s is %.40q, which is no number", par.Name, value.Value), "give "+par.Range())
		}
		if err := each(par, v, name); err != nil {
			return err
		}
	}
	return nil
}

// checkCovariance refuses what no covariance can be. Whether it is positive definite is left to those who draw from it.
func (d document) checkCovariance(c Covariance) error {
	fault := func(what string) error {
		return d.fault(d.child("covariance"), "covariance", what, "give one symmetric row and column a parameter in  of")
	}
	seen := map[string]bool{}
	for _, name := range c.Of {
		if _, err := simulated.Lookup(name); err != nil {
			return fault(err.Error())
		}
		if seen[name] {
			return fault(name + " is listed twice")
		}
		seen[name] = true
	}
	if len(c.Rows) != len(c.Of) {
		return fault(fmt.Sprintf("it has %d rows for %d parameters", len(c.Rows), len(c.Of)))
	}
	for _, row := range c.Rows {
		if len(row) != len(c.Of) {
			return fault(fmt.Sprintf("a row has %d entries for %d parameters", len(row), len(c.Of)))
		}
	}
	for i, row := range c.Rows {
		for j, v := range row {
			w := c.Rows[j][i]
			if math.IsNaN(v) || math.IsInf(v, 0) || i == j && v < 0 {
				return fault(fmt.Sprintf("the entry of %s and %s is %v", c.Of[i], c.Of[j], v))
			}
			if math.Abs(v-w) > 1e-9*max(math.Abs(v), math.Abs(w)) {
				return fault(fmt.Sprintf("the entries of %s and %s differ: %v and %v", c.Of[i], c.Of[j], v, w))
			}
		}
	}
	return nil
}

// child returns the value of a field of the file, or nil.
func (d document) child(field string) *yaml.Node {
	for i := 0; i+1 < len(d.root.Content); i += 2 {
		if d.root.Content[i].Value == field {
			return d.root.Content[i+1]
		}
	}
	return nil
}

// fault returns an error at a node; nil is none in particular.
func (d document) fault(at *yaml.Node, field, what, fix string) error {
	e := &Error{File: d.path, Field: field, What: what, Fix: fix}
	if at != nil {
		e.Line = at.Line
	}
	return e
}

var (
	unknownField = regexp.MustCompile(`field (\S+) not found in type \S+`)
	wrongType    = regexp.MustCompile(`cannot construct !!(\w+) `)
	definedTwice = regexp.MustCompile(`mapping key "(.*)" already defined at line (\d+)`)
)

// yamlError turns an error of the YAML library into one that says what to do.
func (d document) yamlError(err error) error {
	var many *yaml.LoadErrors
	var one *yaml.LoadError
	if errors.As(err, &many) && len(many.Errors) > 0 {
		one = many.Errors[0]
	} else if !errors.As(err, &one) {
		return d.fault(nil, "", "it cannot be read: "+err.Error(), "")
	}
	e := &Error{File: d.path, Line: one.Mark.Line, What: "this is not YAML: " + one.Message, Fix: "check the indentation, the brackets and the quotes around it"}
	if m := unknownField.FindStringSubmatch(one.Message); m != nil {
		e.Field, e.What, e.Fix = m[1], "there is no such field in a profile", "the fields are "+fields
		if d.inCovariance(one.Mark.Line) {
			e.What, e.Fix = "there is no such field in a covariance", "the fields are of and rows"
		}
	} else if m := definedTwice.FindStringSubmatch(one.Message); m != nil {
		e.Field, e.What, e.Fix = m[1], "it is defined twice, first in line "+m[2], "keep one of the two"
	} else if wrongType.MatchString(one.Message) {
		e.What, e.Fix = "this is of the wrong form: "+one.Message, "docs/MODEL.md shows a profile file"
	}
	return e
}

// inCovariance reports whether a line is part of the covariance.
func (d document) inCovariance(line int) bool {
	c := d.child("covariance")
	return c != nil && len(c.Content) > 0 && line >= c.Line && line <= c.Content[len(c.Content)-1].Line
}
