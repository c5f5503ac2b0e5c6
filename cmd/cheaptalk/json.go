package main

import (
	"io"

	"cheaptalk/internal/exchange/jsontext"
)

// writeJSON writes v as JSON and a line break, indented by indent a level, or on one line when that is "".
func writeJSON(w io.Writer, v any, indent string) error { return jsontext.Write(w, v, indent) }
