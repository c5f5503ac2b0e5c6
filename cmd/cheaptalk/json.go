package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// writeJSON writes v as JSON and a line break, indented by indent a level, or on one line when that is "".
func writeJSON(w io.Writer, v any, indent string) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", indent)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(escapeControl(b.Bytes()))
	return err
}

// escapeControl escapes the control characters that encoding/json leaves as they are, U+007F to U+009F: terminals obey them.
func escapeControl(text []byte) []byte {
	if !bytes.ContainsFunc(text, isLateControl) {
		return text
	}
	var b bytes.Buffer
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == 0x7f:
			b.WriteString(`\u007f`)
		case text[i] == 0xc2 && i+1 < len(text) && isLateControl(rune(text[i+1])):
			i++
			fmt.Fprintf(&b, `\u00%02x`, text[i])
		default:
			b.WriteByte(text[i])
		}
	}
	return b.Bytes()
}

func isLateControl(r rune) bool { return 0x7f <= r && r <= 0x9f }
