// Package machine describes the running program and the computer under it, for the record.
package machine

import (
	"runtime"
	"runtime/debug"
)

// Machine is the program and the computer behind a run.
type Machine struct {
	Version   string            `json:"version,omitempty"` // of the main module; "(devel)" when built from a checkout
	Commit    string            `json:"commit,omitempty"`  // with "-dirty" when the checkout had changes; "" when not known
	GoVersion string            `json:"go_version,omitempty"`
	OS        string            `json:"os,omitempty"`
	Arch      string            `json:"arch,omitempty"`
	CPU       string            `json:"cpu,omitempty"` // the model's name, "" where the system does not tell
	NumCPU    int               `json:"num_cpu,omitempty"`
	Modules   map[string]string `json:"modules,omitempty"` // path to version of every module linked in
}

// Describe returns what the running program knows of itself and its machine. It reads no environment variable.
func Describe() Machine {
	m := Machine{GoVersion: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH, CPU: cpuModel(), NumCPU: runtime.NumCPU()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return m
	}
	m.Version = info.Main.Version
	dirty := false
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			m.Commit = s.Value
		case "vcs.modified":
			dirty = s.Value == "true"
		}
	}
	if dirty && m.Commit != "" {
		m.Commit += "-dirty"
	}
	m.Modules = make(map[string]string, len(info.Deps))
	for _, dep := range info.Deps {
		if dep.Replace != nil {
			dep = dep.Replace
		}
		m.Modules[dep.Path] = dep.Version
	}
	return m
}
