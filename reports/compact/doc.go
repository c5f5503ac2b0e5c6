// Package compact keeps of a stream of records what reports count: who answered what in which round, having read whom, and
// what was decided, in about eighty bytes a debate. A million debates fit in memory; their texts never do.
//
// A debate is split in two. Its form, who speaks when and reads whom and which judges decide, is kept once for all debates that have it.
// What is left is a [Row] and a byte or three a reply. [Arm.Open] puts the two together again.
//
// Answers become numbers that mean something within their debate alone. Rows come out in the order of their cases, whatever the
// order of the records, so that the same run makes the same report and the debates of one question are neighbours.
//
// A finished [Run] is not changed by its use and may be read by several goroutines, each with a [Debate] of its own.
package compact
