// Package assets holds the style sheet and the scripts of the pages, and uPlot 1.6.32 (https://github.com/leeoniya/uPlot, MIT License, see uPlot.LICENSE),
// which draws their charts.
package assets

import "embed"

// Files are the files that a browser asks for.
//
//go:embed app.css app.js uPlot.iife.min.js uPlot.min.css uPlot.LICENSE
var Files embed.FS

// Style returns all styles as one.
func Style() (string, error) { return join("uPlot.min.css", "app.css") }

// Script returns all scripts as one.
func Script() (string, error) { return join("uPlot.iife.min.js", "app.js") }

func join(names ...string) (string, error) {
	var all []byte
	for _, name := range names {
		text, err := Files.ReadFile(name)
		if err != nil {
			return "", err
		}
		all = append(append(all, text...), '\n')
	}
	return string(all), nil
}
