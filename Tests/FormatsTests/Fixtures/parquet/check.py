"""Reads files that the tests wrote, with pyarrow and with datasets, and compares every value: `python check.py [FILE ...]`.

The rows follow from their numbers as in ParquetWriterTests.swift. The pictures are no pictures, so `datasets` gives them undecoded.
"""
import os, sys
import pyarrow.parquet as pq
import datasets

TEXTS = ["", "a cat", "Pokémon", 'a, "b"\n\0', "\U0001f431\u0301", "未"]


def row(i):
    picture = None if i % 5 == 1 else {
        "bytes": None if i % 5 == 2 else str(i).encode(), "path": None if i % 5 == 3 else f"{i}.png"}
    return {
        "image": picture,
        "caption": None if i % 7 == 6 else TEXTS[i % 6],
        "pixelbyte": [[[(i * 31 + 9 * p + 3 * l + c) % 256 for c in range(3)] for l in range(3)] for p in range(i % 4)],
        "number": None if i % 3 == 2 else -2**63 + i if i % 2 == 0 else i,
        "score": None if i % 4 == 3 else i / 3,
        "flag": None if i % 11 == 5 else i % 2 == 0,
    }


for path in sys.argv[1:] or [os.path.join(os.path.dirname(os.path.abspath(__file__)), "written.parquet")]:
    file = pq.ParquetFile(path, page_checksum_verification=True)
    expected = [row(i) for i in range(file.metadata.num_rows)]
    assert file.read().to_pylist() == expected, "pyarrow reads other values"
    assert file.metadata.metadata[b"origin"] == 'tests "é"'.encode()
    data = datasets.load_dataset("parquet", data_files=path, split="train")
    assert isinstance(data.features["image"], datasets.Image), data.features
    assert data.features["pixelbyte"].feature.feature.feature == datasets.Value("uint8"), data.features
    data = data.cast_column("image", datasets.Image(decode=False))
    assert data.to_list() == expected, "datasets reads other values"
    print(f"{path}: {len(expected)} rows, {file.metadata.num_row_groups} row groups, as expected")
