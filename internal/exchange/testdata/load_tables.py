"""Loads the tables in the folder argv[1] with pandas and with DuckDB, compares every cell of Parquet, CSV and JSON lines with the
whole records, and prints what it compared. Exit code 77 says that a package is missing; argv[2] names what is to be tried."""
import json
import math
import sys

folder, tool = sys.argv[1], sys.argv[2]
try:
    if tool == "pandas":
        import pandas
        import pyarrow  # noqa: F401, for Parquet
    else:
        import duckdb
except ImportError as missing:
    print(missing)
    sys.exit(77)

with open(folder + "/records.jsonl", encoding="utf-8") as file:
    records = [json.loads(line) for line in file.read().split("\n") if line]


def plain(value):
    """A cell as JSON would have it."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, float) and math.isnan(value):
        return None
    return value


def load(table, format):
    """The rows of a table as dictionaries."""
    path = f"{folder}/{table}.{format}"
    if tool == "duckdb":
        source = {"csv": f"read_csv('{path}', all_varchar = true, max_line_size = 20000000)",
                  "jsonl": f"read_json('{path}', format = 'newline_delimited', maximum_object_size = 40000000)",
                  "parquet": f"'{path}'"}[format]
        result = duckdb.sql(f"select * from {source}")
        return [dict(zip(result.columns, row)) for row in result.fetchall()]
    if format == "parquet":
        frame = pandas.read_parquet(path)
    elif format == "csv":
        frame = pandas.read_csv(path, dtype=str, keep_default_na=False, na_values=[""])
    else:
        frame = pandas.read_json(path, lines=True, dtype=False, precise_float=True)
    return [{k: plain(v) for k, v in row.items()} for row in frame.to_dict("records")]


def cell(value, format):
    """A cell of Parquet or JSON as the format has it."""
    if format != "csv" or value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    return value


def same(a, b, format):
    if format == "csv" and isinstance(b, list):
        return json.loads(a) == b
    if format == "csv" and isinstance(b, float):
        return float(a) == b
    if format == "csv" and b is not None and not isinstance(b, str):
        return a == cell(b, format) or a == str(b)
    return a == b


cells = 0
for table in ["records", "messages", "transitions"]:
    want = load(table, "parquet")
    for format in ["csv"] if table == "records" else ["csv", "jsonl"]:
        got = load(table, format)
        assert len(got) == len(want), (table, format, len(got), len(want))
        for i, (row, other) in enumerate(zip(got, want)):
            assert list(row) == list(other), (table, format, list(row), list(other))
            for name in other:
                cells += 1
                assert same(row[name], other[name], format), (table, format, i, name, str(row[name])[:99], str(other[name])[:99])

rows = iter(load("messages", "parquet"))
messages = 0
for row, record in zip(load("records", "parquet"), records):
    assert (row["arm"], row["item"], row["key"]) == (record["case"]["arm"], record["case"]["item"], record["key"])
    assert int(row["seed"], 16) == record["seed"]
    transcript = record["transcript"] or {"question": {"text": None}, "messages": []}
    assert row["question"] == (transcript["question"]["text"] or None)
    for message in transcript["messages"] or []:
        row = next(rows)
        messages += 1
        assert row["text"] == (message.get("text") or None), (row["text"], message.get("text"))
        assert row["thinking"] == (message.get("thinking") or None)
        assert row["heard"] == message.get("heard", [])
        assert row["confidence"] == message.get("confidence"), (row["confidence"], message)
assert next(rows, None) is None
print(f"{len(records)} records, {messages} messages, {cells} cells")
