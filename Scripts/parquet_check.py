"""Reads parquet files that other programs write with this one and with pyarrow, and compares every value.

    python Scripts/parquet_check.py [PROGRAM [WRITER ...]]

Files are written by pyarrow, byte by byte as Spark, Hive, Impala, Avro, Thrift and parquet-go write them (`parquet_writers.py`, `parquet_bytes.py`), and by pandas,
polars, DuckDB, fastparquet, DataFusion, ClickHouse and Spark where they are installed: every type with every compression, both versions of
pages, with and without dictionaries and nulls, in one row group and in several. Each is read as a table and as a data set, which must
agree. What a value should be is said by `expected`: dates, times and durations as ISO 8601 writes them, numbers where a double holds
them, else their digits.
"""
import datetime, json, math, os, subprocess, sys, tempfile, uuid

import pyarrow as pa
import pyarrow.parquet as pq

import parquet_writers
from parquet_writers import UNITS

PROGRAM = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else ".build/release/pixelbytes")
REFUSED = set()


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


def exact(v, kind):
    """A decimal as a number of at most 15 digits, a whole one as far as doubles count, and as a text beyond."""
    if kind.precision <= 15 and kind.scale <= 15:
        return float(v)
    if v == int(v) and abs(v) <= 2**53:
        return int(v)
    # Not by `normalize`, which rounds to the digits of its context.
    isShort = v != int(v) and len("".join(map(str, v.as_tuple().digits)).strip("0")) <= 15
    return float(v) if isShort else f"{v:.{kind.scale}f}"


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
            column = column.cast(pa.list_(pa.struct([pa.field("key", kind.key_type, False), pa.field("value", kind.item_type)])))
        elif t.is_fixed_size_list(kind):
            column = column.cast(pa.list_(kind.value_type))
        values, lists, place = expected(column.flatten(), column.type.value_type), [], 0
        for one in column.to_pylist():
            lists.append(None if one is None else values[place:place + len(one)])
            place += len(one or [])
        keys = kind.key_type if t.is_map(kind) else None
        # Maps whose keys are texts have a value under each.
        isNamed = keys is not None and not any(f(keys) for f in [t.is_integer, t.is_decimal, t.is_floating, t.is_boolean])
        if isNamed and all(isinstance(pair["key"], str) for one in lists if one for pair in one):
            return [None if one is None else {pair["key"]: pair["value"] for pair in one} for one in lists]
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
        return each(lambda v: exact(v, kind), column.to_pylist())
    if t.is_integer(kind):
        return each(whole, column.to_pylist())
    if t.is_floating(kind):
        return each(float, column.to_pylist())
    if t.is_binary(kind) or t.is_large_binary(kind) or t.is_binary_view(kind) or t.is_fixed_size_binary(kind):
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


def readable(file):
    """The columns of a file that pyarrow reads; the others are told."""
    try:
        return file.read()
    except Exception:
        columns = {}
        for name in file.schema_arrow.names:
            try:
                columns[name] = file.read(columns=[name])[name]
            except Exception as error:
                REFUSED.add(f"pyarrow does not read {name}: {str(error).splitlines()[0]}")
        return pa.table(columns)


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(f"{folder}/in")
        os.makedirs(f"{folder}/out")
        for write in parquet_writers.WRITERS:
            if sys.argv[2:] and write.__name__.removesuffix("_files") not in sys.argv[2:]:
                continue
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
            right = readable(pq.ParquetFile(f"{folder}/in/{name}"))
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
        print("\n".join(bad[:60] + sorted(REFUSED)))
        for writer, (files, values, wrong) in sorted(counts.items()):
            print(f"{writer}: {files} files, {values} values, {wrong} differ")
        sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
