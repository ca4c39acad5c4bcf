"""Writes the parquet files of this folder and, beside each, its rows as JSON."""
import base64, json, os, random
import numpy
import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as encryption

os.chdir(os.path.dirname(os.path.abspath(__file__)))
random.seed(1)


def plain(value):
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, tuple):
        return {"key": plain(value[0]), "value": plain(value[1])}
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    return value


def save(name, table, rows_in=None, **options):
    pq.write_table(table, name + ".parquet", store_schema=False, write_statistics=False, **options)
    save_rows(rows_in or name, table)


def save_rows(name, table):
    rows = [plain(row) for row in table.to_pylist()]
    with open(name + ".json", "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n")


def some(make, count, nulls=0.2):
    return [None if random.random() < nulls else make(i) for i in range(count)]


WORDS = ["", "cat", "Pokémon", "a, \"b\"\n", "\U0001f431", "owl in the night"]
N = 40
flat = pa.table({
    "flag": pa.array(some(lambda i: i % 3 == 0, N), pa.bool_()),
    "small": pa.array(some(lambda i: random.choice([-2**31, 2**31 - 1, i, -i]), N), pa.int32()),
    "large": pa.array(some(lambda i: random.choice([-2**63, 2**63 - 1, i * 10**12]), N), pa.int64()),
    "byte": pa.array(some(lambda i: 200 + i, N), pa.uint8()),
    "word": pa.array(some(lambda i: 2**32 - 1 - i, N), pa.uint32()),
    "single": pa.array(some(lambda i: i / 8 - 2, N), pa.float32()),
    "double": pa.array(some(lambda i: i / 3, N), pa.float64()),
    "text": pa.array(some(lambda i: WORDS[i % 6], N), pa.string()),
    "raw": pa.array(some(lambda i: bytes(range(i % 5)), N), pa.binary()),
    "fixed": pa.array(some(lambda i: bytes([i, 255 - i, 7]), N), pa.binary(3)),
})
for codec in ["none", "snappy", "gzip", "zstd"]:
    for version in ["1.0", "2.0"]:
        for dictionary in [False, True]:
            name = f"{codec}-v{version[0]}-{'dictionary' if dictionary else 'plain'}"
            save(name, flat, "flat", compression=codec, data_page_version=version, use_dictionary=dictionary)

required = pa.table(
    [pa.array([i * i - 50 for i in range(300)], pa.int64()), pa.array([f"row {i}" for i in range(300)])],
    schema=pa.schema([pa.field("number", pa.int64(), False), pa.field("text", pa.string(), False)]))
save("groups", required, row_group_size=70, data_page_size=200, write_batch_size=20, compression={"number": "snappy", "text": "none"},
     use_dictionary=["text"], write_page_checksum=True)

D = 150
deltas = pa.table({
    "small": pa.array(some(lambda i: random.choice([-2**31, 2**31 - 1, i * 7]), D), pa.int32()),
    "large": pa.array(some(lambda i: random.choice([-2**63, 2**63 - 1, i * 10**9]), D), pa.int64()),
    "even": pa.array(range(0, 2 * D, 2), pa.int64()),
    "lengths": pa.array(some(lambda i: WORDS[i % 6], D), pa.string()),
    "shared": pa.array(some(lambda i: f"a long path/{i // 10}/{i}.png", D), pa.string()),
    "fixed": pa.array([f"{i:04}".encode() for i in range(D)], pa.binary(4)),
})
save("deltas", deltas, use_dictionary=False, compression="none", column_encoding={
    "small": "DELTA_BINARY_PACKED", "large": "DELTA_BINARY_PACKED", "even": "DELTA_BINARY_PACKED",
    "lengths": "DELTA_LENGTH_BYTE_ARRAY", "shared": "DELTA_BYTE_ARRAY", "fixed": "DELTA_BYTE_ARRAY"})

split = flat.select(["small", "large", "single", "double", "fixed"])
save("split", split, use_dictionary=False, compression="none",
     column_encoding={name: "BYTE_STREAM_SPLIT" for name in split.column_names})

tree = pa.list_(pa.list_(pa.list_(pa.int64())))
pair = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
nested = pa.table({
    "pixelbyte": pa.array(
        [[[[1, 2], [3]], [[4]]], [], None, [[], [[]], None], [[[None, 5], None]], [[[6] * 9] * 3]] * 3, tree),
    "image": pa.array(
        [{"bytes": b"\x89PNG", "path": "a.png"}, None, {"bytes": None, "path": "b.png"},
         {"bytes": b"", "path": None}, {"bytes": None, "path": None}, {"bytes": b"x", "path": "c.png"}] * 3, pair),
    "parts": pa.array(
        [[{"name": "a", "sizes": [1, 2]}, {"name": None, "sizes": None}], [], None, [None],
         [{"name": "b", "sizes": []}], [{"name": "c", "sizes": [None]}]] * 3,
        pa.list_(pa.struct([("name", pa.string()), ("sizes", pa.list_(pa.int32()))]))),
    "map": pa.array([[("k", 1), ("l", None)], [], None, [("m", 2)], [], [("n", 3)]] * 3,
                    pa.map_(pa.string(), pa.int32())),
    "nothing": pa.array([None] * 18, pa.string()),
})
for version in ["1.0", "2.0"]:
    save(f"nested-v{version[0]}", nested, "nested", row_group_size=7, compression="zstd", data_page_version=version)
save("old-lists", nested.select(["pixelbyte"]), use_compliant_nested_type=False, compression="none", version="1.0")
save("empty", flat.slice(0, 0))

import datetime, decimal
mixed = pa.table({
    "id": pa.array([1, 2], pa.int64()),
    "when": pa.array([datetime.datetime(2020, 1, 1), None], pa.timestamp("ns")),
    "price": pa.array([decimal.Decimal("1.50"), None], pa.decimal128(9, 2)),
})
pq.write_table(mixed, "unread.parquet", store_schema=False, use_deprecated_int96_timestamps=True)
pq.write_table(flat.select(["small"]), "brotli.parquet", store_schema=False, compression="brotli")

odd = pa.table({
    "id": pa.array([1, 2, 3, 4], pa.int64()),
    "when": pa.array([datetime.datetime(1969, 12, 31, 23, 59, 59, 999999), datetime.datetime(2000, 2, 29, 12, 30, 5, 250000),
                      datetime.datetime(1600, 3, 1), None], pa.timestamp("us")),
    "small": pa.array([decimal.Decimal(t) if t else None for t in ["0.01", "-0.01", None, "99999.99"]], pa.decimal128(7, 2)),
    "large": pa.array([decimal.Decimal(t) if t else None for t in ["12345678901234567890123.456", None, "-0.001", "0.000"]],
                      pa.decimal128(30, 3)),
    "huge": pa.array([decimal.Decimal(1), None, decimal.Decimal(-1), None], pa.decimal256(70, 2)),
})
pq.write_table(odd, "odd.parquet", store_schema=False,
               use_deprecated_int96_timestamps=True, store_decimal_as_integer=True)

# The first LZ4 of the format: one block by itself, and blocks as Hadoop frames them.
import fastparquet, fastparquet.compression as codecs
lz4 = pa.table({"id": pa.array([i for i in range(120)], pa.int64()),
                "text": pa.array([f"a red cat and a blue dog {i // 7}" for i in range(120)])})
pq.write_table(lz4, "lz4.parquet", compression="lz4", use_dictionary=False, store_schema=False)
fastparquet.write("lz4-block.parquet", lz4.to_pandas(), compression="LZ4")
block = codecs.compressions["LZ4"]
def framed(data):
    parts = [bytes(data)[start:start + 700] for start in range(0, len(data), 700)]
    blocks = [(part, bytes(block(part))) for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + len(packed).to_bytes(4, "big") + packed for part, packed in blocks)
codecs.compressions["LZ4"] = framed
fastparquet.write("lz4-framed.parquet", lz4.to_pandas(), compression="LZ4")

# Without `has_nulls` fastparquet states by a truth value whether a column may have nulls.
import pandas as pd
rows = [{"t": None if i % 3 == 1 else f"w{i}", "n": i * i, "flag": i % 2 == 0} for i in range(8)]
fastparquet.write("truths.parquet", pd.DataFrame(rows), has_nulls=None)
with open("truths.json", "w") as file:
    file.write("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")

# What Arrow calls extensions, a text that is none, bytes inside of values, and a column that is encrypted.
tensors = pa.FixedShapeTensorArray.from_numpy_ndarray(numpy.arange(12, dtype="i4").reshape(2, 2, 3))
turned = pa.FixedShapeTensorArray.from_numpy_ndarray(numpy.arange(12, dtype="i4").reshape(2, 3, 2).transpose(0, 2, 1))
pq.write_table(pa.table({
    "grid": pa.concat_arrays([tensors, pa.nulls(1, tensors.type)]),
    "turned": pa.concat_arrays([turned, pa.nulls(1, turned.type)]),
    "truth": pa.ExtensionArray.from_storage(pa.bool8(), pa.array([0, 5, None], pa.int8())),
}), "extensions.parquet")
wrong = pa.Array.from_buffers(pa.string(), 4, [None, pa.py_buffer(numpy.array([0, 1, 3, 5, 6], "i4")), pa.py_buffer(b"aBb\xe4xc")])
pq.write_table(pa.table({"text": wrong, "number": pa.array([1, 2, 3, 4])}), "texts.parquet", row_group_size=2)
part = pa.struct([("raw", pa.binary())])
pq.write_table(pa.table({
    "caption": ["a", "b"],
    "structure": pa.array([{"raw": b"\xff\xd8"}, None], part),
    "list": pa.array([[], [{"raw": b"\x00"}]], pa.list_(part)),
    "map": pa.array([[("k", b"\xff")], []], pa.map_(pa.string(), pa.binary())),
    "words": pa.array([{"raw": b"abc"}, {"raw": b"d"}], part),
    "wide": pa.array([[2**64 - 1, 1], [2**53 + 1]], pa.list_(pa.uint64())),
    "long": pa.array([2**53 + 1, 5], pa.int64()),
}), "inside.parquet")


class Keys(encryption.KmsClient):
    def __init__(self, config):
        super().__init__()

    def wrap_key(self, key, name):
        return base64.b64encode(key)

    def unwrap_key(self, key, name):
        return base64.b64decode(key)


secret = pa.table({"caption": ["a", "b"], "secret": [1, 2], "number": [3, 4]})
for name, key in [("encrypted", "secret"), ("encrypted-caption", "caption")]:
    factory = encryption.CryptoFactory(Keys)
    settings = encryption.EncryptionConfiguration(footer_key="f", column_keys={"k": [key]}, plaintext_footer=True)
    properties = factory.file_encryption_properties(encryption.KmsConnectionConfig(), settings)
    with pq.ParquetWriter(name + ".parquet", secret.schema, encryption_properties=properties) as writer:
        writer.write_table(secret)
