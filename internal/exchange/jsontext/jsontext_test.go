package jsontext

import (
	"bytes"
	"encoding/json"
	"testing"
)

func TestJSONHoldsNoControlCharacter(t *testing.T) {
	all := map[string]any{"raw": json.RawMessage("\"\u009b31m\u007f é\""), "text": ""}
	for r := rune(0); r < 0x180; r++ {
		all["text"] = all["text"].(string) + string(r)
	}
	var b bytes.Buffer
	if err := Write(&b, all, ""); err != nil {
		t.Fatal(err)
	}
	for i, r := range b.String() {
		if (r < ' ' || isLateControl(r)) && i < b.Len()-1 {
			t.Errorf("%U at byte %d", r, i)
		}
	}
	var back map[string]string
	if err := json.Unmarshal(b.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if back["text"] != all["text"] || back["raw"] != "\u009b31m\u007f é" {
		t.Errorf("read back %q", back)
	}
}

func TestJSONIsOneLineUnlessItIsIndented(t *testing.T) {
	for indent, want := range map[string]string{"": "{\"a\":\"<&>\"}\n", " ": "{\n \"a\": \"<&>\"\n}\n"} {
		var b bytes.Buffer
		if err := Write(&b, map[string]string{"a": "<&>"}, indent); err != nil || b.String() != want {
			t.Errorf("indent %q: %q, %v", indent, b.String(), err)
		}
	}
}
