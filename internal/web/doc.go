// Package web shows a run in a browser: as pages that a server on this machine makes on demand, or as one file that holds them all.
//
// server.go is [Server], pages.go and list.go answer requests, file.go writes the single file. Package guard decides who may ask, package follow watches
// how far the run comes and makes its report, package page makes the HTML, package chart the data of the charts, package assets holds styles and scripts.
//
// # A run of any size
//
// Every page asks the store for what it shows, one page of the list or one record, and the report is made behind them, once for as many debates as
// there are: the first page comes at once, and the report is on it when it is there. Nothing but the report is kept in memory.
//
// # What is trusted
//
// Nothing that a model, a data set or an experiment file says. html/template escapes all of it, control characters are written out, and the policy of
// each page forbids whatever is not the program's own: no inline script, no frame, no request to anywhere else. The server listens on loopback addresses
// alone, and answers only requests whose Host is its own address and whose Origin, if there is one, is too, so that neither another site nor a name that
// was made to resolve to this machine can read a run.
package web
