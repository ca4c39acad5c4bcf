"""Reads random parquet files with the program and with pyarrow, and compares every value.

    python Scripts/parquet_random.py [PROGRAM] [FILES] [SEED]

Each file has random columns, lists, maps and structures in each other among them, with nulls in random places, and is written by pyarrow, pandas, polars,
DuckDB or fastparquet with random settings: compression, dictionaries, encodings, versions of pages, sizes of pages and row groups, checksums.
A file that differs is kept in the folder `differ`, under the number that its seed is.
"""
import datetime, decimal, json, math, os, random, shutil, string, subprocess, sys, tempfile, uuid

import pyarrow as pa
import pyarrow.parquet as pq

import parquet_check
from parquet_check import expected, readable, same

# The least timestamp, which pandas writes for a missing one.
NAT = "1677-09-21T00:12:43.145224192"
COUNTS = [0, 1, 2, 7, 8, 9, 31, 33, 64, 129, 257, 1000, 1025]


def leaf(rng):
    """A type without parts, and what makes a value of it."""
    def whole(bits, signed):
        low, high = (-2**(bits - 1), 2**(bits - 1) - 1) if signed else (0, 2**bits - 1)
        style = rng.randrange(4)
        start = rng.randint(low, high)
        def make(i):
            if style == 0:
                return rng.randint(low, high)
            if style == 1:
                return rng.choice([low, high, 0, 1, high - 1, low + 1])
            if style == 2:
                return max(low, min(high, start + i))
            return rng.randint(max(low, -5), 5)
        return make
    def real(width):
        def make(i):
            return rng.choice([0.0, -0.0, math.inf, -math.inf, math.nan, rng.random(), rng.gauss(0, 1000), 1 / 3, 65504.0, 6e-8, -1.5, float(rng.randint(-9, 9))])
        return make
    def text(i):
        length = rng.choice([0, 1, 3, 10, rng.randrange(300)])
        letters = rng.choice([string.ascii_lowercase, "é日本🐱\n\t\"',", "a", string.printable[:95]])
        return ("prefix/" if style else "") + "".join(rng.choice(letters) for _ in range(length))
    def blob(i):
        return bytes(rng.randrange(256) for _ in range(rng.choice([0, 1, 2, 9, 40])))
    style, width = rng.randrange(2), rng.choice([1, 2, 5, 16, 17])
    def exact(precision, scale):
        def make(i):
            digits = rng.randint(1, precision)
            return decimal.Decimal((rng.randrange(2), tuple(rng.randrange(10) for _ in range(digits)), -scale))
        return make
    precision = rng.choice([1, 4, 9, 10, 15, 16, 18, 19, 38])
    scale = rng.randint(0, precision)
    unit = rng.choice(["s", "ms", "us", "ns"])
    per = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[unit]
    limit = 4_000_000_000 * per
    kinds = [
        *((getattr(pa, f"{'' if s else 'u'}int{b}")(), whole(b, s)) for b in (8, 16, 32, 64) for s in (True, False)),
        (pa.float16(), real(16)), (pa.float32(), real(32)), (pa.float64(), real(64)), (pa.bool_(), lambda i: rng.random() < 0.5),
        (pa.string(), text), (pa.large_string(), text), (pa.string_view(), text), (pa.binary(), blob), (pa.large_binary(), blob), (pa.binary_view(), blob), (pa.binary(width), lambda i: rng.randbytes(width)),
        (pa.decimal128(precision, scale), exact(precision, scale)), (pa.decimal256(precision + 38, scale), exact(precision + 38, scale)),
        (pa.decimal32(min(precision, 9), min(scale, 9)), exact(min(precision, 9), min(scale, min(precision, 9)))),
        (pa.decimal64(min(precision, 18), min(scale, min(precision, 18))), exact(min(precision, 18), min(scale, min(precision, 18)))),
        (pa.date32(), lambda i: rng.randint(-100000, 100000)), (pa.date64(), lambda i: rng.randint(-100000, 100000) * 86400000),
        (pa.time32("ms"), lambda i: rng.randrange(86400000)), (pa.time32("s"), lambda i: rng.randrange(86400)),
        (pa.time64("us"), lambda i: rng.randrange(86400 * 10**6)), (pa.time64("ns"), lambda i: rng.randrange(86400 * 10**9)),
        (pa.timestamp(unit), lambda i: rng.randint(-limit, limit)), (pa.timestamp(unit, rng.choice(["UTC", "Europe/Paris", "+07:30"])), lambda i: rng.randint(-limit, limit)),
        (pa.duration(unit), lambda i: rng.randint(-limit, limit)), (pa.null(), lambda i: None), (pa.uuid(), lambda i: rng.randbytes(16)),
    ]
    return rng.choice(kinds)


def kind(rng, depth=0):
    """A type, and what makes a value of it."""
    roll = rng.random()
    if depth > 3 or roll < 0.72 - 0.06 * (depth == 0):
        t, make = leaf(rng)
        if depth == 0 and rng.random() < 0.15 and not isinstance(t, pa.BaseExtensionType) and (pa.types.is_string(t) or pa.types.is_int64(t) or pa.types.is_binary(t)):
            pool = [make(i) for i in range(rng.choice([1, 3, 20, 300]))]
            return pa.dictionary(rng.choice([pa.int8(), pa.int16(), pa.int32()]) if len(pool) < 100 else pa.int32(), t), lambda i: rng.choice(pool)
        return t, nullable(rng, make)
    if roll < 0.85:
        t, make = kind(rng, depth + 1)
        form = rng.choice([pa.list_, pa.large_list, pa.list_])
        most = rng.choice([1, 2, 5, 30])
        return form(t), nullable(rng, lambda i: [make(i) for _ in range(rng.randrange(most + 1))])
    if roll < 0.89:
        t, make = kind(rng, depth + 1)
        size = rng.choice([1, 2, 3])
        return pa.list_(t, size), (lambda i: [make(i) for _ in range(size)])
    if roll < 0.95:
        parts = [(f"p{n}", *kind(rng, depth + 1)) for n in range(rng.randint(1, 3))]
        return pa.struct([pa.field(n, t) for n, t, _ in parts]), nullable(rng, lambda i: {n: m(i) for n, _, m in parts})
    t, make = kind(rng, depth + 1)
    return pa.map_(pa.string(), t), nullable(rng, lambda i: [(f"k{n}", make(i)) for n in range(rng.randrange(4))])


def nullable(rng, make):
    """Nulls nowhere, rarely, often, in runs or everywhere."""
    style = rng.randrange(7)
    share = rng.choice([0.02, 0.3, 0.9])
    if style < 2:
        return make
    if style == 2:
        return lambda i: None
    if style == 3:
        return lambda i: None if i // 50 % 2 else make(i)
    return lambda i: None if rng.random() < share else make(i)


def arrays(rng, rows, count):
    made = {}
    for number in range(count):
        for _ in range(20):
            t, make = kind(rng)
            values = [make(i) for i in range(rows)]
            try:
                if isinstance(t, pa.BaseExtensionType):
                    made[f"c{number}"] = t.wrap_array(pa.array(values, t.storage_type))
                elif pa.types.is_float16(t):
                    import numpy as np
                    made[f"c{number}"] = pa.array([None if v is None else np.float16(v) for v in values], t)
                else:
                    made[f"c{number}"] = pa.array(values, t)
                break
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError, TypeError, OverflowError, ValueError):
                continue
    return made


def encodings(rng, t):
    name, t = str(t), t
    if pa.types.is_dictionary(t) or isinstance(t, pa.BaseExtensionType) or pa.types.is_nested(t) or pa.types.is_null(t):
        return []
    if pa.types.is_boolean(t):
        return ["PLAIN", "RLE"]
    if pa.types.is_float16(t) or pa.types.is_fixed_size_binary(t) or pa.types.is_decimal(t):
        return ["PLAIN", "BYTE_STREAM_SPLIT", "DELTA_BYTE_ARRAY"]
    if pa.types.is_floating(t):
        return ["PLAIN", "BYTE_STREAM_SPLIT"]
    if pa.types.is_string(t) or pa.types.is_binary(t) or name in ("large_string", "large_binary", "string_view", "binary_view"):
        return ["PLAIN", "DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY"]
    return ["PLAIN", "DELTA_BINARY_PACKED", "BYTE_STREAM_SPLIT"]


def by_pyarrow(rng, path):
    rows = rng.choice(COUNTS)
    columns = arrays(rng, rows, rng.randint(1, 6))
    if not columns:
        columns = {"n": pa.array(range(rows))}
    table = pa.table(columns)
    options = {
        "compression": rng.choice(["none", "snappy", "gzip", "brotli", "zstd", "lz4"]), "data_page_version": rng.choice(["1.0", "2.0"]),
        "version": rng.choice(["1.0", "2.4", "2.6"]), "data_page_size": rng.choice([None, 1, 60, 1000]), "write_batch_size": rng.choice([1, 5, 1024]),
        "write_page_checksum": rng.random() < 0.3, "write_page_index": rng.random() < 0.3, "store_schema": rng.random() < 0.6,
        "write_statistics": rng.random() < 0.7, "use_byte_stream_split": False, "dictionary_pagesize_limit": rng.choice([None, 30]),
        "store_decimal_as_integer": rng.random() < 0.4, "use_compliant_nested_type": rng.random() < 0.7,
    }
    if rng.random() < 0.5:
        options["column_encoding"] = {n: rng.choice(e) for n, c in columns.items() if (e := encodings(rng, c.type))} or None
        if options["column_encoding"]:
            options["use_dictionary"] = [n for n in columns if n not in options["column_encoding"]]
        else:
            options.pop("column_encoding")
    else:
        options["use_dictionary"] = rng.random() < 0.6
    if rng.random() < 0.15:
        options["use_deprecated_int96_timestamps"] = True
    groups = rng.choice([None, 1, 3, 50, 1000])
    if groups == 1 and rows > 100:
        groups = 30
    for _ in range(4):
        try:
            with pq.ParquetWriter(path, table.schema, **options) as writer:
                if rng.random() < 0.2:
                    writer.write_table(table.slice(0, 0))
                writer.write_table(table, groups)
                if rng.random() < 0.2:
                    writer.write_table(table.slice(0, 0))
                if rng.random() < 0.2:
                    writer.write_table(table.slice(0, 3))
            return
        except (OSError, pa.ArrowException, ValueError, TypeError) as error:
            options.pop("column_encoding", None)
            options["use_dictionary"] = True
            if "version" in str(error) or "ns" in str(error) or "1.0" in str(error):
                options["version"] = "2.6"
            last = error
    raise last


def by_pandas(rng, path):
    import pandas as pd
    rows = rng.choice(COUNTS)
    made = {n: c.to_pandas() for n, c in arrays(rng, rows, rng.randint(1, 5)).items() if not pa.types.is_nested(c.type)}
    made["own"] = pd.array([rng.choice([None, rng.randrange(-9, 9)]) for _ in range(rows)], rng.choice(["Int64", "Int8", "Float64"]))
    made["word"] = pd.Categorical([rng.choice(["a", "é", None]) for _ in range(rows)])
    made["flag"] = pd.array([rng.choice([None, True, False]) for _ in range(rows)], "boolean")
    pd.DataFrame(made).to_parquet(path, engine="pyarrow", compression=rng.choice([None, "snappy", "gzip", "brotli", "zstd", "lz4"]), index=rng.choice([None, True, False]))


def by_polars(rng, path):
    import polars as pl
    rows = rng.choice(COUNTS)
    frame = None
    for _ in range(20):
        columns = arrays(rng, rows, rng.randint(1, 5))
        try:
            frame = pl.from_arrow(pa.table(columns))
            break
        except BaseException:
            continue
    if frame is None or not frame.width:
        frame = pl.DataFrame({"n": range(rows), "wide": pl.Series([rng.randint(-2**70, 2**70) for _ in range(rows)], dtype=pl.Int128)})
    frame.write_parquet(path, compression=rng.choice(["uncompressed", "snappy", "gzip", "brotli", "zstd", "lz4"]), row_group_size=rng.choice([None, 1 if rows < 100 else 40, 7 if rows < 100 else 90, 100]),
                        statistics=rng.choice([True, False, "full"]), data_page_size=rng.choice([None, 10, 500]))


def by_duckdb(rng, path):
    import duckdb
    columns = {n: c for n, c in arrays(rng, rng.choice(COUNTS), rng.randint(1, 5)).items()}
    table = pa.table(columns or {"n": pa.array([1])})
    codec = rng.choice(["uncompressed", "snappy", "gzip", "brotli", "zstd", "lz4_raw"])
    more = rng.choice(["", ", dictionary_size_limit 1", ", string_dictionary_page_size_limit 20", ", row_group_size 2048"])
    while True:
        try:
            con = duckdb.connect()
            con.register("t", table)
            con.execute(f"copy t to '{path}' (format parquet, codec '{codec}', parquet_version '{rng.choice(['v1', 'v2'])}'{more})")
            return
        except duckdb.Error as error:
            if len(table.column_names) > 1:
                table = table.drop_columns([table.column_names[-1]])
            else:
                table = pa.table({"n": pa.array([1, None, 3])})


def by_fastparquet(rng, path):
    import fastparquet, pandas as pd
    rows = rng.choice([n for n in COUNTS if n])
    def some(make, share):
        return [None if rng.random() < share else make(i) for i in range(rows)]
    frame = pd.DataFrame({
        "n": [rng.randint(-2**62, 2**62) for _ in range(rows)], "x": [rng.choice([math.nan, rng.random()]) for _ in range(rows)],
        "t": some(lambda i: rng.choice(["", "é", "long " * 30]), rng.choice([0, 0.3])), "flag": [rng.random() < 0.5 for _ in range(rows)],
        "b": np_bytes(rng, rows), "at": pd.to_datetime([rng.choice([None, 10**18 + rng.randrange(10**17)]) for _ in range(rows)]),
        "kind": pd.Categorical([rng.choice(["a", "b", "c"]) for _ in range(rows)]), "small": pd.array([rng.randrange(-128, 128) for _ in range(rows)], "int8"),
        "big": pd.array([rng.randrange(2**63) for _ in range(rows)], "uint64"), "maybe": pd.array([rng.choice([None, i]) for i in range(rows)], rng.choice(["Int64", "Int32", "UInt8"]) if rows < 200 else "Int64"),
    })
    frame = frame[[c for c in frame.columns if rng.random() < 0.7 or c == "n"]]
    fastparquet.write(path, frame, compression=rng.choice([None, "SNAPPY", "GZIP", "BROTLI", "ZSTD", "LZ4_RAW"]), has_nulls=rng.choice([True, "infer", None]),
                      stats=rng.choice([True, False, "auto"]), **({"row_group_offsets": 40} if rng.random() < 0.4 else {}), **({"times": "int96"} if rng.random() < 0.4 else {}))


def np_bytes(rng, rows):
    return [rng.randbytes(rng.randrange(5)) for _ in range(rows)]


def by_its_writer(path):
    """What fastparquet reads of a file that states by truth values whether columns may have nulls, which pyarrow passes over; else nothing."""
    import fastparquet
    file = fastparquet.ParquetFile(path)
    if not any(isinstance(element.repetition_type, bool) for element in file.fmd.schema):
        return None
    return pa.Table.from_pandas(file.to_pandas(), preserve_index=False)


WRITERS = (by_pyarrow, by_pyarrow, by_pyarrow, by_pandas, by_polars, by_duckdb, by_fastparquet)


def main():
    program = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else ".build/release/pixelbytes")
    files, first = (int(sys.argv[i]) if len(sys.argv) > i else d for i, d in ((2, 350), (3, 1)))
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(f"{folder}/in")
        os.makedirs(f"{folder}/out")
        failed = {}
        for number in range(first, first + files):
            rng = random.Random(number)
            write = WRITERS[number % len(WRITERS)]
            path = f"{folder}/in/{write.__name__[3:]}-{number}.parquet"
            try:
                write(rng, path)
            except KeyboardInterrupt:
                raise
            # A panic of Rust is no Exception.
            except BaseException as error:
                failed.setdefault(f"{write.__name__}: {type(error).__name__} {str(error).splitlines()[0][:150]}", []).append(number)
                if os.path.exists(path):
                    os.remove(path)
        for fault, numbers in failed.items():
            print(f"not written: {fault} ({len(numbers)})")
        with open(f"{folder}/read.pxb", "w") as file:
            file.write(parquet_check.SCRIPT)
        run = subprocess.run([program, "run", "read.pxb"], cwd=folder, capture_output=True, text=True)
        if run.returncode:
            sys.exit(run.stdout + run.stderr)
        counts, bad = {}, []
        for name in sorted(os.listdir(f"{folder}/in")):
            writer = name.split("-")[0]
            done, values, wrong = counts.get(writer, (0, 0, 0))
            file = pq.ParquetFile(f"{folder}/in/{name}")
            try:
                right = readable(file) if writer != "fastparquet" else by_its_writer(f"{folder}/in/{name}") or readable(file)
            except Exception as error:
                print(f"{name}: pyarrow does not read it: {str(error).splitlines()[0][:150]}")
                continue
            with open(f"{folder}/out/{name}.json") as text:
                found = json.load(text)
            faults = [found["error"]] if "error" in found else [f"table and data set differ in {found['differ'][:3]}"] if found["differ"] else []
            sizes = [file.metadata.row_group(g).num_rows for g in range(file.num_row_groups)]
            if "error" not in found and len(found["rows"]) != sum(sizes):
                faults.append(f"{len(found['rows'])} rows, not {sum(sizes)}")
            for column in right.column_names if not faults else []:
                start, first_fault = 0, None
                if column not in found["columns"]:
                    faults.append(f"{column} is missing: {right[column].type}")
                    continue
                for size in sizes:
                    try:
                        values_right = expected(right[column].slice(start, size), right[column].type)
                    except Exception as error:
                        faults.append(f"{column}: {right[column].type} is not known to this script: {error!r}")
                        break
                    for row, value in enumerate(values_right, start):
                        values += 1
                        own = found["rows"][row].get(column)
                        # What pandas takes for missing stands in the file as a value.
                        isMissing = writer == "fastparquet" and value is None and (own == NAT or own != own)
                        if not isMissing and not same(own, value):
                            wrong += 1
                            if first_fault is None:
                                first_fault = f"row {row}, {column} {right[column].type}: {own!r} is not {value!r}"[:600]
                    start += size
                if first_fault:
                    faults.append(first_fault)
            counts[writer] = (done + 1, values, wrong)
            bad += [f"{name}: {fault}" for fault in faults[:3]]
            if faults:
                os.makedirs("differ", exist_ok=True)
                shutil.copy(f"{folder}/in/{name}", f"differ/{name}")
        print("\n".join(bad[:80] + sorted(parquet_check.REFUSED)))
        for writer, (done, values, wrong) in sorted(counts.items()):
            print(f"{writer}: {done} files, {values} values, {wrong} differ")
        sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
