"""Writes test/fixtures/tabular/data-set; made with pyarrow 26.0.1.

    python -m venv /tmp/venv && /tmp/venv/bin/pip install pyarrow==26.0.1
    /tmp/venv/bin/python test/reference/tabular/make-data-set.py test/fixtures/tabular/data-set
"""

import datetime
import decimal
import pathlib
import random
import sys

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)

# 600 rows in groups of 100, so that statistics of a group say something about its rows: a row an hour from 2024-01-01.
start = datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)
rows = range(600)
table = pa.table(
    {
        "time": pa.array([start + datetime.timedelta(hours=row) for row in rows], pa.timestamp("us", "UTC")),
        "number": pa.array([None if row % 10 == 3 else float("nan") if row % 10 == 7 else row / 4 for row in rows], pa.float64()),
        "id": pa.array(rows, pa.int64()),
        "place": pa.array([["north", "south", "Zoë"][row // 200] for row in rows], pa.string()),
        "code": pa.array([f"k{row // 100}" for row in rows], pa.string()),
        "flag": pa.array([row % 2 == 0 for row in rows], pa.bool_()),
        "price": pa.array([decimal.Decimal(row) / 100 for row in rows], pa.decimal128(9, 2)),
        "unsigned": pa.array([4294967295 - row for row in rows], pa.uint32()),
    }
)
pq.write_table(table, folder / "groups.parquet", row_group_size=100, compression="zstd")
feather.write_feather(table, folder / "groups.feather", compression="lz4", chunksize=100)

# Integers of 64 bits: one beyond 2^53 makes the column of its file text.
pq.write_table(pa.table({"id": pa.array([1, 2, None], pa.int64())}), folder / "ids-small.parquet")
pq.write_table(pa.table({"id": pa.array([9007199254740993, 2], pa.int64())}), folder / "ids-large.parquet")

# Vectors: row r is [r, r + 0.5, -r], every fifth is missing, and in row 7 a number is.
def vector(row):
    if row % 5 == 4:
        return None
    return [float(row), None if row == 7 else row + 0.5, float(-row)]


lists = [vector(row) for row in range(30)]
whole = [None if one is None else [int(value) if value is not None else None for value in one] for one in lists]
vectors = pa.table(
    {
        "id": pa.array(range(30), pa.int64()),
        "list": pa.array(lists, pa.list_(pa.float32())),
        "fixed": pa.array(lists, pa.list_(pa.float64(), 3)),
        "large": pa.array(lists, pa.large_list(pa.float64())),
        "whole": pa.array(whole, pa.list_(pa.int64())),
        "required": pa.array(
            [[row, row + 1] for row in range(30)],
            pa.list_(pa.field("element", pa.float32(), nullable=False)),
        ),
        "words": pa.array([["a", "b"]] * 30, pa.list_(pa.string())),
        "uneven": pa.array([[1.0] * (2 if row < 20 else 3) for row in range(30)], pa.list_(pa.float64())),
        "empty": pa.array([[] for row in range(30)], pa.list_(pa.float64())),
        "struct": pa.array([{"a": 1.0, "b": 2.0}] * 30),
        "deep": pa.array([[[1.0], [2.0]]] * 30, pa.list_(pa.list_(pa.float64()))),
    }
)
pq.write_table(vectors, folder / "vectors.parquet", row_group_size=8, data_page_size=64, write_batch_size=2)
pq.write_table(
    vectors, folder / "vectors-v2.parquet", row_group_size=8, data_page_size=64, write_batch_size=2,
    data_page_version="2.0", compression="gzip", use_dictionary=False,
)
feather.write_feather(vectors, folder / "vectors.feather", compression="zstd", chunksize=8)
# A slice keeps its offsets: they do not begin at 0.
with pa.ipc.new_file(folder / "vectors-slices.arrow", vectors.schema) as writer:
    for at in range(0, 30, 7):
        writer.write_batch(vectors.slice(at, 7).combine_chunks().to_batches()[0])

# Text packed by Zstandard, of more than a chunk and not too regular, in one frame and in several.
generator = random.Random(7)
lines = [f"{row},{generator.random():.6f},{generator.choice(['a', 'b', 'ü'])}" for row in range(4000)]
csv = ("id,score,place\n" + "\n".join(lines) + "\n").encode()
zstd = pa.Codec("zstd", compression_level=3)
(folder / "scores.csv.zst").write_bytes(zstd.compress(csv, asbytes=True))
cut = len(csv) // 3
frames = [zstd.compress(part, asbytes=True) for part in (csv[:cut], csv[cut : 2 * cut], csv[2 * cut :])]
skipped = b"\x50\x2a\x4d\x18\x04\x00\x00\x00skip"
(folder / "frames.csv.zst").write_bytes(skipped + frames[0] + skipped + frames[1] + frames[2])
objects = "".join(f'{{"id": {row}, "place": "ü{row % 3}"}}\n' for row in range(50)).encode()
(folder / "objects.jsonl.zst").write_bytes(zstd.compress(objects, asbytes=True))
