"""Times the operators on tensors beside PyTorch, by the rows of operator_speed.txt.

    operator_speed.py PROGRAM [--seconds S] [--rounds N] [--threads N] [--sizes small,middle,large] [--check] [name ...]

Prints the microseconds of an expression here and in PyTorch, forwards and with the gradient of its sum, and the ratio: below 1 is
faster than PyTorch. Both are timed in turn, for some rounds, at best of many tries. With --check it compares the values instead, at small sizes.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import time

import torch
import torch.nn.functional as F_  # noqa: F401  (the rows use it)

FOLDER = os.path.dirname(os.path.abspath(__file__))
SIZES = {
    "small": {"n": 8, "m": 4, "rows": 4, "a": 2, "b": 4, "images": 2, "channels": 2, "side": 6, "filters": 3},
    "middle": {"n": 10000, "m": 100, "rows": 64, "a": 8, "b": 32, "images": 4, "channels": 8, "side": 16, "filters": 8},
    "large": {"n": 1000000, "m": 1000, "rows": 4096, "a": 64, "b": 128, "images": 16, "channels": 8, "side": 32,
              "filters": 16},
}
# The operands in both languages, of numbers that every float holds.
HERE = """
n = {n}; m = {m}; h = {h}
fn made(k, by) = (arange(k) % 1009 * by % 2003 - 1001) / 512
V = made(n, 37); U = made(n, 29); P = abs(made(n, 31)) + 0.25
M = reshape(made(m * m, 37), [m, m]); N = reshape(made(m * m, 29), [m, m]); C = reshape(made(m, 31), [m, 1]); R = made(m, 29)
L = reshape(made({rows} * 113, 37), [{rows}, 113]); S = reshape(made({a} * {b} * {b}, 37), [{a}, {b}, {b}])
I = reshape(made({images} * {channels} * {side} * {side}, 37), [{images}, {channels}, {side}, {side}])
K = reshape(made({filters} * {channels} * 9, 29), [{filters}, {channels}, 3, 3])
W = reshape(made({images} * {channels} * {side} * {side}, 37), [{images}, {channels}, {side} * {side}])
F = reshape(made({filters} * {channels} * 3, 29), [{filters}, {channels}, 3])
X = reshape(made(n // 4 * 4, 37), [n // 4, 4]); Y = transpose(X); O = sort(V).values; Z = arange(n) % 7
H = arange(n) % 2 == 1; B = R > 0; E = tensor(Z, dtype: "int32")
T = tensor(arange({rows}) * 7 % 113, dtype: "int32"); Q = tensor(arange(m) * 7 % m, dtype: "int32")
G = tensor(reshape(arange(m * m) % 997 * 7 % m, [m, m]), dtype: "int32")
"""
# The shortest of many samples, each short enough to end before other work of the machine comes between.
TIMING = """
fn times(f) {{
  f()
  count = 1
  while true {{
    start = now()
    for i in range(count) {{ f() }}
    spent = now() - start
    if spent > 0.0003 {{ break }}
    count = count * 4
  }}
  best = spent / count
  begin = now()
  while now() - begin < {seconds} {{
    start = now()
    for i in range(count) {{ f() }}
    best = min(best, (now() - start) / count)
  }}
  return best
}}
"""


def is_statement(call):
    """Whether a row changes a part of an operand: such a row stands in braces."""
    return call.startswith("{")


def callable_of(call, names):
    if not is_statement(call):
        return eval(f"lambda: {call}", names)
    code = compile(call.strip("{}"), "row", "exec")
    return lambda: exec(code, names)


def made(k, by):
    return (torch.arange(float(k)) % 1009 * by % 2003 - 1001) / 512


def operands(size):
    z = SIZES[size]
    n, m, rows, a, b = z["n"], z["m"], z["rows"], z["a"], z["b"]
    images, channels, side, filters = z["images"], z["channels"], z["side"], z["filters"]
    return {
        "torch": torch, "F_": F_, "n": n, "m": m, "h": m // 2,
        "V": made(n, 37), "U": made(n, 29), "P": made(n, 31).abs() + 0.25,
        "M": made(m * m, 37).reshape(m, m), "N": made(m * m, 29).reshape(m, m), "C": made(m, 31).reshape(m, 1),
        "R": made(m, 29), "L": made(rows * 113, 37).reshape(rows, 113), "S": made(a * b * b, 37).reshape(a, b, b),
        "I": made(images * channels * side * side, 37).reshape(images, channels, side, side),
        "K": made(filters * channels * 9, 29).reshape(filters, channels, 3, 3),
        "W": made(images * channels * side * side, 37).reshape(images, channels, side * side),
        "F": made(filters * channels * 3, 29).reshape(filters, channels, 3),
        "T": torch.arange(rows) * 7 % 113, "Q": torch.arange(m) * 7 % m,
        "X": made(n // 4 * 4, 37).reshape(n // 4, 4), "Y": made(n // 4 * 4, 37).reshape(n // 4, 4).T.contiguous(),
        "O": made(n, 37).sort().values, "Z": torch.arange(float(n)) % 7, "H": torch.arange(n) % 2 == 1, "B": made(m, 29) > 0,
        "E": (torch.arange(n) % 7).int(),
        "G": (torch.arange(m * m) % 997 * 7 % m).reshape(m, m),
    }


def rows(names):
    with open(os.path.join(FOLDER, "operator_speed.txt"), encoding="utf-8") as file:
        for line in file:
            fields = [field.strip() for field in line.split(" | ")]
            if not line.startswith("#") and len(fields) > 2 and (not names or fields[0] in names):
                yield fields[0], fields[1], fields[2], fields[3] if len(fields) > 3 else None


def run_here(program, text):
    result = subprocess.run([program, "run", "/dev/stdin"], input=text, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        sys.exit(f"operator_speed: {text[-300:]}\n{result.stderr}")
    return result.stdout


def script(size):
    return HERE.format(**SIZES[size], h=SIZES[size]["m"] // 2)


def here(program, cases, size, seconds):
    """The shortest times of each case, a call and the operand whose gradient is timed too or nothing; all in one run."""
    text = script(size) + TIMING.format(seconds=seconds)
    for call, operand in cases:
        text += f"print times(fn() {call if is_statement(call) else '= ' + call})\n"
        if operand:
            text += f"kept = {operand}\n{operand} = parameter(kept)\n"
            text += f"print times(fn() {{\n  backward(sum({call}))\n  zero_grad({operand})\n}})\n{operand} = kept\n"
    lines = iter(float(line) for line in run_here(program, text).split())
    return [[next(lines) for _ in range(2 if operand else 1)] for _, operand in cases]


def times(function, seconds):
    function()
    count = 1
    while True:
        start = time.perf_counter()
        for _ in range(count):
            function()
        spent = time.perf_counter() - start
        if spent > 0.0003:
            break
        count *= 4
    best, begin = spent / count, time.perf_counter()
    while time.perf_counter() - begin < seconds:
        start = time.perf_counter()
        for _ in range(count):
            function()
        best = min(best, (time.perf_counter() - start) / count)
    return best


def there(cases, size, seconds, threads):
    """The same in PyTorch, at best of several threads and of one, as its threads wait for each other beside other work."""
    found = []
    for count in sorted({1, threads}):
        torch.set_num_threads(count)
        found.append([measured(call, operand, size, seconds / 2) for call, operand in cases])
    return [[min(pair) for pair in zip(*both)] for both in zip(*found)]


def measured(call, operand, size, seconds):
    names = operands(size)
    found = [times(callable_of(call, names), seconds)]
    if operand:
        names[operand].requires_grad_()
        forward = eval(f"lambda: ({call}).sum()", names)

        def both():
            forward().backward()
            names[operand].grad = None

        found.append(times(both, seconds))
    return found


def flat(value):
    if isinstance(value, list):
        return [x for part in value for x in flat(part)]
    return [float(value)]


def check(program, call, theirs, operand):
    """Whether the values agree, and the gradients of their squares' sum."""
    # With other sizes than the timing, some of them odd.
    changed = call.strip("{}").split("[")[0]
    text = script("middle") + (f"{call.strip('{}')}\ny = {changed}\n" if is_statement(call) else f"y = {call}\n") + "if type(y) == \"tensor\" { print to_list(y) } else { print y }\n"
    if operand:
        text += f"{operand} = parameter({operand})\nbackward(sum(({call}) ** 2))\nprint to_list({operand}.grad)\n"
    lines = run_here(program, text).replace("infinity", "Infinity").splitlines()
    names = operands("middle")
    if is_statement(theirs):
        callable_of(theirs, names)()
        expected = [names[changed]]
    else:
        expected = [eval(theirs, names)]
    if operand:
        names[operand].requires_grad_()
        (eval(theirs, names) ** 2).sum().backward()
        expected.append(names[operand].grad)
    for line, tensor in zip(lines, expected):
        found = flat(json.loads(line.replace("nan", "NaN")))
        wanted = flat(tensor.tolist() if isinstance(tensor, torch.Tensor) else tensor)
        scale = max([1.0] + [abs(x) for x in wanted if math.isfinite(x)])
        if len(found) != len(wanted):
            return f"{len(found)} numbers, not {len(wanted)}"
        for k, (x, y) in enumerate(zip(found, wanted)):
            if not (abs(x - y) <= 2e-5 * scale or x == y or (x != x and y != y)):
                return f"element {k} is {x}, not {y}"
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seconds", type=float, default=0.05)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--sizes", default="small,middle,large")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_intermixed_args()
    torch.set_num_threads(options.threads)
    if options.check:
        faults = 0
        for name, ours, theirs, operand in rows(options.names):
            if name in ("rand", "randn", "randint", "randperm", "shuffle", "multinomial", "dropout"):
                continue
            fault = check(options.program, ours, theirs, operand)
            faults += fault is not None
            print(f"{ours:36} {fault or 'agrees'}", flush=True)
        sys.exit(1 if faults else 0)
    ratios = {}
    print(f"{'microseconds':36} {'size':7} {'here':>10} {'PyTorch':>10} {'ratio':>7}   {'with gradient':>13} {'':>10}", flush=True)
    # Rows that change operands stand behind those that read them.
    chosen = sorted(rows(options.names), key=lambda row: is_statement(row[1]))
    for size in options.sizes.split(","):
        best = None
        for _ in range(options.rounds):
            pairs = list(zip(
                here(options.program, [(ours, operand) for _, ours, _, operand in chosen], size, options.seconds),
                there([(theirs, operand) for _, _, theirs, operand in chosen], size, options.seconds, options.threads)))
            best = pairs if best is None else [
                tuple([min(two) for two in zip(*sides)] for sides in zip(old, new)) for old, new in zip(best, pairs)]
        for (name, ours, _, _), (a, b) in zip(chosen, best):
            line = f"{ours:36} {size:7}"
            for kind, x, y in zip(("forward", "gradient"), a, b):
                line += f" {1e6 * x:10.2f} {1e6 * y:10.2f} {x / y:7.2f}  "
                ratios.setdefault((kind, size), []).append(x / y)
            print(line, flush=True)
    for (kind, size), found in ratios.items():
        mean = math.exp(sum(map(math.log, found)) / len(found))
        over = sum(x > 1.5 for x in found)
        print(f"{kind}, {size}: geometric mean {mean:.2f}, {over} of {len(found)} above 1.5, worst {max(found):.1f}")


if __name__ == "__main__":
    main()
