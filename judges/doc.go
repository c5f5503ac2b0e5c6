// Package judges decides the answer of a group from a finished transcript: votes, a score over the whole trajectory, and
// an agent that has heard everyone and speaks last.
//
// No judge knows the key. A judge is made for one debate, since a speaking judge owns an agent. An unreadable answer is never
// counted; a tie is always said, whatever the rule that breaks it.
package judges
