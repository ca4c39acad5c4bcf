"""Packs a small table as gzip and zstd do: python make.py (Python 3.11, zstd 1.5)."""
import gzip, subprocess

ROWS = "caption,size,kind\n" + "".join(f"a cat {i},{i * i},{'é' if i % 3 else ''}\n" for i in range(400))
half = len(ROWS) // 2
gz = lambda text: gzip.compress(text.encode(), 6, mtime=0)
zst = lambda text: subprocess.run(["zstd", "-19", "-c"], input=text.encode(), capture_output=True, check=True).stdout
files = {
    "one.csv.gz": gz(ROWS), "two.csv.gz": gz(ROWS[:half]) + gz(ROWS[half:]), "one.csv.zst": zst(ROWS),
    "two.csv.zst": zst(ROWS[:half]) + zst(ROWS[half:]), "nothing.csv.gz": gz(""),
    "lines.jsonl.gz": gz('{"caption": "a cat", "size": 1}\n{"caption": "a dog", "tags": ["x"]}\n'),
    "lines.json.zst": zst('{"caption": "a cat", "size": 1}\n{"caption": "a dog", "tags": ["x"]}\n'),
}
for name, data in files.items():
    open(name, "wb").write(data)
