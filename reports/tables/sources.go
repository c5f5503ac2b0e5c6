package tables

import (
	"fmt"

	"cheaptalk/reports"
	"cheaptalk/reports/grid"
	"cheaptalk/reports/tables/build"
)

// Sources is how the confidence from each source fares, where an arm has several. It is empty when none has.
func Sources(r *reports.Report) grid.Table {
	b := build.Start(r, "confidence-sources", "Confidence by source")
	s := &r.Overall
	for _, f := range r.Sources {
		b.Arm(s, s.Find(f.Arm))
		b.Text("source", "source", f.Source)
		b.Count("measured", grid.Col("measured", "", 3), f.Measured)
		confidence(b, f.Confidence)
		b.Number(f.Area.Known(), "auroc", grid.Col("AUROC", "", 0), f.Area.Value, 2)
		b.Range(f.Area.Known(), "auroc", grid.Col("interval", "", 0), f.Area.Low, f.Area.High)
		b.End()
	}
	b.Table.Caption = "Readable answers of all agents and rounds. measured: of how many the source gives a confidence; n and what follows are of those of which every source of the arm gives one, " +
		"so that the rows of an arm are about the same answers. ECE: expected calibration error, ten bins of equal width; Brier: mean squared error. Both are 0 at best. " +
		"AUROC: how often a right answer has more confidence than a wrong one, ties counting half; 0.5 tells nothing, 1 tells all. " +
		fmt.Sprintf("Intervals: %g %%, clustered by question (Obuchowski 1997); [0.00, 1.00] where the data give none.", 100*r.Level)
	return b.Table
}
