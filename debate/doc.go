// Package debate is the domain of cheaptalk: agents that answer a question, hear each other and answer again, and what
// that did to their answers. It imports the standard library alone and knows no model, file, network or screen.
//
// Read it in this order. question.go has what is asked and the normal form of answers, which package extract below reads from
// texts. message.go has what is said, by whom and under which brief; transcript.go the debate so far. debate.go holds one
// debate: the Protocol says who speaks next, the Judges decide the finished transcript, and room.go in between runs one
// goroutine an agent. transition.go says what became of every answer. experiment.go crosses arms, items and repeats into
// cases and debates them all; event.go is what it tells while it does.
//
// # Concurrency
//
// An agent belongs to one goroutine, its actor, for the length of a debate. The room makes, feeds and closes the actors'
// inboxes and waits for them: when Run returns, every goroutine it started is gone. A round is a barrier: turns are made
// before the first call of the round goes out, and replies join the transcript in the order of the calls, never of arrival.
// There is no mutex in this package. Nothing is promised about the order of Saying events of different agents.
//
// # Chance
//
// The package draws no random number. It names seeds (see [Case.Seed]) that leave the arm out, so that all arms of an
// experiment meet the same luck and may be compared in pairs.
package debate
