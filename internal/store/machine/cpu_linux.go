package machine

import (
	"bufio"
	"os"
	"strings"
)

// cpuModel returns the name of the first processor, or "".
func cpuModel() string {
	f, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return ""
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		name, value, ok := strings.Cut(lines.Text(), ":")
		if name = strings.TrimSpace(name); ok && (name == "model name" || name == "Model") {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
