"""Saves random rows with the program, as data sets and as tables, and compares every value with what pyarrow and `datasets` read.

    python Scripts/parquet_saved.py [PROGRAM] [FILES] [SEED]

Each column has values of one type: numbers, whole ones of up to 64 bits too, texts, truth values, lists and maps in each other, of which some keys are missing or null, or values of
several types, which are texts of JSON. The program reads what it saved, too. A file that differs is kept in the folder `differ`.
"""
import json, math, os, random, shutil, subprocess, sys, tempfile

import datasets
import pyarrow as pa
import pyarrow.parquet as pq

SCRIPT = """
param path = ""
fn whole(row) {
  found = {}
  for name in keys(row) { found[name] = row[name] }
  return found
}
data = load_dataset(path + ".jsonl", image: nil)
save data, path
save read_table(path + ".jsonl"), path + ".parquet"
again = load_dataset(path)
write_json([[whole(row) for row in again], read_table(path + ".parquet").rows, again == data], path + ".json")
"""


def maker(rng, depth=0):
    """What makes a value of a type, and whether one type of parquet holds all of them."""
    kind = rng.choice(["whole", "long", "number", "text", "truth", "list", "map", "map", "list", "mixed"] if depth < 3 else ["whole", "long", "number", "text", "truth"])
    if kind == "whole":
        return lambda: rng.choice([0, 1, -1, rng.randint(-9, 9), 2**53, -2**53, rng.randint(-2**53, 2**53)]), True
    if kind == "long":
        least, most = rng.choice([(-2**63, 2**63 - 1), (0, 2**64 - 1)])
        return lambda: rng.choice([0, 1, 2**53 + 1, least, most, rng.randint(least, most)]), True
    if kind == "number":
        return lambda: rng.choice([0.5, 1.0, 3, -2.25, rng.random(), rng.gauss(0, 1e9), 1e300, 5e-324]), True
    if kind == "text":
        return lambda: "".join(rng.choice("ab c\"\\\n,é日🐱") for _ in range(rng.choice([0, 1, 3, 20]))), True
    if kind == "truth":
        return lambda: rng.random() < 0.5, True
    if kind == "mixed":
        return lambda: rng.choice([1, "a", True, [1, "b"], {"k": None}, 2.5]), False
    nulls = rng.choice([0, 0, 0.3])
    if kind == "list":
        make, isTyped = maker(rng, depth + 1)
        return lambda: [None if rng.random() < nulls else make() for _ in range(rng.choice([0, 1, 2, 5]))], isTyped
    # Of a key either some maps lack it or some have it as null.
    parts = [(rng.choice(["a", "b", "list", "element", "é", "x.y", "key", "_type", ""]) + str(n or ""), *maker(rng, depth + 1), rng.choice([0, 0, 0.3]), rng.choice([0, 0, 0.4]))
             for n in range(rng.randint(1, 4))]

    def structure():
        found = {}
        for name, make, _, absent, null in parts:
            if not (absent and rng.random() < absent):
                found[name] = None if not absent and rng.random() < null else make()
        return found
    return structure, all(part[2] for part in parts)


def same(one, other, isRounded=False):
    """Whether two values are one, where a key that is missing is null for pyarrow; `datasets` rounds some numbers in texts of JSON."""
    if isinstance(one, dict) and isinstance(other, dict):
        return all(same(one.get(key), other.get(key), isRounded) for key in {*one, *other})
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same(a, b, isRounded) for a, b in zip(one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    # A column of nothing but numbers that are texts is one of texts in the file of a table.
    if isinstance(one, str) and isinstance(other, int):
        return abs(other) > 2**53 and one == str(other)
    if isRounded and isinstance(one, float) and isinstance(other, (int, float)):
        return math.isclose(one, other, rel_tol=1e-12, abs_tol=1e-14)
    return one == other or isinstance(one, float) and isinstance(other, float) and math.isnan(one) and math.isnan(other)


def told(value):
    """A value as a script has it, where whole numbers from 2^53 on are texts."""
    if isinstance(value, dict):
        return {key: told(value) for key, value in value.items()}
    if isinstance(value, list):
        return [told(value) for value in value]
    return str(value) if isinstance(value, int) and abs(value) > 2**53 else value


def plain(column):
    values = column.to_pylist()
    kind = column.type
    return [None if v is None else json.loads(v) for v in values] if isinstance(kind, pa.JsonType) else values


def main():
    program = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else ".build/release/pixelbytes")
    files, seed = int((sys.argv + [0] * 3)[2] or 100), int((sys.argv + [0] * 4)[3] or 1)
    datasets.disable_progress_bars()
    values, json_columns, nested, bad = 0, 0, 0, []
    with tempfile.TemporaryDirectory() as folder:
        open(f"{folder}/x.pxb", "w").write(SCRIPT)
        for number in range(seed, seed + files):
            rng = random.Random(number)
            columns = {f"c{n}": (*maker(rng), rng.choice([0, 0, 0.2])) for n in range(rng.randint(1, 6))}
            rows = [{"caption": f"{row}", **{name: None if rng.random() < null else make() for name, (make, _, null) in columns.items()}}
                    for row in range(rng.choice([1, 2, 5, 40, 1001]))]
            path = f"{folder}/s{number}"
            open(path + ".jsonl", "w").write("".join(json.dumps(row, ensure_ascii=rng.random() < 0.5) + "\n" for row in rows))
            done = subprocess.run([program, "run", "x.pxb", "--path", f"s{number}", "--quiet"], cwd=folder, capture_output=True, text=True)
            faults = [done.stdout + done.stderr] if done.returncode else []
            if not faults:
                own_set, own_table, equal = json.load(open(path + ".json"))
                faults += [] if equal else ["the data set that was read again is another"]
                for what, own in ("data set", own_set), ("table", own_table):
                    faults += [f"{what} row {row}: {found!r} is not {right!r}"[:500] for row, (found, right) in enumerate(zip(own, rows)) if found != told(right)][:1]
                for what, file in ("data set", f"{path}/train-00000-of-00001.parquet"), ("table", path + ".parquet"):
                    table = pq.ParquetFile(file, page_checksum_verification=True).read()
                    read = datasets.load_dataset("parquet", data_files=file, split="train", cache_dir=folder + "/cache")
                    for name, (_, typed, _) in columns.items():
                        kind = table.schema.field(name).type
                        # Maps without keys have no type.
                        if typed and isinstance(kind, pa.JsonType) and "{}" not in json.dumps([row[name] for row in rows]):
                            faults.append(f"{what}, {name}: {kind} of values of one type")
                        json_columns += isinstance(kind, pa.JsonType)
                        nested += pa.types.is_nested(kind)
                        right = [row[name] for row in rows]
                        for reader, found in ("pyarrow", plain(table[name])), ("datasets", read[name][:]):
                            values += len(right)
                            wrong = [row for row in range(len(right)) if not same(found[row], right[row], reader == "datasets" and isinstance(kind, pa.JsonType))]
                            if wrong or len(found) != len(right):
                                faults.append(f"{what}, {name}, {reader}, row {wrong[:1]} {kind}: {found[wrong[0]]!r} is not {right[wrong[0]]!r}"[:500])
            bad += [f"s{number}: {fault}" for fault in faults[:3]]
            if faults:
                os.makedirs("differ", exist_ok=True)
                shutil.copy(path + ".jsonl", "differ")
    print("\n".join(bad[:40]))
    print(f"{files} files, {values} values, {nested} columns of lists and structures, {json_columns} of texts of JSON; {len(bad)} faults")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
