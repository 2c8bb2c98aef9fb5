"""Writes test/fixtures/tabular/*.parquet and expected.json; made with pyarrow 26.0.1.

    python -m venv /tmp/venv && /tmp/venv/bin/pip install pyarrow==26.0.1
    /tmp/venv/bin/python test/reference/tabular/make-parquet.py test/fixtures/tabular
"""

import datetime
import decimal
import json
import pathlib
import sys

import pyarrow as pa
import pyarrow.parquet as pq

folder = pathlib.Path(sys.argv[1])
ROWS = 200


def some(values):
    """Every seventh value is null."""
    return [None if index % 7 == 3 else value for index, value in enumerate(values)]


floats = some([index / 3 for index in range(ROWS)])
integers = some([index * 1000003 - 5 for index in range(ROWS)])
small = some([index % 5 - 2 for index in range(ROWS)])
texts = some([["north", "naïve, \"quoted\"", "", "x" * 40][index % 4] for index in range(ROWS)])
ids = [f"id-{index * 7919 % 1000}" for index in range(ROWS)]
flags = some([index % 3 == 0 for index in range(ROWS)])

table = pa.table(
    {
        "float": pa.array(floats, pa.float64()),
        "long": pa.array(integers, pa.int64()),
        "int": pa.array(small, pa.int32()),
        "text": pa.array(texts, pa.string()),
        "id": pa.array(ids, pa.string()),
        "flag": pa.array(flags, pa.bool_()),
    }
)
for codec in ["none", "snappy", "gzip", "zstd", "lz4", "brotli"]:
    for dictionary in [True, False]:
        name = f"{codec}-{'dictionary' if dictionary else 'plain'}.parquet"
        pq.write_table(
            table, folder / name, compression=codec, use_dictionary=dictionary, row_group_size=80,
            data_page_size=256,
        )
pq.write_table(
    table, folder / "page-v2.parquet", compression="snappy", data_page_version="2.0", row_group_size=80,
)
pq.write_table(
    table.select(["long", "int", "text", "id", "float"]), folder / "encodings.parquet", use_dictionary=False,
    compression="none", row_group_size=80, data_page_version="2.0",
    column_encoding={
        "long": "DELTA_BINARY_PACKED", "int": "DELTA_BINARY_PACKED", "text": "DELTA_LENGTH_BYTE_ARRAY",
        "id": "DELTA_BYTE_ARRAY", "float": "BYTE_STREAM_SPLIT",
    },
)

pq.write_table(
    table, folder / "fallback-dictionary.parquet", compression="none", dictionary_pagesize_limit=64,
    data_page_size=64, write_batch_size=16, row_group_size=150,
)

utc = datetime.timezone.utc
moment = datetime.datetime(2024, 2, 29, 12, 30, 15, 123456, tzinfo=utc)
types = pa.table(
    {
        "date": pa.array([datetime.date(2024, 2, 29), None, datetime.date(1969, 12, 31)], pa.date32()),
        "ms": pa.array([moment, None, moment], pa.timestamp("ms", "UTC")),
        "us": pa.array([moment, None, moment], pa.timestamp("us", "UTC")),
        "ns": pa.array([moment, None, moment], pa.timestamp("ns")),
        "decimal": pa.array([decimal.Decimal("1.15"), None, decimal.Decimal("-20.05")], pa.decimal128(9, 2)),
        "decimal-wide": pa.array(
            [decimal.Decimal("12345678901234567890.5"), None, decimal.Decimal("-0.5")], pa.decimal128(30, 1)),
        "decimal-scale": pa.array([decimal.Decimal("100"), None, decimal.Decimal("-0.5")], pa.decimal128(12, 1)),
        "float32": pa.array([0.5, None, float("nan")], pa.float32()),
        "half": pa.array([1.5, None, -2.0], pa.float16()),
        "infinite": pa.array([float("inf"), None, float("-inf")], pa.float64()),
        "big": pa.array([9007199254740993, None, -3], pa.int64()),
        "safe": pa.array([9007199254740991, None, -9007199254740991], pa.int64()),
        "unsigned": pa.array([18446744073709551615, None, 0], pa.uint64()),
        "unsigned-32": pa.array([4294967295, None, 0], pa.uint32()),
        "tiny": pa.array([255, None, 0], pa.uint8()),
        "time": pa.array([datetime.time(0, 0, 1, 500000), None, datetime.time(12)], pa.time64("us")),
        "nothing": pa.array([None, None, None], pa.null()),
        "category": pa.array(["b", None, "a"]).dictionary_encode(),
        "required": pa.array([1, 2, 3], pa.int64()),
    },
    schema=None,
)
schema = types.schema
schema = schema.set(schema.get_field_index("required"), pa.field("required", pa.int64(), nullable=False))
pq.write_table(types.cast(schema), folder / "types.parquet", compression="snappy")
pq.write_table(
    types.select(["ns"]), folder / "int96.parquet", use_deprecated_int96_timestamps=True, compression="none")
pq.write_table(
    types.select(["decimal", "decimal-scale"]), folder / "decimal-integer.parquet", store_decimal_as_integer=True,
    compression="none")

nested = pa.table(
    {
        "id": pa.array([1, 2], pa.int64()),
        "list": pa.array([[1, 2], []], pa.list_(pa.int64())),
        "struct": pa.array([{"a": 1}, {"a": 2}], pa.struct([("a", pa.int64())])),
        "last": pa.array(["x", "y"], pa.string()),
    }
)
pq.write_table(nested, folder / "nested.parquet")
pq.write_table(
    pa.table({"id": pa.array([1], pa.int64()), "raw": pa.array([b"\xff\xfe"], pa.binary())}),
    folder / "binary.parquet",
)
pq.write_table(
    pa.table({"id": pa.array([1], pa.int64()), "fixed": pa.array([b"\xff\xfe"], pa.binary(2))}),
    folder / "fixed.parquet",
)
pq.write_table(table.slice(0, 0), folder / "no-rows.parquet")

# Identifiers beyond 2^53, and numbers that are the same in every type.
huge = [9007199254740992, 9007199254740993, 9223372036854775807, 7]
pq.write_table(
    pa.table(
        {
            "decimal": pa.array([decimal.Decimal(value) for value in huge], pa.decimal128(38, 0)),
            "decimal-64": pa.array([decimal.Decimal(value) for value in huge[:2] + [-1, 7]], pa.decimal128(18, 0)),
            "decimal-small": pa.array([decimal.Decimal(value) for value in [1, 2, 3, 7]], pa.decimal128(38, 0)),
            "long": pa.array(huge, pa.int64()),
            "unsigned": pa.array(huge, pa.uint64()),
            "text": pa.array([str(value) for value in huge], pa.string()),
            "double": pa.array([1.0, 2.0, 3.0, 7.0], pa.float64()),
            "small": pa.array([1, 2, 3, 7], pa.int16()),
        }
    ),
    folder / "ids.parquet",
)

expected = {
    "float": floats, "long": integers, "int": small, "text": texts, "id": ids, "flag": flags,
}
(folder / "expected.json").write_text(json.dumps(expected, ensure_ascii=False) + "\n")
