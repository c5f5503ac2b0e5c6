// Package answers draws what became of answers: from round to round, under agreeing peers, and who turned whom. Each function makes one figure and
// fails, saying why, where the report has nothing to draw.
package answers
