// Package pace asks models without losing anything: it waits for a turn, keeps to limits, asks again after what passes, and gives up on
// what does not.
//
// [New] puts a [Model] around another agents.Model; it is one itself. Each has its own [Limits], so that a run with several models uses
// each to its own. Where to read:
//
//   - model.go is the way of one ask: wait for an identical one, then attempts with waits between them until one succeeds, a
//     failure is final, or the retries or the time run out.
//   - retry.go tells failures apart and says how long to wait after each.
//   - gate.go decides when an attempt may go. It is one queue: later rounds first, so that debates which have begun come to an end before
//     others begin, and first come, first served within a round. Whoever is at its head waits until the server may be asked again, until no
//     request and no token is owed, and for a connection.
//   - bucket.go is a limit a minute.
//   - window.go is how many attempts may be in flight: it shrinks when the server is overloaded and grows while it copes. Where one at
//     a time is too many, tempo.go spaces them.
//
// # Identical asks
//
// Arms that ask the same share one completion, which is known only below this package, at the wire (models.Share). So identical asks
// (the same scope, round, sample and words) go one after the other: while one is on its way, through all its attempts, the
// others wait outside the queue and hold no connection. If it succeeds they find its completion, which costs no request; if it fails
// the next is asked in its turn, with attempts of its own.
//
// # Time
//
// All of this moves when something is asked, never what. Waits are drawn from the process's own randomness and not from the seed of
// the experiment: no result depends on them, and two runs against one server must not wait in step. The package starts no goroutine, and
// each wait ends with the caller's context.
package pace
