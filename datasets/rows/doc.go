// Package rows turns the rows of a data file into questions with their keys: JSONL, CSV and Parquet; the forms of GSM8K,
// MMLU and CommonsenseQA as they were published and as they are on Hugging Face; and the form in which users write their
// own questions, which docs/DATASETS.md describes. read.go takes files apart into named fields, row.go makes a question of
// the fields of a row or says what is wrong with them.
package rows
