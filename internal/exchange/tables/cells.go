package tables

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"cheaptalk/internal/exchange/jsontext"
)

// Column is a column of a table.
type Column struct {
	Name string
	Type string // "text", "integer", "number", "true or false", "list of texts" or "list of integers"
	Null bool   // a cell may be null

	index []int // of the field in the type of the row
}

// Name returns the name of the table of T: "records", "messages" or "transitions".
func Name[T Row]() string {
	return strings.ToLower(reflect.TypeFor[T]().Name()) + "s"
}

// Columns returns the columns of a table in their order.
func Columns[T Row]() []Column {
	var columns []Column
	for _, f := range reflect.VisibleFields(reflect.TypeFor[T]()) {
		tag, ok := f.Tag.Lookup("parquet")
		if !ok {
			continue
		}
		name, options, _ := strings.Cut(tag, ",")
		c := Column{Name: name, Null: options == "optional", index: f.Index}
		t := f.Type
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		switch t.Kind() {
		case reflect.String:
			c.Type = "text"
		case reflect.Int64:
			c.Type = "integer"
		case reflect.Float64:
			c.Type = "number"
		case reflect.Bool:
			c.Type = "true or false"
		case reflect.Slice:
			c.Type = "list of texts"
			if t.Elem().Kind() == reflect.Int64 {
				c.Type = "list of integers"
			}
		}
		columns = append(columns, c)
	}
	return columns
}

// Differs returns the first column in which the rows differ and what each has there, as CSV has it; column is "" when none does.
func Differs[T Row](a, b T) (column, inA, inB string) {
	if reflect.DeepEqual(a, b) { // as good as always, and faster
		return "", "", ""
	}
	for _, c := range Columns[T]() {
		if inA, inB = c.text(reflect.ValueOf(a)), c.text(reflect.ValueOf(b)); inA != inB {
			return c.Name, inA, inB
		}
	}
	return "", "", ""
}

// text returns the cell of a row as CSV has it, "" when it is null.
func (c Column) text(row reflect.Value) string {
	v := row.FieldByIndex(c.index)
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return ""
		}
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Int64:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'g', -1, 64)
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case reflect.Slice:
		return string(list(v))
	}
	return v.String()
}

// list returns a list as JSON.
func list(v reflect.Value) []byte {
	if v.Len() == 0 {
		return []byte("[]")
	}
	text, err := jsontext.Marshal(v.Interface(), "")
	if err != nil { // numbers and texts can be written
		panic(err)
	}
	return text
}

// appendJSON appends the cell of a row as JSON.
func (c Column) appendJSON(b []byte, row reflect.Value) ([]byte, error) {
	text := c.text(row)
	switch {
	case text == "":
		return append(b, "null"...), nil
	case c.Type != "text":
		return append(b, text...), nil
	}
	quoted, err := jsontext.Marshal(text, "")
	return append(b, quoted...), err
}

// errNull is the error of a null where there must be something.
var errNull = errors.New("the cell is empty")

// set puts a cell, as CSV has it, into a row.
func (c Column) set(row reflect.Value, cell string) error {
	v := row.FieldByIndex(c.index)
	if cell == "" {
		if !c.Null {
			return errNull
		}
		return nil
	}
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(cell)
	case reflect.Int64:
		n, err := strconv.ParseInt(cell, 10, 64)
		if err != nil {
			return fmt.Errorf("%q is not a whole number", excerpt(cell))
		}
		v.SetInt(n)
	case reflect.Float64:
		x, err := strconv.ParseFloat(cell, 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			return fmt.Errorf("%q is not a number", excerpt(cell))
		}
		v.SetFloat(x)
	case reflect.Bool:
		switch strings.ToLower(cell) { // pandas writes True
		case "true":
			v.SetBool(true)
		case "false":
		default:
			return fmt.Errorf("%q is neither true nor false", excerpt(cell))
		}
	case reflect.Slice:
		if err := json.Unmarshal([]byte(cell), v.Addr().Interface()); err != nil || !bytes.HasPrefix(bytes.TrimSpace([]byte(cell)), []byte("[")) {
			return fmt.Errorf("%q is not a %s, as JSON", excerpt(cell), c.Type)
		}
		if v.Len() == 0 {
			v.SetZero()
		}
	}
	return nil
}

// excerpt returns the beginning of a text.
func excerpt(s string) string {
	const most = 60 // runes
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}

// match finds the columns of T under the names of a file, which may be in any order: the i-th name is that of the column order[i].
func match[T Row](names []string) (order []int, err error) {
	columns := Columns[T]()
	order = make([]int, len(names))
	for i, name := range names {
		order[i] = slices.IndexFunc(columns, func(c Column) bool { return c.Name == name })
		if order[i] < 0 {
			return nil, fmt.Errorf("the table %s has no column %q, and it would be lost; take it out of the file", Name[T](), excerpt(name))
		}
		if slices.Contains(names[:i], name) {
			return nil, fmt.Errorf("there are two columns %q; take one out", name)
		}
	}
	for _, c := range columns {
		if !slices.Contains(names, c.Name) {
			return nil, fmt.Errorf("the table %s needs a column %q; export it again", Name[T](), c.Name)
		}
	}
	return order, nil
}

// Table returns which table a file with these columns is of, by those that only one has, or "" when it is none.
func Table(columns []string) string {
	switch has := func(name string) bool { return slices.Contains(columns, name) }; {
	case !has("item") || !has("arm"):
		return ""
	case has("verdicts"):
		return Name[Record]()
	case has("task"):
		return Name[Message]()
	case has("fate"):
		return Name[Transition]()
	}
	return ""
}
