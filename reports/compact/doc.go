// Package compact keeps of a stream of records what reports count: who answered what in which round, having read whom, and
// what was decided, in about a dozen bytes a reply. A million debates fit in memory; their texts never do.
//
// Answers become numbers that mean something within their debate alone. Rows come out in the order of their cases, whatever the
// order of the records, so that the same run makes the same report and the debates of one question are neighbours.
package compact
