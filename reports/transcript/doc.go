// Package transcript prints one debate for a person to read: the question, who said what in each round with the sign of what
// became of the answer, and what each judge made of it. Everything that models and data sets wrote is stripped of
// control sequences first; see [StripControl].
package transcript
