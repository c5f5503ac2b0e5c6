package spec

import (
	"reflect"
	"strings"
)

// parts names the parts of an experiment file by the Go type behind them.
var parts = map[string]struct {
	name string
	typ  reflect.Type
}{
	"spec.Spec":    {"the experiment", reflect.TypeFor[Spec]()},
	"spec.Dataset": {"a data set", reflect.TypeFor[Dataset]()},
	"spec.Model":   {"a model", reflect.TypeFor[Model]()},
	"spec.Price":   {"a price", reflect.TypeFor[Price]()},
	"spec.Member":  {"a team's agent", reflect.TypeFor[Member]()},
	"spec.Judge":   {"a judge", reflect.TypeFor[Judge]()},
	"spec.Arm":     {"an arm", reflect.TypeFor[Arm]()},
}

// typeName says what part of an experiment file a Go type stands for.
func typeName(goType string) string {
	if p, ok := parts[goType]; ok {
		return p.name
	}
	return "this part"
}

// fieldsOf lists the fields that such a part may have.
func fieldsOf(goType string) []string {
	p, ok := parts[goType]
	if !ok {
		return nil
	}
	var fields []string
	for i := range p.typ.NumField() {
		if tag := p.typ.Field(i).Tag.Get("yaml"); tag != "" {
			name, _, _ := strings.Cut(tag, ",")
			fields = append(fields, name)
		}
	}
	return fields
}

// kindName says in words what a Go type takes.
func kindName(goType string) string {
	switch {
	case strings.HasPrefix(goType, "int"), strings.HasPrefix(goType, "*int"):
		return "a whole number"
	case strings.HasPrefix(goType, "uint"):
		return "a whole number from 0 up"
	case strings.HasPrefix(goType, "float"), strings.HasPrefix(goType, "*float"):
		return "a number"
	case goType == "bool":
		return "true or false"
	case goType == "string":
		return "a text"
	case goType == "time.Duration":
		return `a duration such as "90s" or "5m"`
	case strings.HasPrefix(goType, "[]"):
		return "a list"
	case strings.HasPrefix(goType, "map"), strings.HasPrefix(goType, "spec."):
		return "a block of fields"
	}
	return goType
}
