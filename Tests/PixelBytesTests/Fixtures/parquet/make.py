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
