"""Compares the operations on tables with those of pandas on random data.

table_check.py PROGRAM [seeds] [rows] runs PROGRAM on files of random rows, some of them missing, and compares every result.
table_check.py golden writes Tests/Scripts/workbench/tables/pandas.pxb: small data with the answers of pandas, so that the tests need none.
"""

import json
import math
import os
import subprocess
import sys
import tempfile

import numpy as np
import pandas as pd


def frame(random, rows, keys=5):
    """Rows with two keys, numbers, whole numbers and truths; some values are missing."""
    texts = random.choice(["lstm", "mamba", "resnet", "é, \"x\"", "a b"][:keys], rows).astype(object)
    data = pd.DataFrame({
        "model": texts,
        "seed": random.integers(0, 4, rows),
        "loss": random.normal(size=rows).round(6),
        "steps": random.integers(-50, 50, rows).astype(float),
        "good": random.random(rows) < 0.5,
    })
    if rows > 0:
        data.loc[random.random(rows) < 0.1, "loss"] = np.nan
        data.loc[random.random(rows) < 0.1, "model"] = None
        data.loc[random.random(rows) < 0.1, "steps"] = np.nan
    return data


AGGREGATES = ["mean", "std", "sem", "var", "sum", "prod", "min", "max", "median", "count", "unique", "first", "last"]


def operations(a, b):
    """The name, the expression here and the answer of pandas of each operation on the tables a and b."""
    def grouped(keys, columns):
        groups = a.groupby(keys, dropna=False)
        parts = {}
        for name in AGGREGATES:
            for column in columns:
                if name == "unique":
                    value = groups[column].nunique()
                else:
                    value = getattr(groups[column], name)()
                parts[f"{column}_{name}"] = value
        return pd.DataFrame(parts).reset_index()

    named = ", ".join(f'{name}: ["loss", "steps"]' for name in AGGREGATES)
    yield "mask", "a[a.loss < 0.25]", a[a.loss < 0.25]
    yield "masks", '(a[((a.loss > 0) and (a.model == "lstm")) or not a.good])', a[((a.loss > 0) & (a.model == "lstm")) | ~a.good]
    yield "missing", "a[(a.loss != nil) and (a.model != nil)]", a[a.loss.notna() & a.model.notna()]
    yield "slices", "a[2:-3:2]", a.iloc[2:-3:2]
    yield "arithmetic", "with_columns(a, x: a.loss * 2 - a.steps / 4, y: -a.loss ** 2, z: 3 - a.seed)", a.assign(
        x=a.loss * 2 - a.steps / 4, y=-(a.loss**2), z=3 - a.seed)
    yield "whole", "with_columns(a, q: a.steps // 7, r: a.steps % 7)", a.assign(q=a.steps // 7, r=a.steps % 7)
    yield "by zero", "with_columns(a, q: a.steps // 0, r: a.steps % 0, s: a.steps / 0, t: 7 // a.seed, u: -7.5 % a.seed)", a.assign(
        q=a.steps // 0, r=a.steps % 0, s=a.steps / 0, t=7 // a.seed.astype(float), u=-7.5 % a.seed)
    yield "by fractions", "with_columns(a, q: a.loss // 0.1, r: a.loss % 0.1, s: a.steps // a.loss, t: a.steps % a.loss)", a.assign(
        q=a.loss // 0.1, r=a.loss % 0.1, s=a.steps // a.loss, t=a.steps % a.loss)
    yield "melt", 'melt(a, "seed", columns: ["loss", "steps"])', a.melt("seed", ["loss", "steps"], "column")
    parts = a[a.model.notna()]
    yield "explode", 'explode(with_columns(a[a.model != nil], parts: split(a[a.model != nil].model)), "parts")', parts.assign(
        parts=parts.model.str.split()).explode("parts")
    for name in ("sum", "mean", "std", "var", "prod", "median", "min", "max"):
        theirs = getattr(a[["loss", "steps", "seed"]], name)().to_frame().T
        yield f"{name} of each", f'table([{{loss: {name}(a, "loss").loss, steps: a.{name}().steps, seed: {name}(a).seed}}])', theirs
    days = pd.to_datetime((a.steps * 1e6 + 3.3), unit="s")
    yield "dates", 'table({day: format_date(a.steps * 1e6 + 3.3, "%A %d %b %Y %j"), hour: num(format_date(format_date(a.steps * 1e6), "%H"))})', pd.DataFrame({
        "day": days.dt.strftime("%A %d %b %Y %j"), "hour": pd.to_datetime(a.steps * 1e6, unit="s").dt.hour})
    for keys in (["loss"], ["model"], ["model", "steps"], ["good", "seed", "loss"]):
        text = json.dumps(keys)
        yield f"sort {keys}", f"a.sort({text})", a.sort_values(keys, kind="stable")
        yield f"sort down {keys}", f"a.sort({text}, descending: true)", a.sort_values(keys, ascending=False, kind="stable")
    for keys in (["model"], ["seed"], ["model", "seed"], ["good", "model"]):
        yield f"group {keys}", f"a.group({json.dumps(keys)}, {named})", grouped(keys, ["loss", "steps"])
    losses = a.groupby("model", dropna=False).loss
    yield "quantiles of groups", 'a.group("model", quantile: {loss: [0.1, 0.75]})', pd.DataFrame({
        "loss_q10": losses.quantile(0.1), "loss_q75": losses.quantile(0.75)}).reset_index()
    yield "sizes", 'a.group("model")', a.groupby("model", dropna=False).size().reset_index(name="count")
    for how in ("inner", "left", "right", "outer"):
        for keys in (["seed"], ["model", "seed"]):
            right = b[keys + ["loss", "weight"]]
            text = json.dumps(keys)
            merged = a.merge(right, on=keys, how="left" if how == "outer" else how, suffixes=("", "_right"))
            if how == "outer":
                # pandas puts the rows of an outer join in the order of the keys, here those of the right table come last.
                extra = right.merge(a[keys].drop_duplicates(), on=keys, how="left", indicator=True)
                extra = extra[extra._merge == "left_only"].drop(columns="_merge").rename(columns={"loss": "loss_right"})
                merged = pd.concat([merged, extra])[merged.columns]
            yield f"join {how} {keys}", f'join(a, select(b, {text} + ["loss", "weight"]), on: {text}, how: "{how}")', merged
    yield "cross join", 'join(head(a, 9), select(b, "seed", "weight"), how: "cross")', a.head(9).merge(
        b[["seed", "weight"]], how="cross", suffixes=("", "_right"))
    counts = pd.crosstab(a.seed, a.good).reset_index()
    counts.columns = ["seed"] + [str(bool(column)).lower() for column in counts.columns[1:]]
    yield "pivot of rows", 'pivot(a, "seed", "good")', counts
    named = b[["seed", "model", "weight"]].rename(columns={"seed": "number"})
    yield "join names", 'join(a, rename(select(b, ["seed", "model", "weight"]), {seed: "number"}), on: {seed: "number"})', a.merge(
        named, left_on="seed", right_on="number", suffixes=("", "_right")).drop(columns="number")
    for ties in ("average", "min", "max", "first", "dense"):
        for down in (False, True):
            yield f"rank {ties} {down}", f'table({{loss: rank(a.loss, ties: "{ties}", descending: {str(down).lower()}), ' \
                f'steps: rank(a.steps, ties: "{ties}", descending: {str(down).lower()})}})', a[["loss", "steps"]].rank(method=ties, ascending=not down)
    for right in (True, False):
        yield f"cut {right}", f'table({{loss: cut(a.loss, [-1, -0.25, 0.5, 2], right: {str(right).lower()}), steps: ' \
            f'cut(a.steps, [-50, 0, 10, 50], labels: ["x", "y", "z"], right: {str(right).lower()})}})', pd.DataFrame({
                "loss": pd.cut(a.loss, [-1, -0.25, 0.5, 2], right=right).astype(object).map(
                    lambda part: None if pd.isna(part) else str(part).replace(".0,", ",").replace(".0]", "]").replace(".0)", ")")),
                "steps": pd.cut(a.steps, [-50, 0, 10, 50], labels=["x", "y", "z"], right=right).astype(object)})
        if a.loss.notna().any():
            yield f"cut in three {right}", f'table({{loss: cut(a.loss, 3, labels: ["x", "y", "z"], right: {str(right).lower()})}})', pd.DataFrame({
                "loss": pd.cut(a.loss, 3, labels=["x", "y", "z"], right=right).astype(object)})
    for function in ("mean", "count", "max"):
        pivot = a[a.model.notna()].pivot_table("loss", "seed", "model", aggfunc=function, dropna=False).reset_index()
        yield f"pivot {function}", f'pivot(a[a.model != nil], "seed", "model", "loss", "{function}")', pivot
    described = a[["loss", "steps", "seed"]].describe().T.reset_index(drop=True)
    described.columns = ["count", "mean", "std", "min", "q25", "median", "q75", "max"]
    yield "describe", 'describe(select(a, "loss", "steps", "seed")).select("count", "mean", "std", "min", "q25", "median", "q75", "max")', described
    for name in ("mean", "std", "var", "sem", "min", "max", "sum", "median", "count"):
        for size in (1, 3, 10):
            theirs = getattr(a.loss.rolling(size, min_periods=1), name)().to_frame()
            if name == "count":
                # A window without values has fewer than the one that is asked for.
                theirs = theirs.astype(float).replace(0, np.nan)
            yield f"rolling {name} {size}", f'table({{loss: rolling(a.loss, {size}, "{name}", least: 1)}})', theirs
    for name in ("cumsum", "cumprod", "cummax", "cummin"):
        yield name, f"table({{loss: {name}(a.loss)}})", getattr(a.loss, name)().to_frame()
    if len(a) > 2:
        correlations = a.corr(numeric_only=True).rename_axis("column").reset_index()
        yield "corr", "corr(a)", correlations
    yield "clamp", "table({loss: clamp(a.loss, -0.5, 0.5)})", a.loss.clip(-0.5, 0.5).to_frame()
    yield "round", "table({loss: round(a.loss, 2)})", a.loss.map(lambda loss: round(loss, 2)).to_frame()
    yield "contains", 'a[contains(a.model, "m")]', a[a.model.str.contains("m", regex=False).fillna(False).astype(bool)]
    yield "isin", 'a[isin(a.model, ["lstm", "a b"])]', a[a.model.isin(["lstm", "a b"])]
    yield "texts", 'table({model: a.model + "/" + a.model})', (a.model + "/" + a.model).to_frame()
    yield "upper", "table({model: upper(a.model)})", a.model.str.upper().to_frame()
    yield "where", "table({loss: where(a.good, a.loss, a.steps)})", a.loss.where(a.good, a.steps).to_frame("loss")
    yield "shift", "table({loss: shift(a.loss, 2)})", a.loss.shift(2).to_frame()
    yield "concat", "concat(a, b)", pd.concat([a, b])
    yield "unique", 'unique(a, "model", "seed")', a.drop_duplicates(["model", "seed"])
    yield "head", "head(a, 3)", a.head(3)
    yield "tail", "tail(a, 3)", a.tail(3)
    yield "drop", 'drop(a, "loss", "good")', a.drop(columns=["loss", "good"])
    yield "rename", 'rename(a, {loss: "l"})', a.rename(columns={"loss": "l"})
    yield "fill down", 'fill_missing(a, by: "previous")', a.ffill()
    yield "fill up", 'fill_missing(a, "loss", "steps", by: "next")', a.assign(loss=a.loss.bfill(), steps=a.steps.bfill())
    yield "fill", 'fill_missing(a, 0, "loss")', a.fillna({"loss": 0})


def values(data):
    """Rows of plain values, None for a missing one."""
    def plain(value):
        if value is None or value is pd.NA or isinstance(value, float) and math.isnan(value):
            return None
        if isinstance(value, (bool, np.bool_)):
            return bool(value)
        return float(value) if isinstance(value, (int, float, np.integer, np.floating)) else str(value)
    return [[plain(value) for value in row] for row in data.itertuples(index=False)]


def equal(ours, theirs):
    if ours is None and isinstance(theirs, bool) or theirs is None and isinstance(ours, bool):
        return False
    if isinstance(ours, bool) != isinstance(theirs, bool):
        return False
    if isinstance(ours, float) and isinstance(theirs, float):
        return math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-9)
    return ours == theirs


def check(program, seed, rows=None):
    random = np.random.default_rng(seed)
    rows = rows or [5, 1, 2, 3, 40, 100, 300][seed % 7]
    a = frame(random, rows)
    b = frame(random, max(rows // 3, 2)).assign(weight=lambda data: random.integers(0, 9, len(data)))
    with tempfile.TemporaryDirectory() as folder:
        a.to_csv(f"{folder}/a.csv", index=False)
        b.to_csv(f"{folder}/b.csv", index=False)
        cases = list(operations(a, b))
        script = 'a = read_table("a.csv", texts: ["model"])\nb = read_table("b.csv", texts: ["model"])\n'
        for place, (_, expression, _) in enumerate(cases):
            script += f'save(({expression}), "out-{place}.json")\n'
        script += 'save a, "back.csv"\nassert equal(read_table("back.csv", texts: ["model"]), a)\nsave a, "back.parquet"\n'
        script += 'print equal(read_table("back.parquet"), a)\n'
        with open(f"{folder}/x.pxb", "w") as file:
            file.write(script)
        done = subprocess.run([os.path.abspath(program), "run", "x.pxb"], cwd=folder, capture_output=True, text=True)
        if done.returncode != 0 or "true" not in done.stdout:
            return 1, [f"seed {seed}: {done.stdout}{done.stderr}"]
        wrong = []
        if values(pd.read_parquet(f"{folder}/back.parquet")) != values(a):
            wrong.append(f"seed {seed}: parquet")
        if values(pd.read_csv(f"{folder}/back.csv", keep_default_na=False, na_values=[""])) != values(a):
            wrong.append(f"seed {seed}: CSV")
        for place, (name, _, theirs) in enumerate(cases):
            with open(f"{folder}/out-{place}.json") as file:
                rows_here = json.load(file)
            # NaN is what pandas has for a missing value as well.
            ours = [[None if v != v else float(v) if isinstance(v, int) and not isinstance(v, bool) else v
                     for v in row.values()] for row in rows_here]
            expected = values(theirs)
            columns = list(rows_here[0]) if rows_here else list(theirs.columns)
            if columns != [str(column) for column in theirs.columns]:
                wrong.append(f"seed {seed}, {name}: columns {columns}, pandas {list(theirs.columns)}")
            elif len(ours) != len(expected):
                wrong.append(f"seed {seed}, {name}: {len(ours)} rows, pandas {len(expected)}")
            else:
                for row, (mine, other) in enumerate(zip(ours, expected)):
                    if not all(map(equal, mine, other)):
                        wrong.append(f"seed {seed}, {name}, row {row}: {mine}, pandas {other}")
                        break
        return len(cases) + 2, wrong


def written(value):
    """A value as `print` writes it inside a list."""
    if value is None:
        return "nil"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isinf(value):
            return "inf" if value > 0 else "-inf"
        number = round(value, 9)
        return str(int(number)) if number == int(number) else repr(number)
    return json.dumps(value, ensure_ascii=False)


def golden():
    random = np.random.default_rng(7)
    a = frame(random, 12, 3)
    b = frame(random, 5, 3).assign(weight=[3, 1, 4, 1, 5])
    lines = ["# The answers of pandas, which Scripts/table_check.py worked out; numbers are rounded to nine digits.", ""]
    for name, data in (("a", a), ("b", b)):
        columns = ", ".join(f"{column}: [{', '.join(map(written, [row[place] for row in values(data)]))}]"
                            for place, column in enumerate(data.columns))
        lines.append(f"{name} = table({{{columns}}})")
    lines += ["fn told(t) {", "  for name in t.columns {", "    column = t[name]",
              '    if all(map(column, fn(x) = x == nil or type(x) == "number")) { column = where(isnan(column), nil, round(column, 9)) }',
              "    print name, column", "  }", "}"]
    for name, expression, theirs in operations(a, b):
        lines += ["", f"# {name}", f"told({expression})"]
        rows = values(theirs)
        for place, column in enumerate(theirs.columns):
            lines.append(f"# expect: {column} [{', '.join(written(row[place]) for row in rows)}]")
    path = os.path.join(os.path.dirname(__file__), "..", "Tests", "Scripts", "workbench", "tables", "pandas.pxb")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    if sys.argv[1] == "golden":
        golden()
    else:
        total, faults = 0, []
        for seed in range(int(sys.argv[2]) if len(sys.argv) > 2 else 35):
            count, wrong = check(sys.argv[1], seed, int(sys.argv[3]) if len(sys.argv) > 3 else None)
            total += count
            faults += wrong
        print(f"{total} results compared with pandas {pd.__version__}, {len(faults)} different")
        for fault in faults[:20]:
            print(fault)
        sys.exit(bool(faults))
