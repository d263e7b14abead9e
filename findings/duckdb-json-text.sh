#!/usr/bin/env bash
# DuckDB 2.0.1 (Python): read_json with a column declared as VARCHAR takes a number or an object as its JSON text, and with
# ignore_errors a line that is not JSON becomes a row of NULLs instead of being left out. As a reader of a corpus it would train on
# "42" and on {"a":1}, and count broken lines as records without text.
#
# Guess before: a value that is not text is an error, or NULL, and ignored lines are not rows. Seen: 2026-12-01.
# What we do: read JSON lines ourselves, with the reason for each skipped line (trainer-image, corpus.text).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q duckdb==2.0.1
cat >"$work/lines.jsonl" <<'JSON'
{"text": "a text"}
{"text": 42}
{"text": {"a": 1}}
this is not JSON
{"text": "another"}
JSON
"$work/venv/bin/python" - "$work/lines.jsonl" <<'PY'
import sys

import duckdb

rows = duckdb.sql(
    f"select text from read_json('{sys.argv[1]}', format='newline_delimited',"
    " columns={'text': 'VARCHAR'}, ignore_errors=true)"
).fetchall()
print("rows:", rows)
expected = [("a text",), ("42",), ('{"a":1}',), (None,), ("another",)]
assert [(r[0] and r[0].replace(" ", "") if r[0] and r[0].startswith("{") else r[0],) for r in rows] == expected, "changed"
PY
