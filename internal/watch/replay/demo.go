package replay

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"cheaptalk/internal/store"
)

// demo is a recording of real models: examples/live-gsm8k.yaml as it was run on 2026-11-23. SmolLM2-135M-Instruct (Q4_1),
// Qwen2.5-Coder-0.5B-Instruct and Qwen2.5-Coder-1.5B-Instruct (Q4_K_M), all of them under the Apache License 2.0, each behind
// its own llama.cpp server, temperature 0.7, top_p 0.9, at most 400 new tokens a reply, debated six questions of the test split of GSM8K
// (Cobbe et al. 2021, arXiv 2110.14168; MIT License) in two arms. What the servers were sent and sent back is left out; nothing else is.
//
//go:embed demo/run.db
var demo []byte

// DemoTitle says what OpenDemo opens.
const DemoTitle = "live-gsm8k · a recording of three small models"

// OpenDemo opens the recording that comes with the program. done closes it; it leaves nothing behind.
func OpenDemo() (run *store.Run, done func() error, err error) {
	dir, err := os.MkdirTemp("", "cheaptalk-demo-")
	if err != nil {
		return nil, nil, fmt.Errorf("unpack the demo: %w", err)
	}
	if err = os.WriteFile(filepath.Join(dir, "run.db"), demo, 0o600); err == nil {
		run, err = store.OpenReadOnly(dir)
	}
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("unpack the demo: %w", err), os.RemoveAll(dir))
	}
	return run, func() error { return errors.Join(run.Close(), os.RemoveAll(dir)) }, nil
}
