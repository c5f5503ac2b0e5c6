// Package chart makes the data of the charts of a report, as the script of the pages draws them. Every number in them is in the tables too.
package chart

import (
	"fmt"
	"math"
	"strconv"

	"cheaptalk/reports"
	"cheaptalk/reports/stats"
	"cheaptalk/reports/transcript"
)

// Chart is the data of one chart, as the script reads it. All rates are in percent.
type Chart struct {
	Name    string   `json:"name"`
	Title   string   `json:"title"`
	Caption string   `json:"-"`
	X       string   `json:"x"` // what the axes show
	Y       string   `json:"y"`
	Names   []string `json:"names,omitempty"` // of the places 0, 1, ... on the x axis
	Whole   bool     `json:"whole,omitempty"` // x is a whole number
	Zero    bool     `json:"zero,omitempty"`  // a line stands at 0
	Equal   bool     `json:"equal,omitempty"` // a line stands where y is x, and both go from 0 to 100
	Series  []Series `json:"series"`
}

// Series is one series of a chart.
type Series struct {
	Name   string  `json:"name"`
	Mark   string  `json:"mark"`  // the sign of its points, or a number
	Color  string  `json:"color"` // the name of a colour of the style sheet
	Line   bool    `json:"line,omitempty"`
	Points []Point `json:"points"`
}

// Point is an estimate with its interval.
type Point struct {
	X    float64 `json:"x"`
	Y    float64 `json:"y"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
	N    int     `json:"n"`
}

// Shades is how many colours there are for arms and agents: agent-0 to agent-6.
const Shades = 7

// ofArm returns the series of the i-th arm, without points.
func ofArm(i int, a *reports.Arm) Series {
	return Series{Name: transcript.Line(a.Name), Mark: strconv.Itoa(i + 1), Color: fmt.Sprintf("agent-%d", i%Shades)}
}

// percent rounds to a thousandth of a percent, which keeps the data short.
func percent(x float64) float64 { return math.Round(100e3*x) / 1e3 }

func pointOf(x float64, r stats.Rate) Point {
	return Point{X: x, Y: percent(r.Value), Low: percent(r.Low), High: percent(r.High), N: r.N}
}

// Of makes the charts that the report has data for.
func Of(r *reports.Report) []Chart {
	var all []Chart
	level := fmt.Sprintf(" Bars are %g %% intervals.", 100*r.Level)
	for _, c := range []Chart{rounds(&r.Overall, level), change(&r.Overall, level), flips(&r.Overall, level), frontier(&r.Overall, level), reliability(&r.Overall, level)} {
		if len(c.Series) > 0 {
			all = append(all, c)
		}
	}
	return all
}

// rounds is the vote after each round, by arm.
func rounds(s *reports.Section, level string) Chart {
	c := Chart{Name: "rounds", Title: "Accuracy of the vote, round by round", X: "round", Y: "% right", Whole: true,
		Caption: "Plurality of the agents' standing answers after each round, in % of debates." + level}
	last := 0
	for i := range s.Arms {
		a := &s.Arms[i]
		series := ofArm(i, a)
		series.Line = true
		for _, at := range a.Rounds {
			if at.Vote.N > 0 {
				series.Points = append(series.Points, pointOf(float64(at.Round), at.Vote))
				last = max(last, at.Round)
			}
		}
		if len(series.Points) > 0 {
			c.Series = append(c.Series, series)
		}
	}
	if last == 0 {
		c.Series = nil // nobody debated
	}
	return c
}

// change is what the debate did to accuracy, by arm.
func change(s *reports.Section, level string) Chart {
	c := Chart{Name: "change", Title: "What debate did to accuracy", Y: "points", Zero: true,
		Caption: "Accuracy after minus the vote before, paired, in points. An interval that crosses the line at 0 is noise until more questions say otherwise." + level}
	series := Series{Name: "after − before", Mark: "●", Color: "held"}
	for _, a := range s.Arms {
		if a.Independent || a.Change.N == 0 {
			continue
		}
		d := a.Change
		series.Points = append(series.Points, Point{X: float64(len(c.Names)), Y: percent(d.Value), Low: percent(d.Low), High: percent(d.High), N: d.N})
		c.Names = append(c.Names, transcript.Line(a.Name))
	}
	if len(c.Names) > 0 {
		c.Series = []Series{series}
	}
	return c
}

// flips is how often answers were talked down or up, by arm.
func flips(s *reports.Section, level string) Chart {
	c := Chart{Name: "flips", Title: "Harmful and beneficial revisions", Y: "%",
		Caption: "▼ harmful: of the right answers, those revised to a wrong one. ▲ beneficial: of the wrong answers, those revised to the right one." + level}
	harmful, beneficial := Series{Name: "▼ harmful", Mark: "▼", Color: "corrupted"}, Series{Name: "▲ beneficial", Mark: "▲", Color: "corrected"}
	for _, a := range s.Arms {
		if a.Revisions.Matrix.Total() == 0 {
			continue
		}
		at := float64(len(c.Names))
		c.Names = append(c.Names, transcript.Line(a.Name))
		if a.Revisions.Harmful.N > 0 {
			harmful.Points = append(harmful.Points, pointOf(at-0.12, a.Revisions.Harmful))
		}
		if a.Revisions.Beneficial.N > 0 {
			beneficial.Points = append(beneficial.Points, pointOf(at+0.12, a.Revisions.Beneficial))
		}
	}
	for _, series := range []Series{harmful, beneficial} {
		if len(series.Points) > 0 {
			c.Series = append(c.Series, series)
		}
	}
	return c
}

// frontier is accuracy against cost, by arm.
func frontier(s *reports.Section, level string) Chart {
	c := Chart{Name: "cost", Title: "Accuracy against cost", X: "calls a debate", Y: "% right",
		Caption: "Accuracy of the primary verdict, or of the vote where there is none, against the mean number of replies asked for." + level}
	for i, a := range s.Arms {
		r := a.After
		if r.N == 0 {
			r = a.Before
		}
		if r.N == 0 || a.Cost.Calls == 0 {
			continue
		}
		series := ofArm(i, &a)
		series.Points = []Point{pointOf(math.Round(100*a.Cost.Calls)/100, r)}
		c.Series = append(c.Series, series)
	}
	if len(c.Series) < 2 {
		c.Series = nil
	}
	return c
}

// reliability is accuracy against stated confidence in the last round, by arm.
func reliability(s *reports.Section, level string) Chart {
	c := Chart{Name: "reliability", Title: "Is stated confidence deserved?", X: "stated confidence in %", Y: "% right", Equal: true,
		Caption: "Answers of the last round, in tenths of confidence. On the line confidence is deserved; below it, it is too high." + level}
	for i, a := range s.Arms {
		if len(a.Rounds) == 0 {
			continue
		}
		series := ofArm(i, &a)
		series.Line = true
		for _, bin := range a.Rounds[len(a.Rounds)-1].Confidence.Bins {
			if bin.N > 0 {
				series.Points = append(series.Points, pointOf(percent(bin.Confidence), bin.Accuracy))
			}
		}
		if len(series.Points) > 0 {
			c.Series = append(c.Series, series)
		}
	}
	return c
}
