// Package datasets is what is asked: it reads GSM8K, MMLU and CommonsenseQA, three small sample sets that are built in,
// and the user's own files into [debate.Item] values.
//
// card.go says which data sets there are, where their files come from and what their checksums are. load.go finds the
// files and names the questions; package rows, below this one, turns the rows of every format into questions. A row that
// is not a question is an error that names its file and line ([RowError]); no row is skipped, no key is guessed.
// choose.go takes the questions of an experiment from a data set, shuffle.go permutes the choices, shots.go has the
// worked examples for few-shot prompts. Package fetch, also below this one, downloads and verifies the files.
//
// # Question IDs
//
// An ID is "SET/N" with N the number of the question in its file, from 0: gsm8k/17 is on line 18 of test.jsonl. Where a
// set has subjects it is "SET/SUBJECT/N", mmlu/astronomy/17. The questions of a split that is not the default one name
// it, gsm8k/train/17 or mmlu/val/astronomy/3, so that two splits never share an ID. The set of a file is its base name
// without the extension, and a question that brings an "id" keeps it. IDs hold letters, digits and ._-/ only.
//
// The functions of this package share no state and may be called at the same time.
package datasets
