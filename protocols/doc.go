// Package protocols has the ways of holding a debate: who speaks when, having read what, under which brief.
//
// Every protocol is a plain value and a pure function of the transcript, so one value may serve any number of debates
// at once. All of them begin with the same round 0, in which every agent answers alone: arms that differ by the protocol
// alone share it. All of them are simultaneous: nobody hears a message of the round in which it was said
// (as in the code of Du et al. 2023, arXiv 2305.14325).
package protocols
