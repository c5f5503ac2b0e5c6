// Package agents is who speaks in a debate: language models and scripted lines. Simulated and recorded agents are in
// subpackages, and so are the adapters to real servers (package models).
//
// model.go has the [Model] interface: one prompt in, one completion out. llm.go makes an agent of a model: it lays the
// transcript out as a chat and reads the answer from the reply. prompts.go renders what the agent is asked from the template
// files under prompts, one directory a paper. quote.go shows an agent what others said without letting their text pass for
// anything else. thinking.go takes hidden reasoning out of a reply. confidence.go measures how sure a model is of its answer.
// context.go cuts prompts that are too long. errors.go has the errors that a caller can tell apart.
// scripted.go is the fake that tests and demonstrations use.
//
// # What an agent sees of its peers
//
// The text of a reply, without hidden thinking and without the confidence that it states, in a line or in a sentence: whether confidence is shown, and
// which one, is the decision of the turn's Brief alone. Peers are anonymous: "Agent 1", "Agent 2", numbered in the order
// in which this agent first heard them, because a model's name moves its peers (Choi, Zhu, Li 2025, arXiv 2510.07517).
//
// # Concurrency
//
// A [Model] and [Prompts] are safe for concurrent use. An agent belongs to one goroutine.
package agents
