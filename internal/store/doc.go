// Package store keeps the runs of experiments: one folder a run, with one SQLite file in it.
//
//	runs/sampler-2026-11-23-1802/
//	    run.db     what was asked for, on which machine, and every record
//	    run.lock   held by the one process that writes; empty
//
// Plots and tables are put beside them by others. A [Run] is a [debate.Store]; it is also read, by the same process or by
// others, while it is being written.
//
// # What is stored
//
// A full run keeps everything: the table debates has one row a debate with the columns that lists and filters need, the
// rest of the record as compressed JSON, and the bodies of all requests and responses as one compressed text; the table calls has one row a
// model call, with what it cost. A transcript is read without its prompts. A compact run (Meta.Compact), for simulations of millions of debates,
// keeps answers, confidences and who heard whom, and drops the texts; see package compact. In both, what repeats is kept once in the table blobs,
// found by its SHA-256: questions and shapes of debates.
//
// Start reading at run.go. Package runs lists and finds runs, machine describes where one was made, sqlitefile opens and locks
// files and explains their errors, deflate compresses.
//
// # Durability
//
// [Run.Put] returns after the commit of its transaction. Runs that ask real models commit with synchronous=FULL: a record
// that was acknowledged survives a power cut. Simulated runs, which cost nothing to repeat, commit with synchronous=NORMAL:
// a record survives the death of the process, but a power cut may lose the last of them (never damage the file).
//
// # Concurrency
//
// One process writes a run; a second one is refused with [ErrLocked], and the death of the first releases the lock. Any
// number of processes and goroutines may read. Put is called by one goroutine; Has, Update and the readers by any number,
// at any time. Iterators read in pages and hold nothing open between them: records that arrive meanwhile are seen when
// they sort after the place that was reached.
package store
