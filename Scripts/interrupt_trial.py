"""Stops work at the prompt by Ctrl-C at random moments, on a terminal of its own, and looks whether the session and its files are whole.

Usage: interrupt_trial.py PROGRAM [ROUNDS]. Each round starts a line that loads, builds, trains, evaluates, generates, saves or counts,
types Ctrl-C after a random part of the time that the line takes by itself (one round in five types it twice), and then asks the
session for a variable, for the model in memory and for the files. Exits with 1 at the first fault.
"""

import os
import random
import re
import sys
import tempfile
import time

from terminal import Terminal

SETUP = [
    "few = sprites(count: 120, size: 8, seed: 1)",
    'save few, "pictures"',
    'save sprites(count: 2000, size: 8, seed: 2), "packed.parquet"',
    'rows = build(few, parts: ["caption", "image"])',
    "net = lstm(dim: 36, state: 32, depth: 1, seed: 3)",
    "layered = sequential([patch_embedding(16), lstm_layer(16, 24), linear(24, 113)])",
    'save net, "saved"',
    'save table(map(range(20000), fn(i) = {i: i, half: i / 2})), "numbers.csv"',
]
KEPT = (
    'train(net, rows, validate: rows, steps: 60, batch: 8, every: "9 steps", samples: 20, save_every: 3, '
    'checkpoint: "kept-ROUND", log: "logged-ROUND"'
)
# A line, and the files that must be whole after it: what reads each of them.
WORK = {
    "load a folder": ('loaded = load_dataset("pictures")', []),
    "load parquet": ('loaded = load_dataset("packed.parquet")', []),
    "sprites": ("more = sprites(count: 20000, size: 10, seed: 4)", []),
    "build": ('built = build(sprites(count: 3000, size: 10, seed: 5), parts: ["caption", "image"])', []),
    "train": ("h = train(net, rows, steps: 150, batch: 8)", []),
    "train and keep": (f"h = {KEPT})", [f"{KEPT}, resume: true)", 'load_model("kept-ROUND/best")', 'runs("logged-ROUND")']),
    "train layers": ("h = train(layered, rows, steps: 60, batch: 8)", []),
    "evaluate": ("measured = evaluate(net, rows)", []),
    "generate": ('out = generate(net, prompt: "a red", tokens: 20000)', []),
    "many outputs": ('outs = generate(net, prompt: "a", tokens: 400, count: 40)', []),
    "save a model": ('for i in range(40) { save net, "saved" }', ['load_model("saved")']),
    "save pictures": ('save few, "pictures"', ['len(load_dataset("pictures"))']),
    "save a table": (
        'save table(map(range(20000), fn(i) = {i: i, half: i / 2})), "numbers.csv"',
        ['len(read_table("numbers.csv"))'],
    ),
    "save a list": ('write_json "list.json", range(200000)', ['len(read_json("list.json"))']),
    "count": ("total = 0; for i in range(20000000) { total += i }", []),
    "multiply": ("product = randn(2000, 2000) @ randn(2000, 2000)", []),
    "sort": ('ordered = sorted(map(range(200000), fn(i) = str(i * 7919 % 200003)), by: fn(s) = len(s))', []),
    "wait": ("sleep 0.3", []),
}
# What a line of the terminal shows beside its text.
ESCAPES = re.compile(rb"\x1b\[[0-9;?]*[a-zA-Z]|\r")


class Session:
    """A session at the prompt that can be asked for values."""

    def __init__(self, program, state):
        self.terminal = Terminal([program, "--no-color"], state)
        self.asked = 0

    def ask(self, expression):
        """What an expression is, as text."""
        self.asked += 1
        first, last = f"<{self.asked}|", f"|{self.asked}>"
        # The marks are put together by the program, so that the echo of the typed line has none of them.
        self.terminal.type(f'print "<" + "{self.asked}" + "|" + str({expression}) + "|" + "{self.asked}" + ">"\r')
        self.terminal.expect(first)
        return ESCAPES.sub(b"", self.terminal.expect(last))

    def run(self, line, stops=()):
        """Types a line and Ctrl-C at the given seconds after it; returns the seconds until the prompt answers again."""
        began = time.perf_counter()
        self.terminal.type(line + "\r")
        for stop in stops:
            time.sleep(max(0, began + stop - time.perf_counter()))
            self.terminal.type("\x03")
        self.ask("1")
        return time.perf_counter() - began


def main():
    program = os.path.abspath(sys.argv[1])
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    random.seed(1)
    os.chdir(tempfile.mkdtemp(prefix="interrupt-trial-"))
    session = Session(program, os.getcwd())
    for line in SETUP:
        session.run(line)
    durations = {name: session.run(line) for name, (line, _) in WORK.items()}
    slowest = ("", 0.0)
    for count in range(rounds):
        name = list(WORK)[count % len(WORK)]
        line, files = WORK[name]
        line, files = line.replace("ROUND", str(count)), [file.replace("ROUND", str(count)) for file in files]
        session.run(f"kept = {count}")
        first = random.uniform(0, 1.1 * durations[name])
        stops = [first, first + random.uniform(0, 0.05)] if random.random() < 0.2 else [first]
        late = session.run(line, stops) - stops[-1]
        if late > slowest[1]:
            slowest = (name, late)
        for asked in ["kept", "len(net.parameters) > 0", *files]:
            session.run("found = nil")
            session.run(f"found = {asked}")
            if session.ask("found == nil") != b"false":
                sys.exit(f"round {count}, {name}: after Ctrl-C at {stops} `{asked}` gives nothing in {os.getcwd()}")
        if session.ask("kept") != str(count).encode():
            sys.exit(f"round {count}, {name}: after Ctrl-C at {stops} a variable is lost")
    session.terminal.close()
    left = [name for name in os.listdir(".") if name.startswith(".") and "tmp" in name]
    if left:
        sys.exit(f"left behind: {left}")
    print(f"{rounds} rounds over {len(WORK)} kinds of work, no fault; slowest answer {slowest[1] * 1000:.0f} ms: {slowest[0]}")


main()
