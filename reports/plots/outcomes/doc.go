// Package outcomes draws how right arms and agents are: over rounds and sizes of teams, for what it costs, against each other, and against the
// confidence that they state. Each function makes one figure and fails, saying why, where the report has nothing to draw.
package outcomes
