"""Measures how soon the program answers Ctrl-C and a budget of time in the middle of work of many kinds.

Usage: latency.py PROGRAM [NAME ...]. Prints a table: for each program the milliseconds from SIGINT to its end, and those beyond
its budget of time; the slowest of three tries each. A program that ends by itself is a fault.
"""

import os
import subprocess
import sys
import tempfile
import time

from latency_programs import PROGRAMS

TRIES = 3
BUDGET = 1.5


def start(program, folder, text, options):
    words = [program, *options, "--max-memory", "4G", "--quiet", "-e", text]
    return subprocess.Popen(words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def interrupted(program, folder, first, rest, wait):
    """The milliseconds that Ctrl-C takes `wait` seconds after the preparation, or what went wrong."""
    process = start(program, folder, f"{first}\nprint \"ready\"\n{rest}", [])
    process.stdout.readline()
    time.sleep(wait)
    begin = time.perf_counter()
    process.send_signal(2)
    process.stdout.read()
    status = process.wait()
    took = (time.perf_counter() - begin) * 1000
    return took if status == 130 else None, process.stderr.read()


def timed(program, folder, first, rest):
    """The milliseconds beyond a budget of time for the work without the preparation, which `limit` gives it."""
    text = f"fn work() {{ {rest} }}\n{first}\nstart = now()\ntry {{ limit work, time: {BUDGET} }} catch e {{ print now() - start, e.message }}"
    process = start(program, folder, text, [])
    output, errors = process.communicate()
    words = output.split(" ", 1)
    if process.returncode != 0 or len(words) != 2 or "budget" not in words[1]:
        return None, output + errors
    return (float(words[0]) - BUDGET) * 1000, ""


def worst(measure):
    results = [measure(number) for number in range(TRIES)]
    if any(result[0] is None for result in results):
        return next(text for figure, text in results if figure is None)
    return max(figure for figure, _ in results)


def shown(figure):
    return f"{figure:.0f}" if isinstance(figure, float) else "fault: " + (figure.strip() or "it ended").splitlines()[0]


def main():
    program, names = os.path.abspath(sys.argv[1]), sys.argv[2:]
    rows = [row for row in PROGRAMS if not names or row[0] in names]
    print("| Work | Ctrl-C, ms | time budget, ms |\n| --- | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        for name, first, rest in rows:
            stop = worst(lambda number: interrupted(program, folder, first, rest, 0.5 + 0.37 * number))
            late = worst(lambda number: timed(program, folder, first, rest))
            print(f"| {name} | {shown(stop)} | {shown(late)} |", flush=True)


main()
