"""Times operations on tables of a million rows, and plots of a column, here and in pandas and matplotlib, in turn.

Usage: table_speed.py PROGRAM [rows] [rounds] [names of some operations, which are timed alone]
"""

import os
import subprocess
import sys
import tempfile
import time

import numpy as np
import pandas as pd


def draw(path, kind, column):
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    if kind == "line":
        axes.plot(column)
    elif kind == "scatter":
        axes.scatter(range(len(column)), column, s=1)
    else:
        axes.hist(column, bins=50)
    figure.savefig(path, dpi=300)
    plt.close(figure)

OTHER = {}

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
    ("join text", 't.join(v, on: "model")', lambda t, u: t.merge(OTHER["v"], on="model")),
    ("unique", 't.unique("key")', lambda t, u: t.drop_duplicates("key")),
    ("pivot", 't.pivot("model", "seed", "loss")', lambda t, u: t.pivot_table("loss", "model", "seed")),
    ("melt", 'melt(t, "key", columns: ["loss", "steps"])', lambda t, u: t.melt("key", ["loss", "steps"])),
    ("explode", 'explode(head(t, 50000).with_columns(parts: split(head(t, 50000).model)), "parts")', lambda t, u: t.head(50000).assign(parts=t.head(50000).model.str.split()).explode("parts")),
    ("means", "mean(t)", lambda t, u: t.mean(numeric_only=True)),
    ("dates", 'format_date(t.steps * 86400, "%Y-%m")', lambda t, u: pd.to_datetime(t.steps * 86400, unit="s").dt.strftime("%Y-%m")),
    ("parse dates", 'parse_date(format_date(t.steps * 86400))', lambda t, u: pd.to_datetime(pd.to_datetime(t.steps * 86400, unit="s").dt.strftime("%Y-%m-%dT%H:%M:%SZ"))),
    ("describe", 't.describe()', lambda t, u: t.describe(include="all")),
    ("rolling", 'rolling(t.loss, 10)', lambda t, u: t.loss.rolling(10).mean()),
    ("shift", 't.loss - shift(t.loss)', lambda t, u: t.loss.diff()),
    ("texts", 'upper(t.model)', lambda t, u: t.model.str.upper()),
    ("where", 'where(t.loss > 0.5, "high", "low")', lambda t, u: np.where(t.loss > 0.5, "high", "low")),
    ("group many", 't.group("model", mean: ["loss", "steps"], std: "loss", min: "loss", max: "loss", count: true)', lambda t, u: t.groupby("model").agg({"loss": ["mean", "std", "min", "max", "count"], "steps": "mean"})),
    ("group three", 't.group(["model", "seed", "steps"], mean: "loss")', lambda t, u: t.groupby(["model", "seed", "steps"]).loss.mean()),
    ("group own", 't.group("model", gap: fn(g) = max(g.loss) - min(g.loss))', lambda t, u: t.groupby("model").apply(lambda g: g.loss.max() - g.loss.min())),
    ("group spread", 't.group("model", var: "loss", sem: "loss", quantile: {loss: 0.9})', lambda t, u: (t.groupby("model").loss.agg(["var", "sem"]), t.groupby("model").loss.quantile(0.9))),
    ("group different", 't.group("model", unique: "steps", prod: "loss")', lambda t, u: t.groupby("model").agg({"steps": "nunique", "loss": "prod"})),
    ("group thousand", 't.group("steps", mean: "loss", std: "loss")', lambda t, u: t.groupby("steps").loss.agg(["mean", "std"])),
    ("crosstab", 't.pivot("model", "seed")', lambda t, u: pd.crosstab(t.model, t.seed)),
    ("join cross", 'join(head(t, 1000), head(u, 1000), how: "cross")', lambda t, u: t.head(1000).merge(u.head(1000), how="cross", suffixes=("", "_r"))),
    ("variances", "var(t)", lambda t, u: t.var(numeric_only=True)),
    ("products", "prod(t)", lambda t, u: t.prod(numeric_only=True)),
    ("counts", 't.group("model").sort("count", descending: true)', lambda t, u: t.model.value_counts()),
    ("sort down", 't.sort(["model", "loss"], descending: true)', lambda t, u: t.sort_values(["model", "loss"], ascending=False, kind="stable")),
    ("sort whole", 't.sort("seed", "key")', lambda t, u: t.sort_values(["seed", "key"], kind="stable")),
    ("join two", 't.join(w, on: ["model", "seed"])', lambda t, u: t.merge(OTHER["w"], on=["model", "seed"])),
    ("join left", 't.join(h, on: "key", how: "left")', lambda t, u: t.merge(OTHER["h"], on="key", how="left")),
    ("join outer", 't.join(h, on: "key", how: "outer")', lambda t, u: t.merge(OTHER["h"], on="key", how="outer")),
    ("contains", 't[contains(t.model, "1")]', lambda t, u: t[t.model.str.contains("1", regex=False)]),
    ("isin text", 't[isin(t.model, ["model 1", "model 7"])]', lambda t, u: t[t.model.isin(["model 1", "model 7"])]),
    ("isin number", 't[isin(t.seed, [1, 7])]', lambda t, u: t[t.seed.isin([1, 7])]),
    ("new column", "with_columns(t, x: t.loss * 100 / (t.steps + 1))", lambda t, u: t.assign(x=t.loss * 100 / (t.steps + 1))),
    ("unique column", "unique(t.model)", lambda t, u: t.model.unique()),
    ("unique two", 't.unique("model", "seed")', lambda t, u: t.drop_duplicates(["model", "seed"])),
    ("fill", "fill_missing(shift(t.loss), 0)", lambda t, u: t.loss.shift().fillna(0)),
    ("cumsum", "cumsum(t.loss)", lambda t, u: t.loss.cumsum()),
    ("cummax", "cummax(t.loss)", lambda t, u: t.loss.cummax()),
    ("rows", "map(head(t, 50000), fn(r) = r.loss * r.steps)", lambda t, u: t.head(50000).apply(lambda r: r.loss * r.steps, axis=1)),
    ("corr", "corr(t)", lambda t, u: t.corr(numeric_only=True)),
    ("round", "round(t.loss, 2)", lambda t, u: t.loss.round(2)),
    ("log", "log(t.loss)", lambda t, u: np.log(t.loss)),
    ("clamp", "clamp(t.loss, 0.2, 0.8)", lambda t, u: t.loss.clip(0.2, 0.8)),
    ("median", "median(t.loss)", lambda t, u: t.loss.median()),
    ("quartiles", "quantile(t.loss, [0.25, 0.5, 0.75])", lambda t, u: t.loss.quantile([0.25, 0.5, 0.75])),
    ("topk", "topk(t.loss, 10)", lambda t, u: t.loss.nlargest(10)),
    ("std", "std(t.loss)", lambda t, u: t.loss.std()),
    ("norm", "norm(t.loss)", lambda t, u: np.linalg.norm(t.loss.dropna())),
    ("logsumexp", "logsumexp(t.loss)", lambda t, u: np.logaddexp.reduce(t.loss.dropna())),
    ("dot", "dot(t.loss, t.steps)", lambda t, u: (t.loss * t.steps).sum()),
    ("mse", "mse(t.loss, t.steps)", lambda t, u: ((t.loss - t.steps) ** 2).mean()),
    ("histogram", "histogram(t.loss, 50)", lambda t, u: np.histogram(t.loss.dropna(), 50)),
    ("smooth", "smooth(t.loss, 0.9)", lambda t, u: t.loss.ewm(alpha=0.1).mean()),
    ("max", "max(t.loss)", lambda t, u: t.loss.max()),
    ("argmax", "argmax(t.loss)", lambda t, u: t.loss.idxmax()),
    ("rolling std", 'rolling(t.loss, 100, "std")', lambda t, u: t.loss.rolling(100).std()),
    ("rolling max", 'rolling(t.loss, 100, "max")', lambda t, u: t.loss.rolling(100).max()),
    ("rolling median", 'rolling(t.loss, 25, "median")', lambda t, u: t.loss.rolling(25).median()),
    ("where number", "where(t.loss > 0.5, t.loss, t.steps)", lambda t, u: np.where(t.loss > 0.5, t.loss, t.steps)),
    ("join texts", 't.model + "/" + t.model', lambda t, u: t.model + "/" + t.model),
    ("replace", 'replace(t.model, "model", "net")', lambda t, u: t.model.str.replace("model", "net", regex=False)),
    ("concat", "concat(t, t)", lambda t, u: pd.concat([t, t])),
    ("rows at", "t[::3]", lambda t, u: t.iloc[::3].copy()),
    ("not nil", "t[t.loss != nil]", lambda t, u: t[t.loss.notna()]),
    ("different", "unique(n)", lambda t, u: OTHER["n"].drop_duplicates()),
    ("group names", 'n.group("name", mean: "x")', lambda t, u: OTHER["n"].groupby("name").x.mean()),
    ("sort names", 'n.sort("name")', lambda t, u: OTHER["n"].sort_values("name", kind="stable")),
    ("join names", 'n.join(n, on: "name")', lambda t, u: OTHER["n"].merge(OTHER["n"], on="name")),
    ("rank", "rank(t.loss)", lambda t, u: t.loss.rank()),
    ("cut", "cut(t.loss, 10)", lambda t, u: pd.cut(t.loss, 10)),
    ("join other names", 't.join(rename(u, {key: "number"}), on: {key: "number"})', lambda t, u: t.merge(u.rename(columns={"key": "number"}), left_on="key", right_on="number")),
    ("filter call", 'filter(t, t.loss < 0.5)', lambda t, u: t[t.loss < 0.5]),
    ("sorted", 'sorted(t, "seed")', lambda t, u: t.sort_values("seed", kind="stable")),
    ("sort column", "sort(t.loss)", lambda t, u: t.loss.sort_values(kind="stable")),
    ("tail", "tail(t, 500000)", lambda t, u: t.tail(500000).copy()),
    ("select", 'select(t, "loss", "model")', lambda t, u: t[["loss", "model"]]),
    ("drop", 'drop(t, "loss")', lambda t, u: t.drop(columns="loss")),
    ("rename", 'rename(t, {loss: "l"})', lambda t, u: t.rename(columns={"loss": "l"})),
    ("push", 'push copy(t), u', lambda t, u: pd.concat([t.copy(), u])),
    ("table", "table({a: t.loss, b: t.model})", lambda t, u: pd.DataFrame({"a": t.loss, "b": t.model})),
    ("sum", "sum(t.loss)", lambda t, u: t.loss.sum()),
    ("min", "min(t.loss)", lambda t, u: t.loss.min()),
    ("var", "var(t.loss)", lambda t, u: t.loss.var()),
    ("argmin", "argmin(t.loss)", lambda t, u: t.loss.idxmin()),
    ("any", "any(t.loss > 2)", lambda t, u: (t.loss > 2).any()),
    ("all", "all(t.loss < 2)", lambda t, u: (t.loss < 2).all()),
    ("to list", "to_list(t.loss)", lambda t, u: t.loss.tolist()),
    ("abs", "abs(t.loss)", lambda t, u: t.loss.abs()),
    ("sqrt", "sqrt(t.loss)", lambda t, u: np.sqrt(t.loss)),
    ("exp", "exp(t.loss)", lambda t, u: np.exp(t.loss)),
    ("log2", "log2(t.loss)", lambda t, u: np.log2(t.loss)),
    ("sin", "sin(t.loss)", lambda t, u: np.sin(t.loss)),
    ("cos", "cos(t.loss)", lambda t, u: np.cos(t.loss)),
    ("tan", "tan(t.loss)", lambda t, u: np.tan(t.loss)),
    ("tanh", "tanh(t.loss)", lambda t, u: np.tanh(t.loss)),
    ("floor", "floor(t.loss * 10)", lambda t, u: np.floor(t.loss * 10)),
    ("ceil", "ceil(t.loss * 10)", lambda t, u: np.ceil(t.loss * 10)),
    ("isnan", "isnan(t.loss)", lambda t, u: t.loss.isna()),
    ("isinf", "isinf(t.loss)", lambda t, u: np.isinf(t.loss)),
    ("confusion", "confusion(t.seed, t.steps % 10)", lambda t, u: pd.crosstab(t.seed, t.steps % 10)),
    ("corr two", "corr(t.loss, t.steps)", lambda t, u: t.loss.corr(t.steps)),
    ("maximum", "maximum(t.loss, t.steps)", lambda t, u: np.maximum(t.loss, t.steps)),
    ("minimum", "minimum(t.loss, 0.5)", lambda t, u: np.minimum(t.loss, 0.5)),
    ("cumprod", "cumprod(t.loss)", lambda t, u: t.loss.cumprod()),
    ("cummin", "cummin(t.loss)", lambda t, u: t.loss.cummin()),
    ("lower", "lower(t.model)", lambda t, u: t.model.str.lower()),
    ("strip", "strip(t.model)", lambda t, u: t.model.str.strip()),
    ("split", "split(t.model)", lambda t, u: t.model.str.split()),
    ("match", 'match(t.model, "[0-9]+")', lambda t, u: t.model.str.extract("([0-9]+)")),
    ("find all", 'find_all(t.model, "[0-9]")', lambda t, u: t.model.str.findall("[0-9]")),
    ("starts", 'starts_with(t.model, "mo")', lambda t, u: t.model.str.startswith("mo")),
    ("ends", 'ends_with(t.model, "7")', lambda t, u: t.model.str.endswith("7")),
    ("num", 'num(replace(t.model, "model ", ""))', lambda t, u: pd.to_numeric(t.model.str.replace("model ", "", regex=False))),
    ("power", "t.loss ** 2", lambda t, u: t.loss ** 2),
    ("root", "t.loss ** 0.5", lambda t, u: t.loss ** 0.5),
    ("any power", "t.loss ** 1.7", lambda t, u: t.loss ** 1.7),
    ("divide", "t.loss / t.steps", lambda t, u: t.loss / t.steps),
    ("floor divide", "t.steps // 7", lambda t, u: t.steps // 7),
    ("remainder", "t.steps % 7", lambda t, u: t.steps % 7),
    ("negative", "-t.loss", lambda t, u: -t.loss),
    ("compare", "t.loss < t.steps", lambda t, u: t.loss < t.steps),
    ("equal", "t.seed == 3", lambda t, u: t.seed == 3),
    ("equal texts", 't.model == "model 3"', lambda t, u: t.model == "model 3"),
    ("less texts", 't.model < "model 3"', lambda t, u: t.model < "model 3"),
    ("and", "(t.loss < 0.5) and (t.seed == 3)", lambda t, u: (t.loss < 0.5) & (t.seed == 3)),
    ("not", "not (t.loss < 0.5)", lambda t, u: ~(t.loss < 0.5)),
    ("is nil", "t.loss == nil", lambda t, u: t.loss.isna()),
    ("sum of mask", "sum(t.loss < 0.5)", lambda t, u: (t.loss < 0.5).sum()),
    ("set column", "t.double = t.loss * 2", lambda t, u: t.assign(double=t.loss * 2)),
    ("set where", "t[t.seed == 3].loss = 0.5", lambda t, u: t.assign(loss=t.loss.mask(t.seed == 3, 0.5))),
    ("shift texts", "shift(t.model)", lambda t, u: t.model.shift()),
    ("fill table", 'fill_missing(t, by: "previous")', lambda t, u: t.ffill()),
    ("fill down", 'fill_missing(shift(t.loss, -1), by: "previous")', lambda t, u: t.loss.shift(-1).ffill()),
    ("fill line", 'fill_missing(where(t.seed == 3, nil, t.loss), by: "line")', lambda t, u: t.loss.mask(t.seed == 3).interpolate()),
    ("sample", "sample(t, 10000)", lambda t, u: t.sample(10000)),
    ("shuffle", "shuffle(t)", lambda t, u: t.sample(frac=1)),
    ("split rows", "split(t, test: 0.2)", lambda t, u: [part for part in np.split(t.sample(frac=1), [800000])]),
    ("write json", 'save head(t, 100000), "out.json"', lambda t, u: t.head(100000).to_json("out.json", orient="records")),
    ("write parquet", 'save t, "out.parquet"', lambda t, u: t.to_parquet("out.parquet")),
    ("tensor", "tensor(t.loss)", lambda t, u: t.loss.to_numpy(dtype="float32")),
    ("length", "len(t[t.loss < 0.5])", lambda t, u: len(t[t.loss < 0.5])),
    ("line as png", 'save plot(t.loss), "p.png"', lambda t, u: draw("q.png", "line", t.loss)),
    ("line as svg", 'save plot(t.loss), "p.svg"', lambda t, u: draw("q.svg", "line", t.loss)),
    ("points as png", 'save plot(t.loss, kind: "scatter"), "p.png"', lambda t, u: draw("q.png", "scatter", t.loss)),
    ("histogram", 'save plot(t.loss, kind: "histogram", bins: 50), "p.png"', lambda t, u: draw("q.png", "histogram", t.loss)),
]


def main():
    program = os.path.abspath(sys.argv[1])
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    cases = [case for case in CASES if len(sys.argv) <= 4 or case[0] in sys.argv[4:]]
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
        OTHER["w"] = t.groupby(["model", "seed"]).loss.mean().rename("usual").reset_index()
        OTHER["h"] = u[["key", "weight"]][::2].reset_index(drop=True)
        OTHER["v"] = u.drop_duplicates("model")[["model", "weight"]]
        # As many names as rows.
        OTHER["n"] = pd.DataFrame({"name": np.char.add("name ", random.permutation(rows // 4).astype(str)), "x": random.random(rows // 4)})
        for name, frame in OTHER.items():
            frame.to_csv(f"{name}.csv", index=False)
        script = 't = read_table("t.csv")\nu = read_table("u.csv")\n'
        script += "u = drop(u, \"model\")\n"
        script += "".join(f'{name} = read_table("{name}.csv")\n' for name in OTHER)
        for _, call, _ in cases:
            script += f"start = now()\n{call};\nprint now() - start\n"
        with open("x.pxb", "w") as file:
            file.write(script)
        times = [([], []) for _ in cases]
        for _ in range(rounds):
            done = subprocess.run([program, "run", "x.pxb"], capture_output=True, text=True)
            if done.returncode != 0:
                sys.exit(done.stdout + done.stderr)
            for (ours, theirs), line, (name, _, call) in zip(times, done.stdout.split(), cases):
                ours.append(float(line))
                other = u.drop(columns="model") if "join number" in name else u
                start = time.perf_counter()
                call(t, other)
                theirs.append(time.perf_counter() - start)
        print(f"{rows} rows, the shortest of {rounds} in turn, pandas {pd.__version__}:")
        print("milliseconds here, there, ratio")
        for (name, _, _), (ours, theirs) in zip(cases, times):
            print(f"{name:14} {1000 * min(ours):9.1f} {1000 * min(theirs):9.1f} {min(ours) / min(theirs):6.2f}")


main()
