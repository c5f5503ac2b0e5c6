// Package extract reads answers and confidences from the texts of replies. It imports debate and the standard library alone.
//
// Read it in this order. read.go has [Read], by a strict and by a flexible rule, and confidence.go [ReadConfidence]; letter.go and
// statement.go read the letter of a choice, number.go a number, normalize.go makes the one form in which answers are compared, span.go says
// where in a text the answer stands. scan.go, plain.go and decimal.go are what they share.
//
// Everything here is a pure function of the text. Text is untrusted, and the time taken is linear in its length.
package extract
