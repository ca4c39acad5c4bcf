"""Writes, byte by byte, the files of this folder that are as other writers make them, and beside each its rows as JSON."""
import base64, datetime, json, os, sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "../../../../Scripts"))
os.chdir(here)
import pyarrow as pa
import pyarrow.parquet as pq
import parquet_bytes as raw
from parquet_check import expected

F = raw.Field
L, M, K, text = {"converted": raw.LIST}, {"converted": raw.MAP}, {"converted": raw.MAP_KEY_VALUE}, raw.UTF8


def save(name, rows):
    with open(name + ".json", "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n")


def told(name):
    """The rows as pyarrow reads them."""
    table = pq.read_table(name + ".parquet")
    columns = [expected(table[c], table[c].type) for c in table.column_names]
    save(name, [dict(zip(table.column_names, row)) for row in zip(*columns)])


# As Spark and Hive: dictionaries that are given up after some pages, levels that a column does not have stated as packed, timestamps of 96
# bits, statistics of both kinds, lists and maps of the old forms.
pair = [F("key", raw.BYTES, 0, converted=text), F("value", raw.INT64)]
fields = [
    F("small", raw.INT32), F("t", raw.BYTES, converted=text), F("at", raw.INT96), F("price", raw.FIXED, width=9, converted=raw.DECIMAL, scale=3, precision=20),
    F("hive", children=[F("bag", repetition=2, children=[F("array_element", raw.INT32)])], **L), F("avro", children=[F("array", raw.INT32, 2)], **L),
    F("tuples", children=[F("tuples_tuple", repetition=2, children=[F("x", raw.INT32)])], **L), F("proto", raw.INT64, 2),
    F("map", children=[F("map", repetition=2, children=pair, **K)], **M), F("old", children=[F("map", repetition=2, children=pair)], **K),
]
rows = []
for i in range(12):
    own = list(range(i % 4))
    pairs = [{"key": b"k%d" % n, "value": None if n % 2 else n} for n in own]
    rows.append({} if i % 5 == 4 else {
        "small": i, "t": b"a red cat" if i < 9 else b"cat %d" % i, "at": (i * 3600 * 10**9 + i).to_bytes(8, "little") + (2440588 + i).to_bytes(4, "little"), "price": (i * 10**16 - 5).to_bytes(9, "big", signed=True),
        "hive": {"bag": [{"array_element": n} for n in own]}, "avro": {"array": own}, "tuples": {"tuples_tuple": [{"x": n} for n in own]}, "proto": own, "map": {"map": pairs}, "old": {"map": pairs}})
raw.write("hadoop.parquet", fields, rows, root="spark_schema", writer="parquet-mr version 1.13.1 (build x)", metadata=[("org.apache.spark.version", "3.5.1")], statistics=True, page=5,
          encodings={"t": [raw.PLAIN_DICTIONARY, raw.PLAIN], "small": [raw.PLAIN_DICTIONARY, raw.PLAIN]}, emptyLists=True)
told("hadoop")

# As parquet-go: differences, pages of the second version that are not compressed, an index of pages and a filter behind them.
flat = [F("n", raw.INT64, 0), F("t", raw.BYTES, converted=text), F("d", raw.DOUBLE), F("flag", raw.BOOLEAN)]
rows = [{"n": i * i - 40, "t": None if i % 4 == 3 else b"t%d" % (i // 2), "d": None if i % 5 == 2 else i / 4, "flag": i % 3 == 0} for i in range(30)]
raw.write("go.parquet", flat, rows, root="row", writer="github.com/parquet-go/parquet-go version 0.25.0(build )", pages=2, loose=True, codec=1, page=12, index=True, bloom=True, checksums=True,
          encodings={"n": raw.DELTA, "t": raw.DELTA_LENGTH, "d": raw.SPLIT, "flag": raw.RLE})
told("go")

# Levels that are there and packed, which pyarrow reads from the wrong end of each byte; and sizes that leave out a header.
lists = [F("list", children=[F("list", repetition=2, children=[F("element", raw.INT32)])], **L), F("word", raw.BYTES, converted=text)]
values = [{"list": None if i % 6 == 5 else [None if n == 2 else i + n for n in range(i % 4)], "word": None if i % 3 == 1 else f"w{i % 2}"} for i in range(20)]
rows = [{"list": None if v["list"] is None else {"list": [{"element": n} for n in v["list"]]}, "word": v["word"] and v["word"].encode()} for v in values]
raw.write("levels.parquet", lists, rows, writer="parquet-mr version 1.2.8 (build x)", states=(raw.BIT_PACKED, raw.BIT_PACKED), packs=True, page=7, shortSizes=True, noDictionaryPlace=True,
          encodings={"word": raw.PLAIN_DICTIONARY})
save("levels", values)

# What Arrow alone says about columns: days in milliseconds, moments and times in seconds, durations, whole numbers of 128 bits.
schema = pa.schema([("day", pa.date64()), ("at", pa.timestamp("s")), ("zone", pa.timestamp("s", "Europe/Paris")), ("clock", pa.time32("s")), ("span", pa.duration("ns")), ("half", pa.float16()),
                    ("wide", pa.int64()), ("wider", pa.uint64()), ("n", pa.int32())])
arrow = bytes(schema.serialize())
assert arrow.count(b"\x40\0\0\0") == 2, arrow.count(b"\x40\0\0\0")
arrow = arrow.replace(b"\x40\0\0\0", b"\x80\0\0\0")
fields = [F("day", raw.INT64), F("at", raw.INT64), F("zone", raw.INT64), F("clock", raw.INT32), F("span", raw.INT64), F("half", raw.FIXED, width=2), F("wide", raw.FIXED, width=16), F("wider", raw.FIXED, width=16),
          F("n", raw.INT32)]
wide, wider = [5, -1, 2**100, -2**127, 2**127 - 1, 2**63], [7, 0, 2**100, 2**128 - 1, 2**127, 2**64]
rows, right = [], []
for i in range(6):
    if i == 3:
        rows.append({"wide": wide[3].to_bytes(16, "little", signed=True), "wider": wider[3].to_bytes(16, "little")})
        right.append({**{f.name: None for f in fields}, "wide": str(wide[3]), "wider": str(wider[3])})
        continue
    day, at = i * 9001 - 20000, i * 86399 - 100000
    rows.append({"day": day * 86400000, "at": at, "zone": at, "clock": i * 3661, "span": i * 90061 * 10**9 + i, "half": [b"\0\x3e", b"\0\xb4"][i % 2], "wide": wide[i].to_bytes(16, "little", signed=True),
                 "wider": wider[i].to_bytes(16, "little"), "n": i})
    moment = (datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=at)).isoformat()
    whole = lambda n: n if -2**63 <= n < 2**63 else str(n)
    right.append({"day": (datetime.date(1970, 1, 1) + datetime.timedelta(days=day)).isoformat(), "at": moment, "zone": moment + "Z", "clock": f"{i * 3661 // 3600:02}:{i * 3661 // 60 % 60:02}:{i * 3661 % 60:02}",
                  "span": "PT0S" if i == 0 else f"P{i}DT{i}H{i}M{i}.00000000{i}S", "half": [1.5, -0.25][i % 2], "wide": whole(wide[i]), "wider": whole(wider[i]), "n": i})
raw.write("arrow.parquet", fields, rows, encodings={"half": raw.DELTA_BYTES, "wider": raw.DELTA_BYTES}, metadata=[("ARROW:schema", base64.b64encode(arrow).decode())])
save("arrow", right)

# A column too deep to be read, and one that is there twice: the others are read.
deep = F("end", raw.INT32)
for i in range(39):
    deep = F(f"s{i}", children=[deep], repetition=2 if i % 10 == 5 else 1)
def down(i):
    return {f"s{i - 1}": [down(i - 1)] if (i - 1) % 10 == 5 else down(i - 1)} if i else {"end": 7}
raw.write("deep.parquet", [F("caption", raw.BYTES, converted=text), deep, F("n", raw.INT32), F("n", raw.INT32), F("span", raw.INT64)], [{"caption": b"a cat", "s38": down(38), "n": 1, "span": 5}],
          metadata=[("ARROW:schema", base64.b64encode(bytes(pa.schema([("caption", pa.string()), ("s38", pa.int32()), ("n", pa.int32()), ("n", pa.int32()), ("span", pa.duration("s"))]).serialize())).decode())])

# The periods of pandas, which only the schema of Arrow tells, as it writes them but for the T before times; an unknown one stays a number.
counts = [0, 648, -1, 19753, None]
periods = {
    "Y-DEC": ["1970", "2618", "1969", "21723"], "Q-DEC": ["1970Q1", "2132Q1", "1969Q4", "6908Q2"], "M": ["1970-01", "2024-01", "1969-12", "3616-02"],
    "D": ["1970-01-01", "1971-10-11", "1969-12-31", "2024-01-31"], "h": ["1970-01-01T00:00:00", "1970-01-28T00:00:00", "1969-12-31T23:00:00", "1972-04-03T01:00:00"],
    "min": ["1970-01-01T00:00:00", "1970-01-01T10:48:00", "1969-12-31T23:59:00", "1970-01-14T17:13:00"],
    "s": ["1970-01-01T00:00:00", "1970-01-01T00:10:48", "1969-12-31T23:59:59", "1970-01-01T05:29:13"],
    "W-SUN": ["1969-12-22/1969-12-28", "1982-05-24/1982-05-30", "1969-12-15/1969-12-21", "2348-07-19/2348-07-25"],
    "W-MON": ["1969-12-23/1969-12-29", "1982-05-25/1982-05-31", "1969-12-16/1969-12-22", "2348-07-20/2348-07-26"],
    "W-TUE": ["1969-12-24/1969-12-30", "1982-05-26/1982-06-01", "1969-12-17/1969-12-23", "2348-07-21/2348-07-27"],
    "W-WED": ["1969-12-25/1969-12-31", "1982-05-27/1982-06-02", "1969-12-18/1969-12-24", "2348-07-22/2348-07-28"],
    "W-THU": ["1969-12-26/1970-01-01", "1982-05-28/1982-06-03", "1969-12-19/1969-12-25", "2348-07-23/2348-07-29"],
    "W-FRI": ["1969-12-27/1970-01-02", "1982-05-29/1982-06-04", "1969-12-20/1969-12-26", "2348-07-24/2348-07-30"],
    "W-SAT": ["1969-12-28/1970-01-03", "1982-05-30/1982-06-05", "1969-12-21/1969-12-27", "2348-07-25/2348-07-31"],
    "B": ["1970-01-01", "1972-06-27", "1969-12-31", "2045-09-19"],
    "Q-MAR": ["1970Q1", "2132Q1", "1969Q4", "6908Q2"],
    "Y-JUN": ["1970", "2618", "1969", "21723"],
    "2M": ["1970-01", "2024-01", "1969-12", "3616-02"],
    "3W-TUE": ["1969-12-24/1969-12-30", "1982-05-26/1982-06-01", "1969-12-17/1969-12-23", "2348-07-21/2348-07-27"],
    "5B": ["1970-01-01", "1972-06-27", "1969-12-31", "2045-09-19"],
    "2Q-JAN": ["1970Q1", "2132Q1", "1969Q4", "6908Q2"],
    "15min": ["1970-01-01T00:00:00", "1970-01-01T10:48:00", "1969-12-31T23:59:00", "1970-01-14T17:13:00"],
    "ms": ["1970-01-01T00:00:00", "1970-01-01T00:00:00.648", "1969-12-31T23:59:59.999", "1970-01-01T00:00:19.753"],
    "us": ["1970-01-01T00:00:00", "1970-01-01T00:00:00.000648", "1969-12-31T23:59:59.999999", "1970-01-01T00:00:00.019753"],
    "ns": ["1970-01-01T00:00:00", "1970-01-01T00:00:00.000000648", "1969-12-31T23:59:59.999999999", "1970-01-01T00:00:00.000019753"],
    "Q-XYZ": counts[:4],
}
note = lambda freq: {"ARROW:extension:name": "pandas.period", "ARROW:extension:metadata": json.dumps({"freq": freq})}
pq.write_table(pa.table([pa.array(counts)] * len(periods), schema=pa.schema([pa.field(freq, pa.int64(), metadata=note(freq)) for freq in periods])), "periods.parquet")
save("periods", [{freq: texts[i] if i < 4 else None for freq, texts in periods.items()} for i in range(5)])
