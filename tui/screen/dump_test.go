package screen

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
)

var dump = flag.String("dump", "", "a folder to write every sample to as the terminal gets it, to be looked at")

// TestDump writes the samples with their colours when it is asked to.
func TestDump(t *testing.T) {
	if *dump == "" {
		t.Skip("no -dump FOLDER")
	}
	for _, sample := range samples {
		for _, size := range sizes {
			for name, dark := range map[string]bool{"dark": true, "light": false} {
				m := still(size, sample.make(), sample.keys)
				m.terminal.Dark = dark
				m.Update(tea.ColorProfileMsg{Profile: colorprofile.TrueColor})
				file := filepath.Join(*dump, fmt.Sprintf("%s-%dx%d-%s.ans", sample.name, size[0], size[1], name))
				if err := os.WriteFile(file, []byte(m.View().Content), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}
