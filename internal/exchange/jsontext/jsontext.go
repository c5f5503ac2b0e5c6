// Package jsontext writes JSON that is fit for a terminal.
package jsontext

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// Write writes v as JSON and a line break, indented by indent a level, or on one line when that is "".
func Write(w io.Writer, v any, indent string) error {
	text, err := Marshal(v, indent)
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

// Marshal returns v as JSON in which no control character is left as it is, and <, > and & are.
func Marshal(v any, indent string) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", indent)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return escapeControl(bytes.TrimSuffix(b.Bytes(), []byte("\n"))), nil
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
