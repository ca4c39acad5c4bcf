"""Times operations on tables of a million rows here and in pandas, in turn: table_speed.py PROGRAM [rows] [rounds]."""

import os
import subprocess
import sys
import tempfile
import time

import numpy as np
import pandas as pd

CASES = [
    ("read_csv", 'read_table "t.csv"', lambda t, u: pd.read_csv("t.csv")),
    ("write_csv", 'save t, "out.csv"', lambda t, u: t.to_csv("out.csv", index=False)),
    ("read_parquet", 'read_table "t.parquet"', lambda t, u: pd.read_parquet("t.parquet")),
    ("filter", 't[(t.loss < 0.5) and (t.model == "model 3")]', lambda t, u: t[(t.loss < 0.5) & (t.model == "model 3")]),
    ("arithmetic", "t.loss * 2 + t.steps", lambda t, u: t.loss * 2 + t.steps),
    ("mean", "mean(t.loss)", lambda t, u: t.loss.mean()),
    ("sort number", 't.sort("loss")', lambda t, u: t.sort_values("loss", kind="stable")),
    ("sort text", 't.sort("model")', lambda t, u: t.sort_values("model", kind="stable")),
    ("sort two", 't.sort(["model", "loss"])', lambda t, u: t.sort_values(["model", "loss"], kind="stable")),
    ("group text", 't.group("model", mean: "loss", std: "loss")', lambda t, u: t.groupby("model").loss.agg(["mean", "std"])),
    ("group number", 't.group("key", mean: "loss")', lambda t, u: t.groupby("key").loss.mean()),
    ("group two", 't.group(["model", "seed"], median: "loss")', lambda t, u: t.groupby(["model", "seed"]).loss.median()),
    ("join number", 't.join(u, on: "key")', lambda t, u: t.merge(u, on="key")),
    ("join text", 't.join(v, on: "model")', lambda t, u: t.merge(u.drop_duplicates("model")[["model", "weight"]], on="model")),
    ("unique", 't.unique("key")', lambda t, u: t.drop_duplicates("key")),
    ("pivot", 't.pivot("model", "seed", "loss")', lambda t, u: t.pivot_table("loss", "model", "seed")),
    ("describe", 't.describe()', lambda t, u: t.describe(include="all")),
]


def main():
    program = os.path.abspath(sys.argv[1])
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    random = np.random.default_rng(1)
    t = pd.DataFrame({
        "model": np.char.add("model ", random.integers(0, 50, rows).astype(str)), "seed": random.integers(0, 10, rows),
        "key": random.integers(0, rows // 10, rows), "loss": random.random(rows), "steps": random.integers(0, 1000, rows)})
    u = pd.DataFrame({"key": np.arange(rows // 10), "weight": random.random(rows // 10),
                      "model": np.char.add("model ", (np.arange(rows // 10) % 50).astype(str))})
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        t.to_csv("t.csv", index=False)
        t.to_parquet("t.parquet", index=False)
        u.to_csv("u.csv", index=False)
        script = 't = read_table("t.csv")\nu = read_table("u.csv")\nv = unique(select(u, "model", "weight"), "model")\n'
        script += "u = drop(u, \"model\")\n"
        for name, call, _ in CASES:
            script += f'times = []\nfor i in range({rounds}) {{\n  start = now()\n  {call}\n  push times, now() - start\n}}\n'
            script += f'print min(times)\n'
        with open("x.pxb", "w") as file:
            file.write(script)
        done = subprocess.run([program, "run", "x.pxb"], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(done.stdout + done.stderr)
        ours = [float(line) for line in done.stdout.split()]
        print(f"{rows} rows, the shortest of {rounds}, pandas {pd.__version__}: milliseconds here, there, ratio")
        for (name, _, call), here in zip(CASES, ours):
            theirs = []
            other = u.drop(columns="model") if "join number" in name else u
            for _ in range(rounds):
                start = time.perf_counter()
                call(t, other)
                theirs.append(time.perf_counter() - start)
            print(f"{name:14} {1000 * here:9.1f} {1000 * min(theirs):9.1f} {here / min(theirs):6.2f}")


main()
