"""Writes parquet files byte by byte, as writers do that are not at hand: `Scripts/parquet_check.py` compares how they are read.

`write(path, fields, rows, ...)` takes a schema of `Field`s, rows as maps from their names, and how each leaf is stored.
"""
import struct, zlib

BOOLEAN, INT32, INT64, INT96, FLOAT, DOUBLE, BYTES, FIXED = range(8)
PLAIN, PLAIN_DICTIONARY, RLE, BIT_PACKED, DELTA, DELTA_LENGTH, DELTA_BYTES, DICTIONARY, SPLIT = 0, 2, 3, 4, 5, 6, 7, 8, 9
UTF8, MAP, MAP_KEY_VALUE, LIST, DECIMAL, DATE, TIME_MILLIS, TIMESTAMP_MILLIS = 0, 1, 2, 3, 5, 6, 7, 9


def varint(n):
    out = b""
    while n >= 128:
        out, n = out + bytes([n & 127 | 128]), n >> 7
    return out + bytes([n])


def zigzag(n):
    return varint((n << 1 ^ n >> 63) & (1 << 64) - 1)


def thrift(*fields):
    """A structure of Thrift's compact protocol: fields of a number, a form and a value."""
    out, last = b"", 0
    for number, form, value in sorted((f for f in fields if f and f[2] is not None), key=lambda f: f[0]):
        code, body = element(form, value)
        if form == "bool":
            code, body = (1 if value else 2), b""
        step = number - last
        out += (bytes([step << 4 | code]) if 0 < step < 16 else bytes([code]) + zigzag(number)) + body
        last = number
    return out + b"\0"


def element(form, value):
    if form.startswith("list:"):
        items = [element(form[5:], v) for v in value]
        code = items[0][0] if items else {"i32": 5, "i64": 6, "text": 8, "struct": 12, "nothing": 0}[form[5:]]
        head = bytes([len(items) << 4 | code]) if len(items) < 15 else bytes([0xF0 | code]) + varint(len(items))
        return 9, head + b"".join(body for _, body in items)
    if form == "text":
        value = value.encode() if isinstance(value, str) else value
        return 8, varint(len(value)) + value
    if form == "struct":
        return 12, value
    return {"i8": (3, bytes([value & 255]) if form == "i8" else b""), "i32": (5, zigzag(int(value))), "i64": (6, zigzag(int(value))), "bool": (1, b"\1")}[form]


class Field:
    """An element of a schema: `repetition` is 0 (required), 1 (optional) or 2 (repeated)."""

    def __init__(self, name, kind=None, repetition=1, children=(), converted=None, logical=None, width=None, scale=None, precision=None):
        self.name, self.kind, self.repetition, self.children = name, kind, repetition, list(children)
        self.converted, self.logical, self.width, self.scale, self.precision = converted, logical, width, scale, precision

    def elements(self):
        yield thrift((1, "i32", self.kind), (2, "i32", self.width), (3, "i32", self.repetition), (4, "text", self.name),
                     (5, "i32", len(self.children) or None), (6, "i32", self.converted), (7, "i32", self.scale), (8, "i32", self.precision),
                     (10, "struct", self.logical))
        for child in self.children:
            yield from child.elements()


class Leaf:
    def __init__(self, field, path, key, definition, repetition):
        self.field, self.path, self.key, self.definition, self.repetition = field, path, key, definition, repetition
        self.entries = []


def leaves(fields, path=(), key=(), definition=0, repetition=0):
    for field in fields:
        d, r = definition + (field.repetition > 0), repetition + (field.repetition == 2)
        if field.kind is None:
            yield from leaves(field.children, path + (field.name,), key + (id(field),), d, r)
        else:
            yield Leaf(field, path + (field.name,), key + (id(field),), d, r)


def shred(field, value, found, key, r, d, depth):
    key += (id(field),)
    if field.repetition == 1 and value is None or field.repetition == 2 and not value:
        for leaf in found:
            if leaf[: len(key)] == key:
                found[leaf].entries.append((r, d, None))
        return
    depth += field.repetition == 2
    for place, one in enumerate(value if field.repetition == 2 else [value]):
        start = r if place == 0 else depth
        if field.kind is None:
            for child in field.children:
                shred(child, one.get(child.name), found, key, start, d + (field.repetition > 0), depth)
        else:
            found[key].entries.append((start, d + (field.repetition > 0), one))


def hybrid(numbers, width, runs=True):
    """Runs of equal numbers, and groups of eight packed ones where there are none."""
    out, place = b"", 0
    while place < len(numbers):
        end = place
        while end < len(numbers) and numbers[end] == numbers[place]:
            end += 1
        if runs and (end - place >= 8 or end == len(numbers)):
            out += varint(end - place << 1) + numbers[place].to_bytes((width + 7) // 8, "little")
            place = end
            continue
        groups = 0
        bits = 0
        while place < len(numbers) and groups < 63:
            for n in range(8):
                if place + n < len(numbers):
                    bits |= numbers[place + n] << (groups * 8 + n) * width
            place, groups = place + 8, groups + 1
            if runs and len(set(numbers[place:place + 16])) == 1 and len(numbers) - place >= 16:
                break
        out += varint(groups << 1 | 1) + bits.to_bytes(groups * width, "little")
    return out


def packed(numbers, width):
    """One number behind the other, the highest bit first."""
    bits = "".join(format(n, f"0{width}b") for n in numbers)
    return int(bits + "0" * (-len(bits) % 8), 2).to_bytes((len(bits) + 7) // 8, "big") if bits else b""


def deltas(numbers, block=128, parts=4, bits=64):
    mask = (1 << bits) - 1
    signed = lambda n: (n & mask) - (1 << bits if n & 1 << bits - 1 else 0)
    out = varint(block) + varint(parts) + varint(len(numbers)) + zigzag(numbers[0] if numbers else 0)
    steps = [signed(b - a) for a, b in zip(numbers, numbers[1:])]
    for start in range(0, len(steps), block):
        piece = steps[start:start + block]
        least, size = min(piece), block // parts
        widths, bodies = [], b""
        for part in range(parts):
            own = [(n - least) & mask for n in piece[part * size:(part + 1) * size]]
            width = max(own).bit_length() if own else 0
            widths.append(width)
            if own:
                value = sum(n << place * width for place, n in enumerate(own))
                bodies += value.to_bytes(size * width // 8, "little")
        out += zigzag(least) + bytes(widths) + bodies
    return out


def plain(field, values):
    if field.kind == BOOLEAN:
        return sum(bool(v) << n for n, v in enumerate(values)).to_bytes((len(values) + 7) // 8, "little")
    if field.kind == BYTES:
        return b"".join(struct.pack("<I", len(v)) + v for v in values)
    if field.kind in (INT96, FIXED):
        return b"".join(values)
    return b"".join(struct.pack({INT32: "<i", INT64: "<q", FLOAT: "<f", DOUBLE: "<d"}[field.kind], v) for v in values)


def encoded(field, values, encoding, table, options):
    if encoding in (PLAIN_DICTIONARY, DICTIONARY):
        width = max(1, (len(table) - 1).bit_length())
        return bytes([width]) + hybrid([table.index(v) for v in values], width)
    if encoding == PLAIN:
        return plain(field, values)
    if encoding == RLE:
        body = hybrid([int(v) for v in values], 1)
        return struct.pack("<I", len(body)) + body
    if encoding == DELTA:
        return deltas(values, bits=32 if field.kind == INT32 else 64, **options.get("delta", {}))
    if encoding == DELTA_LENGTH:
        return deltas([len(v) for v in values], bits=32, **options.get("delta", {})) + b"".join(values)
    if encoding == DELTA_BYTES:
        shared, rest, last = [], [], b""
        for value in values:
            n = 0
            while n < min(len(last), len(value)) and last[n] == value[n]:
                n += 1
            shared.append(n)
            rest.append(value[n:])
            last = value
        return deltas(shared, bits=32) + deltas([len(v) for v in rest], bits=32) + b"".join(rest)
    body = plain(field, values)
    size = len(body) // max(1, len(values))
    return b"".join(body[n::size] for n in range(size))


def squeezed(data, codec):
    if codec == 2:
        return zlib.compress(data, wbits=31)
    if codec in (1, 6, 7):
        import pyarrow as pa
        return pa.compress(data, {1: "snappy", 6: "zstd", 7: "lz4_raw"}[codec], asbytes=True)
    return data


def write(path, fields, rows, root="schema", writer="", metadata=(), version=1, codec=0, group=None, encodings=None, **options):
    """`encodings` are the encoding of the values of each leaf by its path with points, or one for each page of it; options are `page` (the
    entries of a page), `states` (the encodings of levels that pages state), `packs` (levels are packed as stated), `pages` (2: of the second
    version), `statistics`, `index` and `bloom` (what stands between pages and footer), `noDictionaryPlace`, `shortSizes`, `loose`
    (pages of the second version that are not compressed), `checksums`, `emptyLists` (Thrift lists of elements of no form)."""
    out, groups = b"PAR1", []
    group = group or max(1, len(rows))
    for first in range(0, len(rows), group) if rows else []:
        own = rows[first:first + group]
        found = {leaf.key: leaf for leaf in leaves(fields)}
        for row in own:
            for field in fields:
                shred(field, row.get(field.name), found, (), 0, 0, 0)
        chunks, total = [], 0
        for leaf in found.values():
            out, chunk, size = chunk_of(out, leaf, codec, (encodings or {}).get(".".join(leaf.path), PLAIN), options)
            chunks.append(chunk)
            total += size
        groups.append((chunks, total, len(own)))
    described = []
    for chunks, total, count in groups:
        for chunk in chunks:
            if options.get("bloom"):
                chunk["bloom"] = len(out)
                out += thrift((1, "i32", 32), (2, "struct", thrift((1, "struct", b"\0"))), (3, "struct", thrift((1, "struct", b"\0"))), (4, "struct", thrift((1, "struct", b"\0")))) + bytes(32)
    for part in ("column", "offset") if options.get("index") else ():
        for chunks, total, count in groups:
            for chunk in chunks:
                body = (thrift((1, "list:bool", [False] * len(chunk["pages"])), (2, "list:text", [b""] * len(chunk["pages"])), (3, "list:text", [b""] * len(chunk["pages"])), (4, "i32", 0))
                        if part == "column" else
                        thrift((1, "list:struct", [thrift((1, "i64", place), (2, "i32", size), (3, "i64", row)) for place, size, row in chunk["pages"]])))
                chunk[part] = (len(out), len(body))
                out += body
    for chunks, total, count in groups:
        described.append(thrift((1, "list:struct", [description(chunk, options) for chunk in chunks]), (2, "i64", total), (3, "i64", count),
                                (4, "list:nothing", []) if options.get("emptyLists") else None))
    elements = [thrift((4, "text", root), (5, "i32", len(fields)))] + [e for f in fields for e in f.elements()]
    footer = thrift((1, "i32", version), (2, "list:struct", elements), (3, "i64", len(rows)), (4, "list:struct", described),
                    (5, "list:struct", [thrift((1, "text", k), (2, "text", v)) for k, v in metadata]) if metadata else None,
                    (6, "text", writer) if writer else None)
    with open(path, "wb") as file:
        file.write(out + footer + struct.pack("<I", len(footer)) + b"PAR1")


def description(chunk, options):
    leaf = chunk["leaf"]
    values = [v for _, _, v in leaf.entries if v is not None]
    bounds = None
    if options.get("statistics") and values and leaf.field.kind in (INT32, INT64, BYTES):
        low, high = (v if isinstance(v, bytes) else plain(leaf.field, [v]) for v in (min(values), max(values)))
        bounds = thrift((1, "text", high), (2, "text", low), (3, "i64", len(leaf.entries) - len(values)), (5, "text", high), (6, "text", low))
    offset, column = chunk.get("offset"), chunk.get("column")
    short = chunk["headerSize"] if options.get("shortSizes") else 0
    meta = thrift((1, "i32", leaf.field.kind), (2, "list:i32", chunk["encodings"]), (3, "list:text", leaf.path), (4, "i32", chunk["codec"]),
                  (5, "i64", len(leaf.entries)), (6, "i64", chunk["whole"] - short), (7, "i64", chunk["size"] - short), (9, "i64", chunk["data"]),
                  (11, "i64", chunk["dictionary"]), (12, "struct", bounds), (14, "i64", chunk.get("bloom")))
    return thrift((2, "i64", chunk["data"]), (3, "struct", meta), *([(4, "i64", offset[0]), (5, "i32", offset[1]), (6, "i64", column[0]), (7, "i32", column[1])] if offset else []))


def chunk_of(out, leaf, codec, encoding, options):
    size = options.get("page") or max(1, len(leaf.entries))
    start, whole, headerSize, dictionary, data = len(out), 0, 0, None, None
    per_page = encoding if isinstance(encoding, (list, tuple)) else None
    table = []
    pages = []

    def page(kind, fields, body, levels=b"", compresses=True):
        nonlocal out, whole
        stored = squeezed(body, codec) if compresses else body
        checksum = zlib.crc32(levels + stored) if options.get("checksums") else None
        header = thrift((1, "i32", kind), (2, "i32", len(levels) + len(body)), (3, "i32", len(levels) + len(stored)),
                        (4, "i32", checksum - (1 << 32 if checksum >= 1 << 31 else 0)) if checksum is not None else None, fields)
        whole += len(header) + len(levels) + len(body)
        out += header + levels + stored
        return len(header)

    kinds = [per_page[min(n, len(per_page) - 1)] if per_page else encoding for n in range(-(-len(leaf.entries) // size))]
    for number, kind in enumerate(kinds):
        if kind in (PLAIN_DICTIONARY, DICTIONARY):
            for _, _, value in leaf.entries[number * size:(number + 1) * size]:
                if value is not None and value not in table:
                    table.append(value)
    if table:
        dictionary = len(out)
        headerSize = page(2, (7, "struct", thrift((1, "i32", len(table)), (2, "i32", PLAIN_DICTIONARY if PLAIN_DICTIONARY in kinds else PLAIN))), plain(leaf.field, table))
    row = 0
    for number, kind in enumerate(kinds):
        entries = leaf.entries[number * size:(number + 1) * size]
        values = [v for _, _, v in entries if v is not None]
        levels = []
        for maximum, place in ((leaf.repetition, 0), (leaf.definition, 1)):
            numbers, width = [e[place] for e in entries], maximum.bit_length()
            if maximum == 0:
                levels.append(b"")
            elif options.get("packs") and options["states"][place] == BIT_PACKED:
                levels.append(packed(numbers, width))
            else:
                body = hybrid(numbers, width)
                levels.append(body if options.get("pages") == 2 else struct.pack("<I", len(body)) + body)
        body = encoded(leaf.field, values, kind, table, options) if values or kind not in (DICTIONARY, PLAIN_DICTIONARY) else b"\1"
        place = len(out)
        data = place if data is None else data
        rows = sum(r == 0 for r, _, _ in entries)
        if options.get("pages") == 2:
            loose = options.get("loose", False)
            fields = thrift((1, "i32", len(entries)), (2, "i32", len(entries) - len(values)), (3, "i32", rows), (4, "i32", kind),
                            (5, "i32", len(levels[1])), (6, "i32", len(levels[0])), (7, "bool", False) if loose else None)
            page(3, (8, "struct", fields), body, levels[0] + levels[1], not loose)
        else:
            states = options.get("states", (RLE, RLE))
            fields = thrift((1, "i32", len(entries)), (2, "i32", kind), (3, "i32", states[1]), (4, "i32", states[0]))
            page(0, (5, "struct", fields), levels[0] + levels[1] + body)
        pages.append((place, len(out) - place, row))
        row += rows
    chunk = {"leaf": leaf, "codec": codec, "whole": whole, "size": len(out) - start, "headerSize": headerSize, "pages": pages,
             "encodings": sorted(set(kinds) | {RLE, options.get("states", (RLE, RLE))[0]}),
             "data": dictionary if options.get("noDictionaryPlace") and dictionary else data or start,
             "dictionary": None if options.get("noDictionaryPlace") else dictionary}
    return out, chunk, whole
