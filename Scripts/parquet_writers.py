"""Writes parquet files with pyarrow and other programs, and byte by byte as those do that are not at hand, for `Scripts/parquet_check.py`.

Each function writes files into a folder; one whose program is not installed raises `ImportError`.
"""
import datetime, decimal, json, math, os, uuid

import pyarrow as pa
import pyarrow.parquet as pq

import parquet_bytes as raw

UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
ROWS = 40


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


def bytes_files(folder):
    F, text = raw.Field, raw.UTF8
    utc_us = raw.thrift((8, "struct", raw.thrift((1, "bool", True), (2, "struct", raw.thrift((2, "struct", b"\0"))))))
    nanos = raw.thrift((8, "struct", raw.thrift((1, "bool", False), (2, "struct", raw.thrift((3, "struct", b"\0"))))))
    julian = lambda i: (i * 1000003 % 86400 * 10**9 + i).to_bytes(8, "little") + (2440588 + i * 37).to_bytes(4, "little")
    some = lambda i, value: None if i % 7 == 3 else value
    flat = [F("flag", raw.BOOLEAN), F("small", raw.INT32), F("large", raw.INT64), F("old", raw.INT96), F("single", raw.FLOAT), F("double", raw.DOUBLE),
            F("t", raw.BYTES, converted=text), F("raw", raw.BYTES), F("fixed", raw.FIXED, width=5), F("day", raw.INT32, converted=raw.DATE),
            F("price", raw.INT32, converted=raw.DECIMAL, scale=2, precision=9), F("exact", raw.FIXED, width=9, converted=raw.DECIMAL, scale=3, precision=20),
            F("at", raw.INT64, logical=utc_us), F("fine", raw.INT64, logical=nanos), F("must", raw.INT64, repetition=0)]
    rows = [{"flag": some(i, i % 3 == 0), "small": some(i, [2**31 - 1, -2**31, i][i % 3]), "large": some(i, [2**63 - 1, -2**63, 2**53 + 1, i][i % 4]), "old": some(i, julian(i)),
             "single": some(i, i / 8), "double": some(i, i / 3), "t": some(i, ["", "né", f"a path/{i // 5}/{i}"][i % 3].encode()), "raw": some(i, bytes([i, 255])),
             "fixed": some(i, b"%05d" % i), "day": some(i, i * 400 - 3000), "price": some(i, i * 7 - 100), "exact": some(i, (i * 10**17 - 5).to_bytes(9, "big", signed=True)),
             "at": some(i, 1706702400123456 + i), "fine": some(i, 1706702400123456789 + i), "must": i * i} for i in range(150)]
    spark = [("org.apache.spark.version", "3.5.1"), ("org.apache.spark.sql.parquet.row.metadata", json.dumps({"type": "struct", "fields": [{"name": f.name, "type": "string", "nullable": True, "metadata": {}} for f in flat]}))]
    names = ["small", "large", "t", "raw", "double"]
    hadoop = {"root": "spark_schema", "writer": "parquet-mr version 1.13.1 (build db4183109d5b734ec5930d870cdae161e408ddba)", "metadata": spark, "statistics": True, "states": (raw.BIT_PACKED, raw.RLE)}
    fallback = {n: [raw.PLAIN_DICTIONARY, raw.PLAIN_DICTIONARY, raw.PLAIN] for n in names}
    modern = {"flag": raw.RLE, "small": raw.DELTA, "large": raw.DELTA, "t": raw.DELTA_BYTES, "raw": raw.DELTA_LENGTH, "fixed": raw.DELTA_BYTES, "day": raw.DELTA, "at": raw.DELTA, "exact": raw.DELTA_BYTES,
              "must": raw.DELTA}
    go = {"small": raw.DELTA, "large": raw.DELTA, "t": raw.DELTA_LENGTH, "raw": raw.DICTIONARY, "single": raw.SPLIT, "double": raw.SPLIT, "must": raw.DELTA, "fine": raw.DELTA}
    for codec in (0, 1, 2, 6, 7):
        for page in (None, 40, 1):
            one = {"codec": codec, "page": page}
            raw.write(f"{folder}/bytes-spark-{codec}-{page}.parquet", flat, rows, encodings=fallback, **one, **hadoop)
            raw.write(f"{folder}/bytes-spark2-{codec}-{page}.parquet", flat, rows, encodings={**modern, "double": [raw.DICTIONARY, raw.PLAIN]}, pages=2, group=70, **one, **hadoop)
            raw.write(f"{folder}/bytes-go-{codec}-{page}.parquet", flat, rows, encodings=go, pages=2, index=True, bloom=True, checksums=True, loose=codec == 1,
                      root="row", writer="github.com/parquet-go/parquet-go version 0.25.0(build )", **one)
            raw.write(f"{folder}/bytes-go1-{codec}-{page}.parquet", flat, rows, encodings={n: raw.DICTIONARY for n in names}, index=True, root="Parquet_go_root", delta={"block": 256, "parts": 8}, **one)
            raw.write(f"{folder}/bytes-impala-{codec}-{page}.parquet", flat, rows, encodings={n: raw.PLAIN_DICTIONARY for n in names}, states=(raw.BIT_PACKED, raw.RLE),
                      writer="impala version 2.2.0-cdh5.4.3 (build 517bb0f71cd604a00369254ac6d88394df83e0f6)", root="schema", noDictionaryPlace=True, emptyLists=True, **one)
    raw.write(f"{folder}/bytes-old.parquet", flat, rows, encodings=fallback, page=50, shortSizes=True, noDictionaryPlace=True, writer="parquet-mr version 1.2.8 (build x)", codec=1)
    raw.write(f"{folder}/bytes-empty.parquet", flat, [], **hadoop)
    raw.write(f"{folder}/bytes-nulls.parquet", flat[:-1], [{} for _ in range(30)], page=10, codec=1, **hadoop)
    # Lists and maps in the forms of each time.
    L, M, K = {"converted": raw.LIST}, {"converted": raw.MAP}, {"converted": raw.MAP_KEY_VALUE}
    number, word = F("element", raw.INT32), F("element", raw.BYTES, converted=text)
    pair = [F("key", raw.BYTES, 0, converted=text), F("value", raw.INT64)]
    nested = [
        F("spark", children=[F("list", repetition=2, children=[number])], **L), F("hive", children=[F("bag", repetition=2, children=[F("array_element", raw.INT32)])], **L),
        F("avro", children=[F("array", raw.INT32, 2)], **L), F("thrift", children=[F("thrift_tuple", raw.INT32, 2)], **L),
        F("structs", children=[F("array", repetition=2, children=[F("x", raw.INT32), F("y", raw.BYTES, converted=text)])], **L),
        F("single", children=[F("array", repetition=2, children=[F("x", raw.INT32)])], **L), F("tuples", children=[F("tuples_tuple", repetition=2, children=[F("x", raw.INT32)])], **L),
        F("proto", raw.INT64, 2), F("messages", repetition=2, children=[F("id", raw.INT32, 0), F("tags", raw.BYTES, 2, converted=text)]),
        F("map", children=[F("map", repetition=2, children=pair, **K)], **M), F("oldmap", children=[F("map", repetition=2, children=pair)], **K),
        F("newmap", children=[F("key_value", repetition=2, children=pair)], **M),
        F("deep", children=[F("list", repetition=2, children=[F("element", children=[F("list", repetition=2, children=[word])], **L)])], **L),
        F("twice", children=[F("array", repetition=2, children=[F("array", raw.INT32, 2)], **L)], **L), F("part", children=[F("a", raw.INT32), F("b", children=[F("c", raw.DOUBLE)])]),
    ]
    def lists(i):
        if i % 5 == 4:
            return {}
        own = list(range(i % 4))
        pairs = [{"key": b"k%d" % n, "value": None if n % 2 else n} for n in own]
        return {"spark": {"list": [{"element": None if n == 2 else n} for n in own]}, "hive": {"bag": [{"array_element": n} for n in own]}, "avro": {"array": own}, "thrift": {"thrift_tuple": own},
                "structs": {"array": [{"x": n, "y": b"y" if n else None} for n in own]}, "single": {"array": [{"x": n} for n in own]}, "tuples": {"tuples_tuple": [{"x": None if n else 5} for n in own]},
                "proto": own, "messages": [{"id": n, "tags": [b"t"] * n} for n in own], "map": {"map": pairs}, "oldmap": {"map": pairs}, "newmap": {"key_value": pairs},
                "deep": {"list": [{"element": None if n == 1 else {"list": [{"element": b"w%d" % m} for m in range(n)]}} for n in own]},
                "twice": {"array": [{"array": list(range(n))} for n in own]}, "part": {"a": i, "b": None if i % 2 else {"c": i / 2}}}
    for version in (1, 2):
        for page in (None, 7):
            for field in nested:
                one = [{field.name: lists(i).get(field.name)} for i in range(40)]
                raw.write(f"{folder}/bytes-{field.name}-{version}-{page}.parquet", [field], one, pages=version, page=page if version == 1 else None, codec=1, writer="parquet-mr version 1.8.1 (build x)")
            raw.write(f"{folder}/bytes-nested-{version}-{page}.parquet", nested, [lists(i) for i in range(60)], pages=version, page=page if version == 1 else None, group=25, **{**hadoop, "states": (raw.RLE, raw.RLE)})


def datafusion_files(folder):
    import datafusion
    context = datafusion.SessionContext()
    for nullable in (False, True):
        arrays = {n: pa.array(v, t) for n, (t, v) in columns(nullable).items() if n not in ("null", "uuid")}
        context.register_record_batches(f"t{nullable}", [pa.table(arrays).to_batches()])
        for codec in ("uncompressed", "snappy", "gzip(6)", "brotli(3)", "zstd(3)", "lz4_raw"):
            for version in ("1.0", "2.0"):
                for more in ("", ", dictionary_enabled false", ", bloom_filter_on_write true, statistics_enabled page", ", encoding delta_binary_packed, dictionary_enabled false"):
                    name = f"{folder}/datafusion-{codec.split('(')[0]}-{version}-{nullable}-{len(more)}.parquet"
                    chosen = "*" if "delta" not in more else "int32, int64, uint64"
                    try:
                        context.sql(f"copy (select {chosen} from t{nullable}) to '{name}' stored as parquet options (compression '{codec}', writer_version '{version}'{more})").collect()
                    except BaseException as error:
                        print(f"DataFusion does not write {codec} {version}{more}: {str(error).splitlines()[0][:200]}")


def chdb_files(folder):
    import chdb
    query = """select number as n, toUInt64(18446744073709551615 - number) as big, toFloat32(number / 8) as single, number / 7 as x, if(number % 5 = 0, null, concat('né ', toString(number))) as t,
      number % 3 = 0 as flag, toDate('2024-01-31') + number as day, toDateTime('2024-01-31 12:00:00', 'UTC') + number as at, toDateTime64('2024-01-31 12:00:00.250', 3, 'UTC') as fine,
      toDecimal32(number / 4, 2) as price, toDecimal128(number / 4, 10) as exact, [number, 7] as list, map('k', number) as pairs, tuple(number, 'x')::Tuple(a UInt64, b String) as part,
      toFixedString('abc', 3) as fixed, toInt8(number) as byte, generateUUIDv4() as id, toInt128(number) * toInt128('1000000000000000000000') as wide, toDate32('1930-01-01') as early from numbers(40)"""
    for codec in ("none", "snappy", "gzip", "brotli", "zstd", "lz4"):
        for own in (0, 1):
            chdb.query(f"insert into function file('{folder}/chdb-{codec}-{own}.parquet', 'Parquet') {query} settings output_format_parquet_compression_method = '{codec}', output_format_parquet_use_custom_encoder = {own}")


def spark_files(folder):
    from pyspark.sql import SparkSession
    import pyspark.sql.functions as f
    spark = SparkSession.builder.master("local[1]").config("spark.log.level", "OFF").config("spark.ui.enabled", "false").config("spark.sql.session.timeZone", "UTC").config("spark.sql.shuffle.partitions", "1").getOrCreate()
    i = f.col("i")
    frame = spark.range(150).withColumnRenamed("id", "i").select(
        i, i.cast("int").alias("small"), (i % 100).cast("byte").alias("byte"), i.cast("short").alias("short"), (i / 7).alias("x"), (i / 8).cast("float").alias("single"),
        f.when(i % 5 == 0, None).otherwise(f.concat(f.lit("né "), i.cast("string"))).alias("t"), (i % 3 == 0).alias("flag"), f.expr("date_add(date'2024-01-31', cast(i as int))").alias("day"),
        f.expr("timestamp'2024-01-31 12:00:00.25' + make_interval(0,0,0,0,0,cast(i as int))").alias("at"), f.expr("timestamp_ntz'2024-01-31 12:00:00.25'").alias("local"),
        (i / 4).cast("decimal(9,2)").alias("price"), (i / 4).cast("decimal(18,3)").alias("longer"), (i / 4).cast("decimal(30,4)").alias("exact"), f.expr("cast(concat('row ', i) as binary)").alias("raw"),
        f.array(i, f.lit(None)).alias("list"), f.expr("array(array(i, 1), array())").alias("lists"), f.struct(i.alias("a"), f.lit("x").alias("b")).alias("part"),
        f.create_map(f.lit("k"), i).alias("pairs"), f.expr("array(struct(i as a, map('z', array(i)) as m))").alias("deep"), f.lit(None).cast("string").alias("nothing"))
    for codec in ("uncompressed", "snappy", "gzip", "zstd", "lz4", "lz4_raw", "brotli"):
        for kind in ("INT96", "TIMESTAMP_MICROS", "TIMESTAMP_MILLIS"):
            for version in ("v1", "v2"):
                for legacy in ("false", "true"):
                    spark.conf.set("spark.sql.parquet.outputTimestampType", kind)
                    spark.conf.set("spark.sql.parquet.writeLegacyFormat", legacy)
                    target = f"{folder}/../spark-out"
                    try:
                        frame.coalesce(1).write.mode("overwrite").option("compression", codec).option("parquet.writer.version", version).option("parquet.page.size", "1000").option("parquet.enable.dictionary", legacy).parquet(target)
                    except Exception as error:
                        print(f"Spark does not write {codec}: {str(error).splitlines()[0][:120]}")
                        continue
                    for name in os.listdir(target):
                        if name.endswith(".parquet"):
                            os.rename(f"{target}/{name}", f"{folder}/spark-{codec}-{kind}-{version}-{legacy}.parquet")
    spark.stop()


WRITERS = (pyarrow_files, pandas_files, polars_files, duckdb_files, bytes_files, datafusion_files, chdb_files, spark_files)
