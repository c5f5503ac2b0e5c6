package recorded

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"cheaptalk/debate"
)

// maxLine is the greatest length of a row in bytes; the longest of the known files has 37 thousand.
const maxLine = 16 << 20

// Open reads the recording in a file of JSON lines, or of Du et al., which may be gzipped whatever its name.
// An error names the file and the line, or the question, and quotes its beginning.
func Open(path string) (*Recording, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open recording: %w", err)
	}
	defer file.Close()
	return read(file, path)
}

// read reads a recording. path is for its name and for errors.
func read(r io.Reader, path string) (*Recording, error) {
	buffered := bufio.NewReader(r)
	if magic, _ := buffered.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		unzipped, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		r = unzipped
	} else {
		r = buffered
	}
	in := bufio.NewReaderSize(r, duAhead)
	ld := loader{
		rec:   &Recording{Models: map[string]string{}, talks: map[string]talk{}},
		base:  baseName(path),
		first: map[string]int{},
	}
	if isDu(in) {
		if err := ld.duRead(in, path); err != nil {
			return nil, err
		}
	} else if err := ld.lines(in, path); err != nil {
		return nil, err
	}
	if len(ld.rec.Items) == 0 {
		return nil, fmt.Errorf("%s: no recorded question in %d lines", path, ld.line)
	}
	return ld.rec, nil
}

// lines reads a file of JSON lines.
func (ld *loader) lines(r io.Reader, path string) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		ld.line++
		row := lines.Bytes()
		if ld.line == 1 {
			row = bytes.TrimPrefix(row, []byte("\ufeff"))
		}
		if row = bytes.TrimSpace(row); len(row) == 0 {
			continue
		}
		switch err := ld.row(row); {
		case errors.As(err, new(skipped)):
			ld.rec.Skipped = append(ld.rec.Skipped, fmt.Sprintf("%s:%d: left out: %v", path, ld.line, err))
		case err != nil:
			return fmt.Errorf("%s:%d: %w; the row is %s", path, ld.line, err, excerpt(row))
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("%s:%d: %w", path, ld.line+1, err)
	}
	return nil
}

// baseName returns the name of an own file without its folder and extensions.
func baseName(path string) string {
	base := filepath.Base(path)
	for _, ext := range []string{".gz", ".jsonl", ".json", ".ndjson"} {
		base = strings.TrimSuffix(base, ext)
	}
	return base
}

// excerpt quotes the beginning of a row.
func excerpt(row []byte) string {
	const most = 160
	if len(row) <= most {
		return fmt.Sprintf("%q", row)
	}
	return fmt.Sprintf("%q…", row[:most])
}

// skipped is the reason why a row is left out of a recording that stands.
type skipped string

func (s skipped) Error() string { return string(s) }

// loader reads one file.
type loader struct {
	rec     *Recording
	base    string         // name of an own file
	format  *format        // of all rows; nil before the first
	line    int            // in a file of Du et al., the number of the question from 1
	first   map[string]int // line of each item ID
	prompts int            // in a file of Du et al., those so far
	within  map[string]int // questions of each data set so far, for formats that do not number them
}

// row reads one row and keeps it.
func (ld *loader) row(data []byte) error {
	if ld.format == nil {
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(data, &fields); err != nil {
			return err
		}
		if ld.format = detect(fields); ld.format == nil {
			return errors.New("these are not the fields of a known format; an own file has id, question, answer and replies or rounds")
		}
		ld.rec.Name, ld.rec.Licence = ld.format.name, ld.format.licence
		if ld.format.name == "" {
			ld.rec.Name = ld.base
		}
	}
	e, err := ld.format.parse(ld, data)
	if err != nil {
		return err
	}
	return ld.keep(e)
}

// entry is what a row says, whatever its format.
type entry struct {
	item    debate.Item
	talk    talk
	models  map[string]string // of the agents; nil where the row does not say
	source  string
	licence string
}

// keep adds an entry to the recording.
func (ld *loader) keep(e entry) error {
	rec, id := ld.rec, e.item.Question.ID
	if line, twice := ld.first[id]; twice {
		i := slices.IndexFunc(rec.Items, func(item debate.Item) bool { return item.Question.ID == id })
		if reflect.DeepEqual(rec.Items[i], e.item) && reflect.DeepEqual(rec.talks[id], e.talk) {
			return skipped(fmt.Sprintf("item %s is on line %d too, with the same replies", id, line))
		}
		question, _ := debate.Variant(id)
		return fmt.Errorf("item %s is on line %d too, with other content; several debates of one question are written as %s@NAME",
			id, line, question)
	}
	if e.item.Question.Text == "" {
		return fmt.Errorf("item %s has no question", id)
	}
	if err := e.talk.check(); err != nil {
		return err
	}
	ld.first[id] = ld.line
	rec.Items = append(rec.Items, e.item)
	rec.talks[id] = e.talk
	for _, round := range e.talk {
		for _, u := range round {
			if !slices.Contains(rec.Agents, u.Agent) {
				rec.Agents = append(rec.Agents, u.Agent)
			}
			rec.Models[u.Agent] = join(rec.Models[u.Agent], e.models[u.Agent])
		}
	}
	rec.Source, rec.Licence = join(rec.Source, e.source), join(rec.Licence, e.licence)
	return nil
}

// join adds a name to a list of names with commas, unless it is empty or there already.
func join(list, name string) string {
	if list == "" || name == "" {
		return list + name
	}
	if slices.Contains(strings.Split(list, ", "), name) {
		return list
	}
	return list + ", " + name
}

// check finds what cannot have been said.
func (t talk) check() error {
	if len(t) == 0 {
		return errors.New("no replies")
	}
	spoke := map[string]bool{}
	for r, round := range t {
		if len(round) == 0 {
			return fmt.Errorf("nobody speaks in round %d", r)
		}
		for i, u := range round {
			if u.Agent == "" {
				return fmt.Errorf("round %d: turn %d has no agent", r, i)
			}
			if find(round, u.Agent) < i {
				return fmt.Errorf("round %d: agent %s speaks twice", r, u.Agent)
			}
			if r == 0 && len(u.Heard) > 0 {
				return fmt.Errorf("round 0: agent %s has heard %s; round 0 is independent", u.Agent, strings.Join(u.Heard, ", "))
			}
			for _, name := range u.Heard {
				if !spoke[name] {
					return fmt.Errorf("round %d: agent %s has heard %q, who said nothing before", r, u.Agent, name)
				}
			}
		}
		for _, u := range round {
			spoke[u.Agent] = true
		}
	}
	return nil
}
