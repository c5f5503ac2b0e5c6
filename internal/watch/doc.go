// Package watch is the engine behind the screen while an experiment runs. [Live] takes the events of the experiment and what the person at
// the screen asks for, and sends snapshots; it knows the screen by tui.Snapshot and tui.Ask alone.
//
// live.go is Live and its two ways in, [Live.Event] and [Live.Ask]. flight.go is one debate as far as it has come, list.go the
// debates that are over, snapshot.go what is sent. Package scores keeps count; package replay is the engine over a stored run.
//
// # Concurrency
//
// Events come from the goroutine of debate.Experiment.Run, asks from that of the screen; both take one mutex for some
// microseconds and never wait for the screen. The one exception is wanted: while a run is stepped, Event waits for the step.
// Snapshots are made and sent by the goroutine of [Live.Run], at most twenty a second and none when nothing has changed.
// Records are read from disk there too, never under the mutex.
//
// # Memory
//
// Debates in flight are kept whole. Of those that are over the latest are kept whole, some thousand more as a line of the list, and the
// rest as counts; [Records] brings them back when they are opened.
package watch
