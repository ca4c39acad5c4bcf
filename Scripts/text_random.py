"""Reads random CSV, JSON Lines and JSON files with the program and with Python's csv and json, and compares every value.

    python Scripts/text_random.py [PROGRAM] [FILES] [SEED]

The files are valid, but odd: byte order marks, every line end and several in one file, separators, quotes where none are needed, blank lines, escapes of every
kind, halves of surrogate pairs, numbers at the edges, keys that come twice, white space wherever it may stand.
A file that differs is kept in the folder `differ`.
"""
import csv, io, json, math, os, random, shutil, subprocess, sys, tempfile

LETTERS = ["a", "b", "é", "日", "🐱", " ", "\t", "\"", "'", ",", ";", "\\", "/", "#", "0", "-", "\u0301", "\u2028", "\x7f", "=", "\u00a0", "\ufeff"]


def word(rng, more=()):
    return "".join(rng.choice(LETTERS + list(more)) for _ in range(rng.choice([0, 1, 2, 5, 30])))


def table(rng):
    """The bytes of a table, its columns and its rows of texts."""
    columns = rng.randint(1, 5)
    names = [f"{word(rng)}{n}".strip() for n in range(columns)]
    separator = rng.choice([",", ",", ";", "\t"]) if columns > 1 else ","
    if separator != ",":
        names = [n.translate({ord(c): "x" for c in ",;\t"}) for n in names]
    ends = rng.choice([["\n"], ["\r\n"], ["\r"], ["\n", "\r\n"], ["\n", "\r\n", "\r"]])
    def field(text, first=False):
        must = any(c in text for c in "\",;\t\r\n") or (columns == 1 and not text) or text[:1] == "\ufeff"
        return '"' + text.replace('"', '""') + '"' if must or rng.random() < share else text
    share = rng.choice([0, 0.2, 1])
    rows = [[word(rng, rng.choice([(), ("\n", "\r\n", "\r")])) for _ in names] for _ in range(rng.choice([0, 1, 2, 3, 20]))]
    text = rng.choice(["", "", "\ufeff"])
    text += "".join(rng.choice(ends) for _ in range(rng.choice([0, 0, 0, 1, 2])))
    for record in [names] + rows:
        text += separator.join(field(f) for f in record) + rng.choice(ends)
        if rng.random() < 0.05:
            text += rng.choice(ends)
    if rng.random() < 0.3 and rows:
        text = text.rstrip("\r\n") if not rows[-1][-1].endswith(("\r", "\n")) else text
    # A lone CR followed by LF is one line end; that is what both see.
    return text.encode(), names, rows


def space(rng):
    return "".join(rng.choice(" \t\n\r") for _ in range(rng.choice([0, 0, 0, 1, 3])))


def string(rng, text):
    out = '"'
    for c in text:
        code = ord(c)
        roll = rng.random()
        if c in '"\\' or code < 32 or roll < 0.1:
            short = {'"': '\\"', "\\": "\\\\", "/": "\\/", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(c)
            if short and rng.random() < 0.6:
                out += short
            else:
                units = c.encode("utf-16-be", "surrogatepass")
                for k in range(0, len(units), 2):
                    out += "\\u" + rng.choice([str.lower, str.upper])(units[k:k + 2].hex())
        elif 0xD800 <= code < 0xE000:
            out += f"\\u{code:04x}"
        else:
            out += c
    return out + '"'


def number(rng):
    return rng.choice([
        lambda: str(rng.randint(-9, 9)), lambda: str(rng.randint(-2**53, 2**53)), lambda: repr(rng.gauss(0, 1)), lambda: f"{rng.random() * 10**rng.randint(-300, 300):e}", lambda: "-0", lambda: "-0.0",
        lambda: f"{rng.randint(1, 9)}E+{rng.randint(0, 22)}", lambda: f"{rng.randint(0, 9)}.{rng.randrange(10**6)}e-{rng.randint(0, 320)}", lambda: "1.7976931348623157e308", lambda: "5e-324", lambda: "2.2250738585072011e-308",
        lambda: f"0.{'0' * rng.randint(0, 30)}{rng.randrange(10**17)}", lambda: f"{rng.randrange(10**15)}.{rng.randrange(10**17)}", lambda: "1E5", lambda: "0e0", lambda: "0.1e1",
    ])()


def value(rng, depth=0, lines=False):
    roll = rng.random()
    gap = (lambda: "".join(rng.choice(" \t") for _ in range(rng.choice([0, 0, 1])))) if lines else (lambda: space(rng))
    if depth > 4 or roll < 0.6:
        return rng.choice([lambda: number(rng), lambda: string(rng, word(rng, ("\n", "\x01", "\x1f", "\b", "\f", "\x00"))), lambda: "true", lambda: "false", lambda: "null", lambda: rng.choice(["NaN", "Infinity", "-Infinity"]) if rng.random() < 0.3 else "7"])()
    if roll < 0.8:
        return "[" + ",".join(gap() + value(rng, depth + 1, lines) + gap() for _ in range(rng.randrange(5))) + gap() * 0 + "]"
    return members(rng, depth, lines, gap)


def members(rng, depth, lines, gap, least=0):
    count = rng.randint(least, 4)
    # A key that comes twice is refused in JSON Lines; in JSON the last one counts.
    keys = [word(rng) + str(n) if lines else word(rng) + rng.choice(["", str(n)]) for n in range(count)]
    return "{" + ",".join(gap() + string(rng, k) + gap() + ":" + gap() + value(rng, depth + 1, lines) + gap() for k in keys) + "}"


def mark(rng):
    return rng.choice([b"", b"", b"\xef\xbb\xbf"])


def json_file(rng):
    body = space(rng) + value(rng) + space(rng)
    return mark(rng) + body.encode()


def lines_file(rng):
    end = rng.choice(["\n", "\r\n"])
    gap = lambda: "".join(rng.choice(" \t") for _ in range(rng.choice([0, 0, 1])))
    count = rng.choice([1, 2, 5, 20])
    body = end.join(gap() + members(rng, 0, True, gap, 1) + gap() + rng.choice(["", "", end]) for _ in range(count)) + rng.choice(["", end])
    return mark(rng) + body.encode()


def plain(v):
    """What the program has for a value of JSON."""
    if isinstance(v, str):
        # Half of a pair is no letter.
        return "".join("\ufffd" if 0xD800 <= ord(c) < 0xE000 else c for c in v)
    if isinstance(v, list):
        return [plain(x) for x in v]
    if isinstance(v, dict):
        out = {}
        for k, x in v.items():
            out[plain(k)] = plain(x)
        return out
    return v


def same(found, right):
    if isinstance(right, bool) or right is None or isinstance(right, str):
        return type(found) is type(right) and found == right
    if isinstance(right, (int, float)):
        if isinstance(found, bool) or not isinstance(found, (int, float)):
            return isinstance(found, str) and isinstance(right, int) and found == str(right)
        return math.isnan(right) and math.isnan(found) or float(found) == float(right)
    if isinstance(right, list):
        return isinstance(found, list) and len(found) == len(right) and all(map(same, found, right))
    return isinstance(found, dict) and list(found) == list(right) and all(same(found[k], right[k]) for k in right)


SCRIPT = """
for name in list_files("in") {
  path = "in/" + name
  try {
    if ends_with(name, ".json") { write_json({value: read_json(path)}, "out/" + name) }
    else {
      data = load_dataset(path, image: nil, caption: nil)
      names = filter(data.columns, fn(c) = c != "caption")
      rows = [keys_of(data[i], names) for i in range(len(data))]
      write_json({columns: names, rows: rows}, "out/" + name + ".json")
    }
  } catch e { write_json({error: e.message}, "out/" + name + (".json" if not ends_with(name, ".json") else "")) }
}
"""
SCRIPT = "fn keys_of(row, names) { out = []; for n in names { push(out, row[n]) }; return out }\n" + SCRIPT


def main():
    program = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else ".build/release/pixelbytes")
    files, first = (int(sys.argv[i]) if len(sys.argv) > i else d for i, d in ((2, 600), (3, 1)))
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(f"{folder}/in")
        os.makedirs(f"{folder}/out")
        right = {}
        for number_of in range(first, first + files):
            rng = random.Random(number_of)
            form = ("csv", "json", "jsonl")[number_of % 3]
            name = f"{number_of}.{form}"
            if form == "csv":
                data, names, rows = table(rng)
                right[name] = (names, rows)
            elif form == "json":
                data = json_file(rng)
                right[name] = plain(json.loads(data.decode("utf-8-sig"), strict=False))
            else:
                data = lines_file(rng)
                right[name] = [plain(json.loads(line)) for line in data.decode("utf-8-sig").replace("\r\n", "\n").split("\n") if line.strip()]
            with open(f"{folder}/in/{name}", "wb") as file:
                file.write(data)
        with open(f"{folder}/read.pxb", "w") as file:
            file.write(SCRIPT)
        run = subprocess.run([program, "run", "read.pxb"], cwd=folder, capture_output=True, text=True)
        if run.returncode:
            sys.exit(run.stdout + run.stderr)
        counts, bad = {}, 0
        for name, truth in right.items():
            form = name.split(".")[1]
            path = f"{folder}/out/{name}" + ("" if form == "json" else ".json")
            text = open(path).read() if os.path.exists(path) else '{"error": "nothing was written"}'
            found = json.loads(text)
            if "error" in found:
                fault = found["error"]
            elif form == "csv":
                fault = None if found["columns"] == truth[0] and found["rows"] == truth[1] else f"{found} is not {truth}"
            elif form == "json":
                fault = None if same(found["value"], truth) else f"{found['value']!r} is not {truth!r}"
            else:
                columns = list(dict.fromkeys(k for row in truth for k in row))
                rows = [[row.get(c) for c in columns] for row in truth]
                fault = None if found["columns"] == columns and same(found["rows"], rows) else f"{found} is not {(columns, rows)}"
            done, wrong = counts.get(form, (0, 0))
            counts[form] = (done + 1, wrong + bool(fault))
            if fault:
                bad += 1
                os.makedirs("differ", exist_ok=True)
                shutil.copy(f"{folder}/in/{name}", f"differ/{name}")
                if bad <= 25:
                    print(f"{name}: {fault[:600]}")
        for form, (done, wrong) in counts.items():
            print(f"{form}: {done} files, {wrong} differ")
        sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
