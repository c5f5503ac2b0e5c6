package profiles

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"

	"cheaptalk/agents/simulated"
)

// shipped holds the profiles that come with the program, one a file of its name.
//
//go:embed *.yaml
var shipped embed.FS

// preferred is what a name without "@" means first; a model that has no such profile has its first one in order.
const preferred = "@wynn2025"

// Names lists the shipped profiles, "llama-3.1-8b@qu2026" for example, in order.
func Names() []string {
	entries, err := shipped.ReadDir(".")
	if err != nil {
		return nil // the root of an embedded folder can be read
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = strings.TrimSuffix(e.Name(), path.Ext(e.Name()))
	}
	slices.Sort(names)
	return names
}

// Full returns the name of the shipped profile that a name stands for: itself, or the first profile of the model when it has no "@". The error
// lists the shipped ones.
func Full(name string) (string, error) {
	names := Names()
	if slices.Contains(names, name+preferred) {
		return name + preferred, nil
	}
	for _, full := range names {
		model, _, _ := strings.Cut(full, "@")
		if full == name || model == name {
			return full, nil
		}
	}
	return "", fmt.Errorf("no simulated model %q; there are %s", name, strings.Join(names, ", "))
}

// Shipped returns the shipped profile that a name stands for: see [Full].
func Shipped(name string) (*File, error) {
	full, err := Full(name)
	if err != nil {
		return nil, err
	}
	data, err := shipped.ReadFile(full + ".yaml")
	if err != nil {
		return nil, fmt.Errorf("profile %s: %w", full, err)
	}
	return Parse(full+".yaml", data)
}

// ByName returns the parameters of a shipped profile: see [Full].
func ByName(name string) (simulated.Profile, error) {
	f, err := Shipped(name)
	if err != nil {
		return simulated.Profile{}, err
	}
	return f.Profile, nil
}

// Open returns the profile of a name: that of a file when the name is a path, else a shipped one.
func Open(name string) (*File, error) {
	if IsPath(name) {
		return Load(name)
	}
	return Shipped(name)
}
