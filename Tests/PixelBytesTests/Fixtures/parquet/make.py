"""Writes the parquet files of this folder: data sets as the Hugging Face Hub serves them, and one with bad rows."""
import os, struct, zlib
import pyarrow as pa
import pyarrow.parquet as pq

os.chdir(os.path.dirname(os.path.abspath(__file__)))


def png(width, height, color):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    rows = (b"\0" + bytes(color) * width) * height
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def image(number):
    return {"bytes": png(2, number, (number, 0, 0, 255)), "path": f"{number}.png"}


picture = pa.struct([("bytes", pa.binary()), ("path", pa.string())])


def save(path, numbers, **options):
    pq.write_table(pa.table({
        "image": pa.array([image(n) for n in numbers], picture),
        "caption": [f"sprite {n}" for n in numbers],
        "label": pa.array([None if n % 3 == 0 else n for n in numbers], pa.int32()),
        "tags": [[f'"{n}"', "é"] for n in numbers],
    }), path, store_schema=False, **options)


save("hub/data/train-00000-of-00002.parquet", [1, 2, 3], row_group_size=2, compression="zstd")
save("hub/data/train-00001-of-00002.parquet", [4, 5])
save("hub/data/test-00000-of-00001.parquet", [6])

patches = [[[[0, 0, 0], [0, 9, 0], [0, 0, 0]], [[0, 0, 0], [9, 112, 0], [0, 0, 0]]], []]
published = {"image": pa.array([png(1, 1, (0, 0, 0, 255))] * 2), "caption": ["a", "b"]}
pq.write_table(pa.table(published | {"pixelbyte": patches}), "pixelbyte.parquet", store_schema=False)
pq.write_table(pa.table(published | {"pixelbyte": [[[[1, 2, 3]]], [[[1] * 3, [1] * 3, [1, 1, 113]]]]}),
               "wrong-pixelbyte.parquet", store_schema=False)
pq.write_table(pa.table({
    "image": pa.array([image(1), {"bytes": None, "path": "gone.png"}, {"bytes": png(3, 3, (0,) * 4)[:50], "path": None},
                       None, image(2)], picture),
    "caption": ["good", "no bytes", "torn", "nothing", None],
}), "bad-rows.parquet", store_schema=False)

# The published schema: a picture, a caption and the patches that the published system makes of both.
BYTES = bytes([0, 9, 10]) + b" \"'()*,-+.0123456789" + b"\xc2\xa0" + b":[];/%!abcdefghijklmnopqrstuvwxyz"
COLORS = {"white": (1, 0xFCFCFC), "red": (27, 0xF83800), "blue": (11, 0x0058F8), "green": (39, 0x00B800), "orange": (30, 0xFCA044)}
SHAPES = {"cat": ["#..#", "####", "#.##", "####"], "ghost": [".##.", "####", "####", "#.#."], "bird": ["..##.", "#####", "..#.."]}


def patches_of(grid):
    high, wide = len(grid), len(grid[0]) + 1
    ids = [row + [2 if y == high - 1 else 1] for y, row in enumerate(grid)]
    at = lambda y, x: ids[y][x] if 0 <= y < high and 0 <= x < wide else 0
    return [[[at(y - 1, x - 1), at(y - 1, x), at(y - 1, x + 1)], [at(y, x - 1), at(y, x), 0], [0, 0, 0]]
            for y in range(high) for x in range(wide)]


def picture_of(grid, rgb):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    rows = b"".join(b"\0" + b"".join(bytes(rgb[cell]) for cell in row) for row in grid)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", len(grid[0]), len(grid), 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


rows = []
for name, shape in SHAPES.items():
    for color, (index, value) in list(COLORS.items())[1:]:
        cells = [[index if cell == "#" else COLORS["white"][0] for cell in line] for line in shape]
        rgb = {i: value.to_bytes(3, "big") for i, value in COLORS.values()}
        grid = [[len(BYTES) + cell for cell in line] for line in cells]
        text = lambda words: patches_of([[BYTES.index(byte) for byte in words.encode()]])
        caption = f"a {color} {name}."
        image_patches = patches_of(grid)
        rows.append((picture_of(cells, rgb), caption, text(f"({len(image_patches)}, 3)") + image_patches + text(caption)))
features = '{"info": {"features": {"image": {"_type": "Image"}, "caption": {"dtype": "string", "_type": "Value"}}}}'
pq.write_table(pa.table({
    "image": pa.array([{"bytes": png, "path": f"{n}.png"} for n, (png, _, _) in enumerate(rows)], picture),
    "caption": [caption for _, caption, _ in rows], "pixelbyte": [ids for _, _, ids in rows],
}).replace_schema_metadata({"huggingface": features}), "published.parquet", compression="snappy")

# Further columns that hold pictures in several forms, of which the third of two columns is torn and the second of one has no bytes.
def further(name, columns):
    size = len(next(iter(columns.values())))
    pq.write_table(pa.table({"image": pa.array([image(1)] * size, picture), "caption": ["a"] * size} | columns), name)


noise = bytes(range(256)) * 3
large = b"\x89PNG\r\n\x1a\n" + b"".join(
    struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    for kind, data in [(b"IHDR", struct.pack(">IIBBBBB", 16, 12, 8, 6, 0, 0, 0)),
                       (b"IDAT", zlib.compress(b"".join(b"\0" + noise[64 * y:64 * y + 64] for y in range(12)), 0)), (b"IEND", b"")])
good, torn = png(2, 2, (9, 8, 7, 255)), large[:400]
further("further.parquet", {
    "plain": pa.array([good, None, good], pa.binary()), "wide": pa.array([good] * 3, pa.large_binary()),
    "list": pa.array([[good, None], [], None], pa.list_(pa.binary())),
    "structs": pa.array([[{"bytes": good, "path": "g.png"}], [], None], pa.list_(picture)),
    "words": pa.array([b"BM", b"GIF8", None], pa.binary()), "mixed": pa.array([good, b"\0\1", good], pa.binary()),
    "numbers": pa.array([[b"\xff"], [], None], pa.list_(pa.binary())), "nothing": pa.array([None] * 3, pa.binary()),
})
further("torn-plain.parquet", {"depth": pa.array([good, None, torn], pa.binary())})
further("torn-file.parquet", {"depth": pa.array([{"bytes": b, "path": "d.png"} for b in [good, good, torn]], picture)})
further("torn-list.parquet", {"depth": pa.array([[good], None, [good, torn]], pa.list_(pa.binary()))})
further("byteless.parquet", {"depth": pa.array([None, {"bytes": None, "path": "d.png"}, {"bytes": good, "path": None}], picture)})
for name, value in [("pictures", good), ("bytes", b"\0\1"), ("nulls", None)]:
    further(f"depth-{name}.parquet", {"depth": pa.array([value], pa.binary())})
day = __import__("datetime").date(2024, 1, 31)
further("captions.parquet", {
    "text": pa.array(["3", None]), "bytes": pa.array([b"3", None], pa.binary()), "integer": pa.array([3, None]),
    "number": pa.array([2.5, None]), "truth": pa.array([True, None]), "day": pa.array([day, None]),
    "null": pa.array([None, None]), "list": pa.array([[3], None]),
})

# Pictures of which no row has the bytes: paths alone, as structures, whose bytes pyarrow takes for nulls, or as texts; and lists of them.
two = {"caption": ["a", "b"]}
places = pa.struct([("path", pa.string())])
for name, column in {
    "null-bytes": pa.array([{"bytes": None, "path": p} for p in ["d.png", "sub/d.png"]], pa.struct([("bytes", pa.null()), ("path", pa.string())])),
    "path-structs": pa.array([{"path": "d.png"}, {"path": "sub/d.png"}], places), "path-texts": pa.array(["d.png", "sub/d.png"]),
    "path-large": pa.array(["d.png", None], pa.large_string()),
}.items():
    pq.write_table(pa.table({"image": column} | two), f"{name}.parquet")
pq.write_table(pa.table({"file_name": ["d.png", "sub/d.png"], "mask_file_name": ["d.png", None]} | two), "file-names.parquet")
pictures = pa.array([[good, good], [good]], pa.list_(pa.binary()))
pq.write_table(pa.table({"image": pictures} | two), "image-lists.parquet")
pq.write_table(pa.table({"images": pa.array([[{"bytes": good, "path": "g.png"}], []], pa.list_(picture))} | two), "images.parquet")
# Pictures of their own beside those that are named by texts, some of which are missing or empty.
columns = {
    "file": pa.array([{"bytes": good, "path": "g.png"}, None], picture), "bytes": pa.array([good, None], pa.binary()),
    "empty": pa.array([b"", good], pa.binary()), "list": pa.array([[good, b"", None], []], pa.list_(pa.binary())),
    "files": pa.array([[{"bytes": good, "path": None}], None], pa.list_(picture)), "others": pa.array([b"\0\xff", b""], pa.binary()),
    "texts": pa.array([b"a", b""], pa.binary()), "tag": ["x", None],
}
for name, column in {"named": "image", "described": "file_name"}.items():
    pq.write_table(pa.table({column: ["d.png", "sub/d.png"]} | two | columns), f"further-{name}.parquet")
pq.write_table(pa.table({"image": pa.array([good, good], pa.binary())} | two | columns), "further-bytes.parquet")
# Maps: keys that come twice, of no value and of no text, whole ones that are missing, in lists and structures.
text_map, pair = pa.map_(pa.string(), pa.int32()), pa.map_(pa.int32(), pa.string())
pq.write_table(pa.table({
    "flat": pa.array([[("a", 1), ("b", None), ("a", 2)], [], None], text_map), "numbers": pa.array([[(1, "x")], [], None], pair),
    "bytes": pa.array([[(b"a", 1)], [], None], pa.map_(pa.binary(), pa.int32())),
    "inside": pa.array([{"m": [("k", 1)]}, {"m": None}, None], pa.struct([("m", text_map)])),
    "list": pa.array([[[("k", 1)], None], [], None], pa.list_(text_map)),
    "deep": pa.array([[("k", [("l", 1)])], [], None], pa.map_(pa.string(), text_map)),
    "caption": ["a", "b", "c"],
}), "maps.parquet")
# Pictures at every kind of place: in structures, lists of lists, maps, lists of structures, and as bytes beside texts and other bytes.
def at(name):
    return {"bytes": good, "path": name}


pq.write_table(pa.table({
    "struct": pa.array([{"n": 1, "mask": at("a.png")}, {"n": 2, "mask": None}], pa.struct([("n", pa.int32()), ("mask", picture)])),
    "deep": pa.array([[[at("a.png"), None], []], None], pa.list_(pa.list_(picture))),
    "map": pa.array([[("front", at("b.png")), ("back", None)], []], pa.map_(pa.string(), picture)),
    "list": pa.array([[{"at": [1, 2], "crop": at("a.png")}, None], []], pa.list_(pa.struct([("at", pa.list_(pa.int8())), ("crop", picture)]))),
    "bytes": pa.array([{"png": good, "note": b"words"}, {"png": None, "note": None}], pa.struct([("png", pa.binary()), ("note", pa.binary())])),
    "raw": pa.array([{"png": good, "raw": b"\0\xff"}, None], pa.struct([("png", pa.binary()), ("raw", pa.binary())])), "caption": ["a", "b"],
}), "nested-pictures.parquet")
