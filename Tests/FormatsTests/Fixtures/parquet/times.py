"""Writes times.parquet, whose columns are dates, times, moments and durations of every unit at their bounds, and their texts."""
import datetime, json, os
import pyarrow as pa
import pyarrow.parquet as pq

os.chdir(os.path.dirname(os.path.abspath(__file__)))
EPOCH = datetime.date(1970, 1, 1)
UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
# By hand, beyond Python's years: the year 0 is a leap year.
FAR = {-719163: "0000-12-31", -719468: "0000-03-01", -719469: "0000-02-29", -719528: "0000-01-01",
       -719529: "-0001-12-31", 2932897: "10000-01-01"}


def date(day):
    return FAR.get(day) or (EPOCH + datetime.timedelta(day)).isoformat().rjust(10, "0")


def fraction(rest, unit):
    digits = {"s": "", "ms": f"{rest:03}", "us": f"{rest:06}", "ns": f"{rest:09}"}[unit].rstrip("0")
    return "." + digits if digits else ""


def time(count, unit):
    seconds, rest = divmod(count, UNITS[unit])
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{fraction(rest, unit)}"


def moment(count, unit):
    day, rest = divmod(count, 86400 * UNITS[unit])
    return date(day) + "T" + time(rest, unit)


def duration(count, unit):
    seconds, rest = divmod(abs(count), UNITS[unit])
    days, hours, minutes, seconds = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60, seconds % 60
    tail = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    tail += f"{seconds}{fraction(rest, unit)}S" if seconds or rest else ""
    text = "P" + (f"{days}D" if days else "") + ("T" + tail if tail else "")
    return ("-" if count < 0 else "") + (text if text != "P" else "PT0S")


days = sorted(FAR) + [-719162, -25567, -25508, -1, 0, 1, 58, 59, 365, 789, 10956, 11016, 11017, 19782, 2932896]
counts = [0, 1, -1, 59, 60, 61, 3599, 3600, 3661, 86399, 86400, 86401, -86399, -86400, -86401, 90061, 951782400, -2208988800]
n = len(days)
counts = (counts * 2)[:n]
columns, texts = {"day": pa.array(days, pa.date32())}, {"day": [date(d) for d in days]}
near = [d if -3650000 < d < 3650000 else 0 for d in days]
columns["day64"] = pa.array([d * 86400000 for d in days], pa.int64()).cast(pa.date64())
texts["day64"] = texts["day"]
for unit, second in UNITS.items():
    many = [c * second + (k * second // 8 if second > 1 else 0) % second for k, c in enumerate(counts)]
    if unit != "s":
        columns["at_" + unit] = pa.array(many, pa.int64()).cast(pa.timestamp(unit))
        texts["at_" + unit] = [moment(c, unit) for c in many]
        columns["zone_" + unit] = pa.array(many, pa.int64()).cast(pa.timestamp(unit, "UTC"))
        texts["zone_" + unit] = [moment(c, unit) + "Z" for c in many]
        kind = pa.time32(unit) if unit == "ms" else pa.time64(unit)
        clock = [c % (86400 * second) for c in many]
        columns["clock_" + unit] = pa.array(clock, pa.int32() if unit == "ms" else pa.int64()).cast(kind)
        texts["clock_" + unit] = [time(c, unit) for c in clock]
    columns["span_" + unit] = pa.array(many, pa.int64()).cast(pa.duration(unit))
    texts["span_" + unit] = [duration(c, unit) for c in many]
pq.write_table(pa.table(columns), "times.parquet", version="2.6", write_statistics=False)
with open("times.json", "w", encoding="utf-8") as file:
    rows = [json.dumps({name: texts[name][k] for name in texts}) for k in range(n)]
    file.write("[\n" + ",\n".join(rows) + "\n]\n")
