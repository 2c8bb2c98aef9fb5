"""Writes test/fixtures/tabular/arrow/*; made with pyarrow 26.0.1.

    python -m venv /tmp/venv && /tmp/venv/bin/pip install pyarrow==26.0.1
    /tmp/venv/bin/python test/reference/tabular/make-arrow.py test/fixtures/tabular

What has the same name as a Parquet file of that folder holds the same data, read from it.
"""

import pathlib
import sys
import uuid

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq

source = pathlib.Path(sys.argv[1])
folder = source / "arrow"
folder.mkdir(exist_ok=True)


def write_file(name, table, compression=None, rows=80, **options):
    options = pa.ipc.IpcWriteOptions(compression=compression, **options)
    with pa.ipc.new_file(folder / name, table.schema, options=options) as writer:
        writer.write_table(table, max_chunksize=rows)


def write_stream(name, table, compression=None, rows=80, **options):
    options = pa.ipc.IpcWriteOptions(compression=compression, **options)
    with pa.ipc.new_stream(folder / name, table.schema, options=options) as writer:
        writer.write_table(table, max_chunksize=rows)


main = pq.read_table(source / "none-plain.parquet")
for codec in [None, "lz4", "zstd"]:
    write_file(f"{codec or 'none'}.arrow", main, codec)
    write_stream(f"{codec or 'none'}.arrows", main, codec)
write_stream("stream.arrow", main)
feather.write_feather(main, folder / "default.feather")

coded = main
for name in ["text", "id", "long"]:
    index = coded.schema.get_field_index(name)
    coded = coded.set_column(index, name, coded[name].combine_chunks().dictionary_encode())
write_file("dictionary.arrow", coded)
write_file("dictionary-zstd.arrow", coded, "zstd")
write_stream("dictionary.arrows", coded)

views = main
for name, type in [("text", pa.string_view()), ("id", pa.large_string())]:
    index = views.schema.get_field_index(name)
    views = views.set_column(index, name, views[name].cast(type))
write_file("views.arrow", views)
write_file("views-lz4.arrow", views, "lz4")

write_file("types.arrow", pq.read_table(source / "types.parquet"), rows=2)
write_stream("types.arrows", pq.read_table(source / "types.parquet"), "lz4", rows=2)
write_file("ids.arrow", pq.read_table(source / "ids.parquet"), rows=3)
write_file("nested.arrow", pq.read_table(source / "nested.parquet"))
write_file("binary.arrow", pq.read_table(source / "binary.parquet"))
write_file("fixed.arrow", pq.read_table(source / "fixed.parquet"))
write_file("no-rows.arrow", main.slice(0, 0))
write_stream("no-rows.arrows", main.slice(0, 0))

more = pa.table(
    {
        "int8": pa.array([-128, None, 127], pa.int8()),
        "int16": pa.array([-32768, None, 32767], pa.int16()),
        "uint16": pa.array([65535, None, 0], pa.uint16()),
        "decimal-32": pa.array(["1.15", None, "-20.05"]).cast(pa.decimal32(6, 2)),
        "decimal-64": pa.array(["1.15", None, "-20.05"]).cast(pa.decimal64(12, 2)),
        "decimal-256": pa.array(["1.15", None, "-20.05"]).cast(pa.decimal256(50, 2)),
        "date64": pa.array([86400000, None, -86400000], pa.int64()).cast(pa.date64()),
        "seconds": pa.array([1, None, -1], pa.timestamp("s")),
        "time-seconds": pa.array([1, None, 43200], pa.time32("s")),
        "time-ns": pa.array([1500000, None, 0], pa.time64("ns")),
        "duration": pa.array([5, None, -5], pa.duration("us")),
        "view": pa.array(["longer than twelve bytes", None, ""], pa.string_view()),
        "large": pa.array(["a", None, "naïve"], pa.large_string()),
        "bytes-as-text": pa.array([b"x", None, b"y"], pa.binary()),
        "coded-numbers": pa.array([7, None, 3], pa.int32()).dictionary_encode(),
        "coded-ids": pa.array([9007199254740993, None, 7], pa.int64()).dictionary_encode(),
        "coded-flags": pa.DictionaryArray.from_arrays(pa.array([1, None, 0], pa.int8()), pa.array([False, True])),
        "null-in-dictionary": pa.DictionaryArray.from_arrays(pa.array([1, 0, 1], pa.uint8()), pa.array(["a", None])),
        "same-twice": pa.DictionaryArray.from_arrays(pa.array([2, 1, 0], pa.int64()), pa.array(["a", "b", "a"])),
        "uuid": pa.array([uuid.UUID(int=1).bytes, None, uuid.UUID(int=2**128 - 1).bytes], pa.uuid()),
        "json": pa.array(['{"a":1}', None, "[]"], pa.json_()),
    }
)
write_file("more.arrow", more, rows=2)
write_stream("more.arrows", more, "zstd", rows=2)

# The dictionary grows, by deltas and by replacement.
schema = pa.schema([("label", pa.dictionary(pa.int32(), pa.string()))])
for name, deltas in [("delta", True), ("replaced", False)]:
    options = pa.ipc.IpcWriteOptions(emit_dictionary_deltas=deltas)
    with pa.ipc.new_stream(folder / f"{name}.arrows", schema, options=options) as writer:
        for indices, values in [([0, 1], ["b", "a"]), ([2, 0, None], ["b", "a", "c"])]:
            array = pa.DictionaryArray.from_arrays(pa.array(indices, pa.int32()), pa.array(values))
            writer.write_batch(pa.record_batch([array], schema=schema))
    if not deltas:
        with pa.ipc.new_stream(folder / "other.arrows", schema) as writer:
            for values in [["b", "a"], ["c", "b"]]:
                array = pa.DictionaryArray.from_arrays(pa.array([0, 1], pa.int32()), pa.array(values))
                writer.write_batch(pa.record_batch([array], schema=schema))
with pa.ipc.new_file(folder / "delta.arrow", schema, options=pa.ipc.IpcWriteOptions(emit_dictionary_deltas=True)) as writer:
    for indices, values in [([0, 1], ["b", "a"]), ([2, 0, None], ["b", "a", "c"])]:
        array = pa.DictionaryArray.from_arrays(pa.array(indices, pa.int32()), pa.array(values))
        writer.write_batch(pa.record_batch([array], schema=schema))

twice = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"])
write_file("twice.arrow", twice)
ends = pa.RunEndEncodedArray.from_arrays(pa.array([2], pa.int32()), pa.array(["x"]))
mixed = pa.UnionArray.from_sparse(pa.array([0, 1], pa.int8()), [pa.array([1, 2]), pa.array(["a", "b"])])
write_file("odd.arrow", pa.table({
    "runs": ends,
    "union": mixed,
    "map": pa.array([[("k", 1)], None], pa.map_(pa.string(), pa.int64())),
    "views": pa.array([["v", "a text that is longer than twelve"], None], pa.list_(pa.string_view())),
    "fixed-list": pa.array([[1, 2], None], pa.list_(pa.int64(), 2)),
    "plain": pa.array([1, None], pa.int64()),
    "last": pa.array(["another text of more than twelve", None], pa.string_view()),
}))
