// Package social measures what hearing each other does to answers, whoever turns out right: who follows whom, under which peers answers are given up, and how
// many would have been given up anyway.
//
// All of it but [Apart] is observed, not assigned: peers agree more on easy questions, so that a rate under agreeing peers and one under
// disagreeing peers are not of the same questions. [Apart] compares with an arm in which the same agents thought again about the same
// first answers and heard nobody, and is free of that.
package social
