# From files to a table for a paper.
import os

import numpy as np
import pandas as pd

FOLDER = "runs"
os.makedirs(FOLDER, exist_ok=True)
random = np.random.default_rng(1)
for part in ["may", "june"]:
    pd.DataFrame([
        {"model": m, "data": d, "seed": s, "loss": 1 + len(m) / 9 + 0.1 * random.standard_normal()}
        for m in ["lstm", "mamba"] for d in ["text", "pixels"] for s in range(3)
    ]).to_csv(f"{FOLDER}/{part}.csv", index=False)

paths = [f"{FOLDER}/{part}.csv" for part in ["june", "may"]]
runs = pd.concat([pd.read_csv(path).assign(part=path) for path in paths], ignore_index=True)
sizes = pd.DataFrame({"model": ["lstm", "mamba"], "parameters": [618689, 1204533]})
runs = runs.merge(sizes, on="model")
runs["perplexity"] = np.exp(runs.loss)
print(runs.sort_values("loss").head(4).to_string(index=False))

summary = runs.groupby(["model", "data"]).agg(
    count=("loss", "size"), loss_mean=("loss", "mean"), perplexity_mean=("perplexity", "mean"),
    loss_std=("loss", "std")).reset_index()
summary.to_csv(f"{FOLDER}-summary.csv", index=False)
summary.to_latex(f"{FOLDER}-summary.tex", index=False, float_format="%.4f")
print(summary.to_string(index=False))

best = runs.pivot_table(index="model", columns="data", values="loss", aggfunc="min")
print(best.to_string())
axes = runs.boxplot(column="loss", by=["data", "model"])
axes.figure.savefig("tables.png")
