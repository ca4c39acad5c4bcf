"""Writes the parquet files that `Scripts/bench --parquet FOLDER` reads, or times how long pyarrow takes to read one.

    python Scripts/parquet_files.py write FOLDER
    python Scripts/parquet_files.py read FILE SECONDS

`flat.parquet` has 100,000 rows of numbers, truth values and texts; `nested.parquet` 3,000 rows of 500 patches of 3 x 3 ids as the
published column `pixelbyte` has them; `pictures.parquet` 20,000 rows of pictures and captions.
"""
import os, random, sys, time


def write(folder):
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    random.seed(1)
    numbers = np.random.default_rng(1)
    count = 100_000
    words = ["red", "blue", "cat", "dog", "sword", "left", "right", "tiny", "shiny", "old"]
    flat = pa.table({
        "id": pa.array(range(count), pa.int64()),
        "class": pa.array(numbers.integers(0, 50, count), pa.int32()),
        "score": pa.array(numbers.random(count)),
        "flag": pa.array(numbers.random(count) < 0.3, pa.bool_(), mask=numbers.random(count) < 0.05),
        "kind": pa.array([random.choice(words) for _ in range(count)]),
        "caption": pa.array([None if i % 50 == 7 else " ".join(random.choices(words, k=6)) for i in range(count)]),
    })
    pq.write_table(flat, os.path.join(folder, "flat.parquet"), compression="snappy")

    rows, patches = 3_000, 500
    ids = pa.array(numbers.integers(0, 113, rows * patches * 9), pa.int64())
    for size in (3, 3, patches):
        ids = pa.ListArray.from_arrays(pa.array(range(0, len(ids) + 1, size), pa.int32()), ids)
    nested = pa.table({"pixelbyte": ids})
    pq.write_table(nested, os.path.join(folder, "nested.parquet"), compression="zstd", row_group_size=1_000)

    pictures = pa.table({
        "image": pa.array([{"bytes": numbers.bytes(random.randrange(200, 2000)), "path": f"{i}.png"} for i in range(20_000)]),
        "caption": flat["caption"].slice(0, 20_000),
    })
    pq.write_table(pictures, os.path.join(folder, "pictures.parquet"), compression="snappy")


def read(path, seconds):
    import pyarrow.parquet as pq

    best, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        pq.read_table(path)
        best = min(best, time.perf_counter() - start)
    print(f"{1000 * best:.1f}")


if sys.argv[1] == "write":
    write(sys.argv[2])
else:
    read(sys.argv[2], float(sys.argv[3]))
