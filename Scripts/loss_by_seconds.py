"""Trains the same model by the same recipe here and in PyTorch, and tells how soon each reaches the same test loss.

    loss_by_seconds.py PROGRAM [--data PATH] [--model CODE] [--steps N] [--sequence N] [--threads N]

The paper's recipe: windows of N patches 32 apart that wrap round their rows, 32 a step, the loss after the last one, AdamW. Both begin
with the same weights and see the same rows, in orders of their own. Rows whose number ends in 3 are for the test; without --data
sprites are drawn. Prints the test loss on 1,000 windows ten times on the way, with the seconds of training alone, and how many times
sooner the loss that PyTorch has in the end is reached here.
"""

import argparse
import csv
import json
import subprocess
import tempfile
import time
from pathlib import Path

import torch
from torch.nn import functional as F

from pytorch_models import load, read_tensors

SCRIPT = """
rows = build({data}, max_size: 32)
fn part(isTest) = rows[[i for i in range(len(rows)) if (i % 10 == 3) == isTest]]
net = {model}
save net, "first"
for name, data in {{learned: part(false), tested: part(true)}} {{
  patches = {{}}
  for i, row in enumerate(data) {{ patches[f"{{i}}"] = row.pixelbyte.patches }}
  save patches, name + ".safetensors"
}}
history = train(
  net, part(false), validate: part(true), recipe: "paper", steps: {steps}, sequence: {sequence}, samples: 1000,
  every: "{every} steps", seed: 1)
save history, "history.csv"
"""


def here(options, folder, every):
    """[(loss, seconds)] of our training, and what it was given."""
    data = f"load_dataset({json.dumps(str(Path(options.data).resolve()))})" if options.data else "sprites(count: 500, seed: 1)"
    script = SCRIPT.format(data=data, model=options.model, steps=options.steps, sequence=options.sequence, every=every)
    (folder / "train.pxb").write_text(script)
    program = Path(options.program).resolve()
    subprocess.run([program, "--threads", str(options.threads), "run", "train.pxb"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    with open(folder / "history.csv") as file:
        return [(float(row["test_loss"]), float(row["seconds"])) for row in csv.DictReader(file)]


class Windows:
    """Windows of rows of patches, 32 apart, which wrap round their rows."""

    def __init__(self, path, length):
        self.rows = [torch.tensor(row, dtype=torch.long) for row in read_tensors(path).values()]
        self.length = length
        self.starts = [(row, start) for row, patches in enumerate(self.rows) for start in range(0, len(patches), 32)]

    def __call__(self, numbers):
        patches = []
        for row, start in (self.starts[number] for number in numbers):
            row = self.rows[row]
            patches.append(row[torch.arange(start, start + self.length + 1) % len(row)])
        patches = torch.stack(patches)
        return patches[:, :-1], patches[:, -1, 1, 1]


def there(options, folder, every):
    """[(loss, seconds)] of PyTorch's."""
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    model = load(folder / "first")
    learned, tested = (Windows(folder / f"{name}.safetensors", options.sequence) for name in ("learned", "tested"))
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    measured, seconds, order = [], 0.0, []
    sample = torch.randperm(len(tested.starts))[:1000].tolist()

    def test():
        model.eval()
        with torch.no_grad():
            losses = []
            for first in range(0, len(sample), 50):
                ids, labels = tested(sample[first : first + 50])
                losses.append(F.cross_entropy(model(ids), labels, reduction="sum").item())
        model.train()
        measured.append((sum(losses) / len(sample), seconds))

    test()
    for step in range(1, options.steps + 1):
        start = time.perf_counter()
        if len(order) < 32:
            order = torch.randperm(len(learned.starts)).tolist()
        ids, labels = learned(order[:32])
        order = order[32:]
        optimizer.zero_grad()
        F.cross_entropy(model(ids), labels).backward()
        optimizer.step()
        seconds += time.perf_counter() - start
        if step % every == 0:
            test()
            print(f"step {step}: loss {measured[-1][0]:.3f} after {seconds:.1f} s in PyTorch", flush=True)
    return measured


def reached(loss, measured):
    """The seconds, between two measurements, after which a loss is reached; None where it is not."""
    for (before, start), (after, end) in zip(measured, measured[1:]):
        if after <= loss:
            return start + (end - start) * (before - loss) / (before - after) if before > loss else start
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--data")
    parser.add_argument("--model", default="lstm(seed: 1)")
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--sequence", type=int, default=128)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    every = max(1, options.steps // 10)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        ours = here(options, folder, every)
        theirs = there(options, folder, every)
    print(f"{'step':>6} {'here':>8} {'s':>7} {'PyTorch':>8} {'s':>7}")
    for number, ((a, s), (b, t)) in enumerate(zip(ours, theirs)):
        print(f"{number * every:6} {a:8.3f} {s:7.1f} {b:8.3f} {t:7.1f}")
    for share in (1 / 2, 1):
        loss = theirs[round((len(theirs) - 1) * share)][0]
        soon, late = reached(loss, ours), reached(loss, theirs)
        if soon is None:
            print(f"a loss of {loss:.3f} is not reached here")
        else:
            print(f"a loss of {loss:.3f}: {soon:.1f} s here, {late:.1f} s in PyTorch, {late / soon:.1f} times sooner")


if __name__ == "__main__":
    main()
