// Package figure draws grids of small panels in one style, with a title, a legend and a caption, as PNG, SVG and PDF. It knows nothing of debates.
//
// [Figure] lays out and encodes; the plotters ([Series], [Segments], [Lines], [Labels], [Discs], [Ribbons], [Arrows]) go into the panels.
package figure
