package datasets

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"cheaptalk/datasets/rows"
	"cheaptalk/debate"
)

// Options says what of a data set to load and from where. The zero Options loads the default split of the data directory
// as it is written.
type Options struct {
	Dir      string   // the data directory; "" means that of [Dir]
	Split    string   // "" means the default split; files have none
	Subjects []string // nil means all; only for a set or a file that has subjects
	// ShuffleChoices permutes the choices of every question with [ShuffleChoices] and Seed.
	ShuffleChoices bool
	Seed           uint64
	// AnyFile takes the files of a card as they are: for who has held them against their checksums, or means others.
	AnyFile bool
}

// Dir returns the data directory: dir itself when it is not empty, else the environment variable CHEAPTALK_DATA, else
// cheaptalk/data in the user's cache directory.
func Dir(dir string) (string, error) {
	if dir == "" {
		dir = os.Getenv("CHEAPTALK_DATA")
	}
	if dir != "" {
		return dir, nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no place for data sets: %w; set CHEAPTALK_DATA", err)
	}
	return filepath.Join(cache, "cheaptalk", "data"), nil
}

// Load reads a data set into items, in the order of its files. name is the name of a card, or the path of a .jsonl, .csv or
// .parquet file; .jsonl and .csv may be compressed with gzip (.jsonl.gz). Files that hold the name of a card are read by a path
// such as ./gsm8k.jsonl.
//
// The files of a card must be the published ones, byte for byte, unless Options.AnyFile says otherwise; Parquet files have no checksum here.
// The error is a [*MissingError] when the files of a card are not there and a [*RowError] at the first row that is not a
// question with a key.
func Load(name string, o Options) ([]debate.Item, error) {
	entries, err := load(name, o)
	if err != nil {
		return nil, err
	}
	items := make([]debate.Item, len(entries))
	for i, e := range entries {
		items[i] = e.item
	}
	return items, nil
}

// entry is an item with what else its row says.
type entry struct {
	item      debate.Item
	rationale string
}

func load(name string, o Options) ([]entry, error) {
	l := loader{o: o, counts: map[string]int{}, seen: map[string]int{}}
	var err error
	if card, ok := Find(name); ok {
		err = l.card(card)
	} else {
		err = l.own(name)
	}
	switch {
	case err != nil:
		return nil, err
	case l.without() != "":
		return nil, fmt.Errorf("%s: no question has the subject %s%s", name, l.without(), l.subjects())
	case len(l.entries) == 0:
		return nil, fmt.Errorf("%s: no questions", name)
	}
	return l.entries, nil
}

// without returns the first subject that is wanted and that no question has, or "".
func (l *loader) without() string {
	for _, s := range l.o.Subjects {
		if l.counts[slug(s)+"/"] == 0 {
			return s
		}
	}
	return ""
}

// subjects says which subjects questions have, where they have any.
func (l *loader) subjects() string {
	var names []string
	for _, place := range slices.Sorted(maps.Keys(l.counts)) {
		if place != "" {
			names = append(names, strings.TrimSuffix(place, "/"))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "\n  there are " + strings.Join(names, ", ")
}

// unknown says what a name could have been.
func unknown(name string) error {
	var names []string
	for _, c := range Cards() {
		names = append(names, c.Name)
	}
	if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
		return fmt.Errorf("%s: a file of questions is JSON lines, CSV or Parquet and says so by its name\n  name a .jsonl, .csv or .parquet file", name)
	}
	return fmt.Errorf("no data set is called %q\n  there are %s\n  or name a .jsonl, .csv or .parquet file", name, strings.Join(names, ", "))
}

// setName is the set of a file: its base name without the extension, which stays where it is needed to tell the file's
// questions from those of a card.
func setName(path string) string {
	base := slug(strings.ReplaceAll(filepath.Base(path), "/", "-"))
	ext, _, _ := rows.Format(base)
	name := base[:strings.LastIndex(strings.ToLower(base), ext)]
	if _, ok := Find(name); ok || name == "" {
		return base
	}
	return name
}

// loader reads files one after the other.
type loader struct {
	o        Options
	set      string // for errors
	prefix   string // of every ID, with its slash
	numbered bool   // rows are numbered and ids that they bring are ignored
	entries  []entry
	counts   map[string]int // questions read, by subject
	seen     map[string]int // line of each ID that a row brought
	wrong    *[]*RowError   // where rows that are no questions go; nil ends at the first
}

// card reads the wanted split of a card.
func (l *loader) card(c Card) error {
	split, ok := c.Split(l.o.Split)
	if !ok {
		return noSplit(c, l.o.Split)
	}
	l.set, l.prefix, l.numbered = c.Name, c.Name+"/", !c.Embedded
	if c.Embedded {
		return l.open(samples, split.Files[0].Path, split.Files[0].Path, "")
	}
	subjects := c.Subjects()
	for _, s := range l.o.Subjects {
		if !slices.Contains(subjects, s) {
			return noSubject(c, s, subjects)
		}
	}
	if split.Name != c.Splits[0].Name {
		l.prefix += split.Name + "/"
	}
	dir, err := Dir(l.o.Dir)
	if err != nil {
		return err
	}
	root := os.DirFS(dir)
	for _, file := range split.Files {
		if file.Subject != "" && len(l.o.Subjects) > 0 && !slices.Contains(l.o.Subjects, file.Subject) {
			continue
		}
		shown := filepath.Join(dir, filepath.FromSlash(file.Path))
		err := l.open(root, file.Path, shown, file.Subject)
		if err == nil && !l.o.AnyFile {
			err = published(c, file, root, shown)
		}
		if err == nil {
			continue
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		looked := []string{shown}
		if len(l.entries) == 0 {
			hub := filepath.Join(dir, filepath.FromSlash(split.Parquet))
			if err = l.open(root, split.Parquet, hub, ""); !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			looked = append(looked, hub)
		}
		return &MissingError{Set: c.Name, Looked: looked}
	}
	return nil
}

// published returns an error if a file of a card is not the published one: figures under its name would be of other questions.
func published(c Card, file File, root fs.FS, shown string) error {
	b, err := fs.ReadFile(root, file.Path)
	if err != nil {
		return fmt.Errorf("%s: %w", shown, err)
	}
	if fmt.Sprintf("%x", sha256.Sum256(b)) != file.SHA256 {
		return fmt.Errorf("%s: %s is not the published file\n  cheaptalk datasets fetch %[1]s brings that one; a file of your own is given by its path", c.Name, shown)
	}
	return nil
}

// own reads a file of the user's.
func (l *loader) own(name string) error {
	if _, _, ok := rows.Format(name); !ok {
		return unknown(name)
	}
	if l.o.Split != "" {
		return fmt.Errorf("%s: a file has no splits: leave out split %q", name, l.o.Split)
	}
	f, err := os.Open(name)
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		return fmt.Errorf("%s: %w", name, path.Err)
	} else if err != nil {
		return err
	}
	defer f.Close()
	l.set = setName(name)
	l.prefix = l.set + "/"
	return l.file(f, name, "")
}

func noSplit(c Card, name string) error {
	var names []string
	for _, s := range c.Splits {
		names = append(names, s.Name)
	}
	has := strings.Join(names, ", ")
	if slices.Contains(c.Withheld, name) {
		return fmt.Errorf("%s: the split %s is published without answers: use %s", c.Name, name, has)
	}
	return fmt.Errorf("%s: no split is called %q: there are %s", c.Name, name, has)
}

func noSubject(c Card, name string, subjects []string) error {
	if len(subjects) == 0 {
		return fmt.Errorf("%s: the set has no subjects: leave out %q", c.Name, name)
	}
	near := slices.MinFunc(subjects, func(a, b string) int { return rows.Distance(a, name) - rows.Distance(b, name) })
	return fmt.Errorf("%s: no subject is called %q; the nearest is %q", c.Name, name, near)
}

func (l *loader) open(fsys fs.FS, path, shown, subject string) error {
	f, err := fsys.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return l.file(f, shown, subject)
}

// file reads the questions of one open file. subject is that of all of them, or "" where the rows say it.
func (l *loader) file(f fs.File, shown, subject string) error {
	read := 0
	for r, err := range rows.Read(f, shown) {
		if err != nil {
			return fmt.Errorf("%s: %w", shown, err)
		}
		if subject != "" {
			r.Subject = subject
		}
		err = r.Err
		if err == nil {
			err = l.add(r)
		}
		if err != nil {
			wrong := &RowError{Set: l.set, Path: shown, Line: r.Line, Row: rows.Excerpt(r.Raw), Problem: err.Error(), Before: read}
			if l.wrong == nil {
				return wrong
			}
			*l.wrong = append(*l.wrong, wrong)
			continue
		}
		read++
	}
	return nil
}

// add names the question and appends it, unless its subject is not wanted.
func (l *loader) add(r rows.Row) error {
	place := ""
	if r.Subject != "" {
		place = slug(r.Subject) + "/"
	}
	n := l.counts[place]
	l.counts[place]++
	if len(l.o.Subjects) > 0 && !slices.Contains(l.o.Subjects, r.Subject) {
		return nil
	}
	id := l.prefix + place + strconv.Itoa(n)
	if r.ID != "" && !l.numbered {
		id = l.prefix + slug(strings.TrimPrefix(r.ID, l.prefix))
	}
	if other, ok := l.seen[id]; ok {
		return fmt.Errorf("the id %q is that of line %d too", id, other)
	}
	l.seen[id] = r.Line
	r.Question.ID = id
	item := debate.Item{Question: r.Question, Key: r.Key}
	if l.o.ShuffleChoices {
		item = ShuffleChoices(item, l.o.Seed)
	}
	l.entries = append(l.entries, entry{item: item, rationale: r.Rationale})
	return nil
}

// slug makes s fit for a part of a question ID: letters, digits and ._-/ stay, all else becomes a hyphen, and no part
// between slashes is empty or begins with a dot or a hyphen.
func slug(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._-/", r) {
			return r
		}
		return '-'
	}, s)
	parts := strings.Split(s, "/")
	for i, part := range parts {
		if parts[i] = strings.TrimLeft(part, ".-"); parts[i] == "" {
			parts[i] = "x"
		}
	}
	return strings.Join(parts, "/")
}
