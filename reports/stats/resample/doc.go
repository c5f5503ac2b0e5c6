// Package resample draws questions anew: bootstrap intervals and randomisation tests whose unit is the question, whatever many debates it has.
//
// A statistic is a function of sums over questions. So questions with the same sums are one kind, and to draw questions is to draw how many of each kind:
// a run of a hundred thousand questions of a debate each, which has three kinds of difference, costs no more than one of a hundred.
package resample
