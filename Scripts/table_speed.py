"""Times operations on tables of a million rows, and plots of a column, here and in pandas and matplotlib, in turn.

Usage: table_speed.py PROGRAM [rows] [rounds]
"""

import os
import subprocess
import sys
import tempfile
import time

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd



def draw(path, kind, column):
    figure, axes = plt.subplots()
    if kind == "line":
        axes.plot(column)
    elif kind == "scatter":
        axes.scatter(range(len(column)), column, s=1)
    else:
        axes.hist(column, bins=50)
    figure.savefig(path, dpi=300)
    plt.close(figure)


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
    ("rolling", 'rolling(t.loss, 10)', lambda t, u: t.loss.rolling(10).mean()),
    ("shift", 't.loss - shift(t.loss)', lambda t, u: t.loss.diff()),
    ("texts", 'upper(t.model)', lambda t, u: t.model.str.upper()),
    ("where", 'where(t.loss > 0.5, "high", "low")', lambda t, u: np.where(t.loss > 0.5, "high", "low")),
    ("line as png", 'save plot(t.loss), "p.png"', lambda t, u: draw("q.png", "line", t.loss)),
    ("line as svg", 'save plot(t.loss), "p.svg"', lambda t, u: draw("q.svg", "line", t.loss)),
    ("points as png", 'save plot(t.loss, kind: "scatter"), "p.png"', lambda t, u: draw("q.png", "scatter", t.loss)),
    ("histogram", 'save plot(t.loss, kind: "histogram", bins: 50), "p.png"', lambda t, u: draw("q.png", "histogram", t.loss)),
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
        for _, call, _ in CASES:
            script += f"start = now()\n{call};\nprint now() - start\n"
        with open("x.pxb", "w") as file:
            file.write(script)
        times = [([], []) for _ in CASES]
        for _ in range(rounds):
            done = subprocess.run([program, "run", "x.pxb"], capture_output=True, text=True)
            if done.returncode != 0:
                sys.exit(done.stdout + done.stderr)
            for (ours, theirs), line, (name, _, call) in zip(times, done.stdout.split(), CASES):
                ours.append(float(line))
                other = u.drop(columns="model") if "join number" in name else u
                start = time.perf_counter()
                call(t, other)
                theirs.append(time.perf_counter() - start)
        print(f"{rows} rows, the shortest of {rounds} in turn, pandas {pd.__version__}, matplotlib {matplotlib.__version__}:")
        print("milliseconds here, there, ratio")
        for (name, _, _), (ours, theirs) in zip(CASES, times):
            print(f"{name:14} {1000 * min(ours):9.1f} {1000 * min(theirs):9.1f} {min(ours) / min(theirs):6.2f}")


main()
