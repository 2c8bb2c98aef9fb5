"""Reads what write.ts wrote with the grammars of sqlglot (pip install sqlglot==30.30.0), and writes engine.json beside it."""

import json
import pathlib
import sys

import sqlglot

found = []
for one in json.load(sys.stdin):
    statements = sqlglot.parse(one["sql"], read=one["dialect"])
    column = statements[0].selects[0]
    found.append({**one, "statements": len(statements), "text": column.this.this, "name": column.alias})
path = pathlib.Path(__file__).with_name("engine.json")
path.write_text(json.dumps({"sqlglot": sqlglot.__version__, "found": found}, ensure_ascii=False, indent=1) + "\n")
print(len(found), sum(f["text"] == f["value"] == f["name"] and f["statements"] == 1 for f in found))
