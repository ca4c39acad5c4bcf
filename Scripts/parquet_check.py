"""Reads parquet files that other programs write with this one and with pyarrow, and compares every value.

    python Scripts/parquet_check.py [PROGRAM]

Files are written by pyarrow, and by pandas, polars, DuckDB and fastparquet where they are installed: every type with every compression,
both versions of pages, with and without dictionaries and nulls, in one row group and in several. Each is read as a table and as a data set, which must
agree. What a value should be is said by `expected`: dates, times and durations as ISO 8601 writes them, numbers where a double holds
them, else their digits.
"""
import datetime, decimal, json, math, os, subprocess, sys, tempfile, uuid

import pyarrow as pa
import pyarrow.parquet as pq

PROGRAM = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else ".build/release/pixelbytes")
UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
ROWS = 40


def fraction(count, unit):
    digits = f"{count * (10**9 // UNITS[unit]):09}".rstrip("0")
    return "." + digits if digits else ""


def clock(count, unit):
    seconds, rest = divmod(count, UNITS[unit])
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}" + fraction(rest, unit)


def day(number):
    return (datetime.date(1970, 1, 1) + datetime.timedelta(days=number)).isoformat()


def span(count, unit):
    seconds, rest = divmod(abs(count), UNITS[unit])
    parts = [(seconds // 86400, "D")], [(seconds // 3600 % 24, "H"), (seconds // 60 % 60, "M")]
    days, hours = ("".join(f"{n}{s}" for n, s in part if n) for part in parts)
    last = f"{seconds % 60}{fraction(rest, unit)}"
    time = hours + (last + "S" if last != "0" else "")
    text = "P" + days + ("T" + time if time else "")
    return ("-" if count < 0 else "") + (text if text != "P" else "PT0S")


def whole(number):
    return number if abs(number) <= 2**53 else str(number)


def is_text(piece):
    try:
        return not any(ord(c) < 32 and c not in "\t\n\r" or c == "\x7f" for c in piece.decode())
    except UnicodeDecodeError:
        return False


def expected(column, kind):
    """The values of an Arrow array as they should be read."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if isinstance(column, pa.ChunkedArray):
        column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], kind)
    if isinstance(column, pa.ExtensionArray):
        if column.type.extension_name == "arrow.uuid":
            return [None if v is None else str(uuid.UUID(bytes=v)) for v in column.storage.to_pylist()]
        column, kind = column.storage, column.type.storage_type
    t = pa.types
    if t.is_dictionary(kind):
        return expected(column.dictionary_decode(), kind.value_type)
    if t.is_struct(kind):
        parts = [(f.name, expected(pa.compute.struct_field(column, [i]), f.type)) for i, f in enumerate(kind)]
        return [None if not v else {n: p[i] for n, p in parts} for i, v in enumerate(column.is_valid().to_pylist())]
    if t.is_map(kind) or t.is_list(kind) or t.is_large_list(kind) or t.is_fixed_size_list(kind):
        if t.is_map(kind):
            inner = pa.struct([("key", kind.key_type), ("value", kind.item_type)])
            column = pa.array(
                [None if v is None else [{"key": k, "value": w} for k, w in v] for v in column.to_pylist()], pa.list_(inner))
        elif t.is_fixed_size_list(kind):
            column = column.cast(pa.list_(kind.value_type))
        values, lists, place = expected(column.flatten(), column.type.value_type), [], 0
        for one in column.to_pylist():
            lists.append(None if one is None else values[place:place + len(one)])
            place += len(one or [])
        return lists
    def each(make, values):
        return [None if v is None else make(v) for v in values]
    if t.is_date32(kind):
        return each(day, column.cast(pa.int32()).to_pylist())
    if t.is_date64(kind):
        return each(lambda v: day(v // 86400000), column.cast(pa.int64()).to_pylist())
    if t.is_time(kind):
        return each(lambda v: clock(v, kind.unit), column.cast(pa.int32() if t.is_time32(kind) else pa.int64()).to_pylist())
    if t.is_timestamp(kind):
        def moment(v):
            days, rest = divmod(v, 86400 * UNITS[kind.unit])
            return day(days) + "T" + clock(rest, kind.unit) + ("Z" if kind.tz else "")
        return each(moment, column.cast(pa.int64()).to_pylist())
    if t.is_duration(kind):
        return each(lambda v: span(v, kind.unit), column.cast(pa.int64()).to_pylist())
    if t.is_decimal(kind):
        return each(lambda v: float(v) if kind.precision <= 15 else f"{v:.{kind.scale}f}", column.to_pylist())
    if t.is_integer(kind):
        return each(whole, column.to_pylist())
    if t.is_floating(kind):
        return each(float, column.to_pylist())
    if t.is_binary(kind) or t.is_large_binary(kind) or t.is_fixed_size_binary(kind):
        values = column.to_pylist()
        isText = all(is_text(v) for v in values if v is not None)
        return each(lambda v: v.decode() if isText else list(v), values)
    return column.to_pylist()


def same(found, right):
    if isinstance(right, float) and isinstance(found, (int, float)):
        return math.isnan(right) and math.isnan(found) or found == right
    if isinstance(right, list):
        return isinstance(found, list) and len(found) == len(right) and all(map(same, found, right))
    if isinstance(right, dict):
        return isinstance(found, dict) and found.keys() == right.keys() and all(same(found[k], right[k]) for k in right)
    return type(found) is type(right) and found == right or isinstance(right, int) and found == right and not isinstance(right, bool)


def columns(nullable):
    def some(make):
        return [None if nullable and i % 7 == 3 else make(i) for i in range(ROWS)]
    D = decimal.Decimal
    stamps = [0, 1, -1, 1706702400123456789, -2208988800000000001, 951827405250000000, 4102444799999999999]
    def stamp(unit):
        return lambda i: stamps[i % 7] // (10**9 // UNITS[unit])
    made = {
        "int8": (pa.int8(), lambda i: i * 6 - 120), "int16": (pa.int16(), lambda i: i * 1000 - 20000), "int32": (pa.int32(), lambda i: [2**31 - 1, -2**31, i][i % 3]),
        "int64": (pa.int64(), lambda i: [2**63 - 1, -2**63, 2**53, 2**53 + 1, i][i % 5]), "uint8": (pa.uint8(), lambda i: 200 + i),
        "uint16": (pa.uint16(), lambda i: 65535 - i), "uint32": (pa.uint32(), lambda i: 2**32 - 1 - i), "uint64": (pa.uint64(), lambda i: [2**64 - 1, 2**63, 7, 2**53 + 1][i % 4]),
        "float16": (pa.float16(), lambda i: [1.5, -0.25, 65504.0, 6e-8, math.inf, math.nan][i % 6]),
        "float32": (pa.float32(), lambda i: [1 / 3, -math.inf, math.nan, i][i % 4]), "float64": (pa.float64(), lambda i: [1 / 3, 5e-324, math.nan, i][i % 4]),
        "bool": (pa.bool_(), lambda i: i % 3 == 0), "string": (pa.string(), lambda i: ["", "cat", "né\n", "🐱", f"a long text/{i}"][i % 5]),
        "binary": (pa.binary(), lambda i: bytes(range(i % 5))), "fixed": (pa.binary(3), lambda i: bytes([i, 255 - i, 7])), "ascii": (pa.binary(), lambda i: f"row {i}".encode()),
        "date32": (pa.date32(), lambda i: datetime.date(1969, 12, 20) + datetime.timedelta(days=i * 400)), "date64": (pa.date64(), lambda i: datetime.date(2024, 2, 29) - datetime.timedelta(days=i * 9000)),
        "decimal9": (pa.decimal128(9, 2), lambda i: D(i * 7 - 100) / 100), "decimal15": (pa.decimal128(15, 15), lambda i: D(i) / 10**15), "decimal18": (pa.decimal128(18, 3), lambda i: D(10**15 + i) / 1000),
        "decimal38": (pa.decimal128(38, 10), lambda i: D(f"{(-1)**i * (10**27 + i)}.0000000001")), "decimal76": (pa.decimal256(70, 2), lambda i: D(f"{(-1)**i * (10**60 + i)}.25")),
        "null": (pa.null(), lambda i: None), "uuid": (pa.uuid(), lambda i: uuid.UUID(int=i * 10**30).bytes),
        "list": (pa.list_(pa.int64()), lambda i: [[], [1, None, i], [2]][i % 3]), "lists": (pa.list_(pa.list_(pa.timestamp("ms"))), lambda i: [[], [[], [i, None]]][i % 2]),
        "struct": (pa.struct([("a", pa.int32()), ("b", pa.list_(pa.string())), ("c", pa.decimal128(20, 1))]), lambda i: {"a": i, "b": ["x", None][: i % 3], "c": D(i) / 10}),
        "map": (pa.map_(pa.string(), pa.float32()), lambda i: [("k", 0.5), ("l", None)][: i % 3]), "pairs": (pa.list_(pa.float32(), 2), lambda i: [i, 0.5]),
        "words": (pa.dictionary(pa.int32(), pa.string()), lambda i: ["red", "blue"][i % 2]),
    }
    for unit in UNITS:
        if unit in ("s", "ms"):
            made[f"time_{unit}"] = (pa.time32(unit), lambda i, u=unit: (i * 2161 * UNITS[u] + i) % (86400 * UNITS[u]))
        else:
            made[f"time_{unit}"] = (pa.time64(unit), lambda i, u=unit: (i * 2161 * UNITS[u] + i) % (86400 * UNITS[u]))
        made[f"at_{unit}"] = (pa.timestamp(unit), stamp(unit))
        made[f"zone_{unit}"] = (pa.timestamp(unit, "Europe/Paris"), stamp(unit))
        made[f"span_{unit}"] = (pa.duration(unit), lambda i, u=unit: (-1)**i * (i * 54321 * UNITS[u] + i))
    return {name: (kind, some(make)) for name, (kind, make) in made.items()}


def pyarrow_files(folder):
    for nullable in (False, True):
        arrays = {n: pa.array(v, t) for n, (t, v) in columns(nullable).items()}
        table = pa.table(arrays)
        if not nullable:
            table = table.cast(pa.schema([pa.field(f.name, f.type, f.name == "null") for f in table.schema]))
        for codec in ("none", "snappy", "gzip", "brotli", "zstd", "lz4"):
            for version in ("1.0", "2.0"):
                for dictionary in (False, True):
                    for size in (ROWS, 11):
                        name = f"pyarrow-{codec}-v{version[0]}-{'dict' if dictionary else 'plain'}-{'null' if nullable else 'full'}-{size}"
                        pq.write_table(table, f"{folder}/{name}.parquet", compression=codec, data_page_version=version, use_dictionary=dictionary,
                                       row_group_size=size, write_page_checksum=size == 11)
    old = pa.table({n: c for n, c in arrays.items() if n.startswith("at_") or n == "decimal9"})
    pq.write_table(old, f"{folder}/pyarrow-int96.parquet", use_deprecated_int96_timestamps=True)
    pq.write_table(old.drop_columns(["at_ns"]), f"{folder}/pyarrow-1.0.parquet", version="1.0", store_schema=False)
    numbers = pa.table({n: c for n, c in arrays.items() if n in ("int32", "int64", "float32", "float64", "fixed", "float16", "decimal9", "at_us", "date32")})
    pq.write_table(numbers, f"{folder}/pyarrow-split.parquet", use_dictionary=False, column_encoding={n: "BYTE_STREAM_SPLIT" for n in numbers.column_names})
    deltas = {"int32": "DELTA_BINARY_PACKED", "int64": "DELTA_BINARY_PACKED", "uint64": "DELTA_BINARY_PACKED", "at_us": "DELTA_BINARY_PACKED",
              "date32": "DELTA_BINARY_PACKED", "string": "DELTA_BYTE_ARRAY", "ascii": "DELTA_LENGTH_BYTE_ARRAY", "fixed": "DELTA_BYTE_ARRAY", "bool": "RLE"}
    pq.write_table(pa.table({n: arrays[n] for n in deltas}), f"{folder}/pyarrow-deltas.parquet", use_dictionary=False, column_encoding=deltas)


def pandas_files(folder):
    import pandas as pd
    frame = pd.DataFrame({
        "n": range(ROWS), "x": [i / 3 for i in range(ROWS)], "t": [["red", "né"][i % 2] for i in range(ROWS)], "flag": [i % 3 == 0 for i in range(ROWS)],
        "at": pd.date_range("2024-01-31 12:00:00.25", periods=ROWS, freq="D"), "zone": pd.date_range("2024-01-31", periods=ROWS, freq="h", tz="UTC"),
        "kind": pd.Categorical(["a", "b"] * (ROWS // 2)), "maybe": [None if i % 5 == 0 else f"{i}" for i in range(ROWS)],
        "count": pd.array([None if i % 4 == 0 else i for i in range(ROWS)], "Int64"), "byte": pd.array(range(ROWS), "uint8"),
    })
    spans = frame.assign(span=pd.to_timedelta([i * 1.5 for i in range(ROWS)], unit="h"))
    for codec in (None, "snappy", "gzip", "brotli", "zstd", "lz4"):
        spans.to_parquet(f"{folder}/pandas-pyarrow-{codec}.parquet", engine="pyarrow", compression=codec)
    try:
        import fastparquet
    except ImportError:
        return
    for codec in (None, "SNAPPY", "GZIP", "BROTLI", "ZSTD", "LZ4_RAW"):
        for nulls in (True, False):
            whole = frame if nulls else frame.drop(columns=["maybe", "count"])
            for groups in (None, 13):
                fastparquet.write(f"{folder}/fastparquet-{codec}-{nulls}-{groups}.parquet", whole, compression=codec, has_nulls=nulls,
                                  **({"row_group_offsets": groups} if groups else {}))
            fastparquet.write(f"{folder}/fastparquet-int96-{codec}-{nulls}.parquet", whole, compression=codec, has_nulls=nulls, times="int96")


def polars_files(folder):
    import polars as pl
    frame = pl.DataFrame({
        "n": range(ROWS), "big": pl.Series([2**64 - 1 - i for i in range(ROWS)], dtype=pl.UInt64), "x": [None if i % 6 == 0 else i / 7 for i in range(ROWS)],
        "t": [None if i % 5 == 0 else f"né {i}" for i in range(ROWS)], "flag": [i % 2 == 0 for i in range(ROWS)], "raw": [bytes([i]) for i in range(ROWS)],
        "day": [datetime.date(2024, 1, 31) + datetime.timedelta(days=i) for i in range(ROWS)], "at": [datetime.datetime(2024, 1, 31, 12, 0, 0, 250000 + i) for i in range(ROWS)],
        "time": [datetime.time(12, 30, i, 5) for i in range(ROWS)], "span": [datetime.timedelta(hours=i, microseconds=3) for i in range(ROWS)],
        "price": pl.Series([decimal.Decimal(i) / 100 for i in range(ROWS)], dtype=pl.Decimal(12, 2)), "kind": pl.Series(["a", "b"] * (ROWS // 2), dtype=pl.Categorical),
        "list": [[i, None][: i % 3] for i in range(ROWS)], "part": [{"a": i, "b": f"{i}"} for i in range(ROWS)],
        "zone": pl.Series([datetime.datetime(2024, 1, 31, i % 24) for i in range(ROWS)]).dt.replace_time_zone("Europe/Paris"),
    })
    for codec in ("uncompressed", "snappy", "gzip", "brotli", "zstd", "lz4"):
        for size in (None, 13):
            for version in (None, 2):
                options = {} if version is None else {"data_page_version": version}
                try:
                    frame.write_parquet(f"{folder}/polars-{codec}-{size}-{version}.parquet", compression=codec, row_group_size=size, **options)
                except TypeError:
                    pass


def duckdb_files(folder):
    import duckdb
    query = """select i as n, i::utinyint as byte, (18446744073709551615::ubigint - i::ubigint) as big, i::float as single, i / 7.0::double as x,
      case when i % 5 = 0 then null else 'né ' || i end as t, i % 3 = 0 as flag, ('row ' || i)::blob as raw, date '2024-01-31' + i::int as day,
      timestamp '2024-01-31 12:00:00.25' + interval (i) minute as at, timestamptz '2024-01-31 12:00:00+00' as zone, time '12:30:00.5' as time,
      (i * 1.5)::decimal(9, 2) as price, (i * 1.5)::decimal(30, 4) as exact, '00000000-0000-0000-0000-00000000000a'::uuid as id,
      [i, null] as list, {'a': i, 'b': 'x'} as part, map {'k': i} as pairs, timestamp_ns '2024-01-31 12:00:00.123456789' as fine, timestamp_s '2024-01-31 12:00:00' as coarse,
      'red'::enum('red', 'blue') as kind, i::int16 as small from range(40) r(i)"""
    for codec in ("uncompressed", "snappy", "gzip", "brotli", "zstd", "lz4_raw", "lz4"):
        for version in ("v1", "v2"):
            try:
                duckdb.sql(f"copy ({query}) to '{folder}/duckdb-{codec}-{version}.parquet' (format parquet, codec '{codec}', parquet_version '{version}')")
            except Exception as error:
                print(f"DuckDB does not write {codec} {version}: {str(error).splitlines()[0]}")


SCRIPT = """
for name in list_files("in") {
  try {
    t = read_table("in/" + name)
    data = load_dataset("in/" + name, image: nil, caption: nil)
    differ = []
    for i in range(len(data)) { row = data[i]; for c in t.columns { a = row[c]; b = t[i][c]; if a != b and str(a) != str(b) { push(differ, [i, c]) } } }
    write_json({columns: t.columns, rows: t.rows, differ: differ}, "out/" + name + ".json")
  } catch e { write_json({error: e.message}, "out/" + name + ".json") }
}
"""


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(f"{folder}/in")
        os.makedirs(f"{folder}/out")
        for write in (pyarrow_files, pandas_files, polars_files, duckdb_files):
            try:
                write(f"{folder}/in")
            except ImportError as error:
                print(f"left out: {error}")
        with open(f"{folder}/read.pxb", "w") as file:
            file.write(SCRIPT)
        run = subprocess.run([PROGRAM, "run", "read.pxb"], cwd=folder, capture_output=True, text=True)
        if run.returncode:
            sys.exit(run.stdout + run.stderr)
        counts, bad = {}, []
        for name in sorted(os.listdir(f"{folder}/in")):
            writer = name.split("-")[0]
            files, values, wrong = counts.get(writer, (0, 0, 0))
            right = pq.ParquetFile(f"{folder}/in/{name}").read()
            with open(f"{folder}/out/{name}.json") as file:
                found = json.load(file)
            faults = [found["error"]] if "error" in found else [f"table and data set differ in {found['differ'][:3]}"] if found["differ"] else []
            for column in right.column_names if not faults else []:
                # What is text is told row group by row group.
                sizes = [pq.ParquetFile(f"{folder}/in/{name}").metadata.row_group(g).num_rows for g in range(pq.ParquetFile(f"{folder}/in/{name}").num_row_groups)]
                start = 0
                for size in sizes:
                    for row, value in enumerate(expected(right[column].slice(start, size), right[column].type), start):
                        values += 1
                        if not same(found["rows"][row].get(column), value):
                            wrong += 1
                            if len(faults) < 3:
                                faults.append(f"row {row}, {column}: {found['rows'][row].get(column)!r} is not {value!r}")
                    start += size
            counts[writer] = (files + 1, values, wrong)
            bad += [f"{name}: {fault}" for fault in faults]
        print("\n".join(bad[:60]))
        for writer, (files, values, wrong) in sorted(counts.items()):
            print(f"{writer}: {files} files, {values} values, {wrong} differ")
        sys.exit(1 if bad else 0)


main()
