"""Times operators on tensors of shapes and layouts that nobody chose beside PyTorch, and lists those that are slower here.

    operator_trial.py PROGRAM [--cases N] [--seed S] [--over R] [--most N] [--seconds S] [--threads N]

A case is an operator, a shape of 1 to 4 axes of 100 to 10,000,000 elements, and perhaps a transposed or cut operand, which both
sides make in what is timed. Cases above the ratio are timed again, twice, and listed with their shapes, the slowest first.
"""

import argparse
import math
import random
import sys

import torch
import torch.nn.functional as F_  # noqa: F401  (the cases use it)

from operator_speed import TIMING, made, run_here, times

UNARY = [
    ("exp({})", "{}.exp()"), ("log(abs({}) + 1)", "({}.abs() + 1).log()"), ("sqrt(abs({}))", "{}.abs().sqrt()"),
    ("tanh({})", "{}.tanh()"), ("sigmoid({})", "{}.sigmoid()"), ("relu({})", "{}.relu()"), ("gelu({})", "F_.gelu({})"),
    ("silu({})", "F_.silu({})"), ("softplus({})", "F_.softplus({})"), ("sin({})", "{}.sin()"), ("abs({})", "{}.abs()"),
    ("round({})", "{}.round()"), ("{} ** 2", "{} ** 2"), ("abs({}) ** 1.3", "{}.abs() ** 1.3"),
    ("clamp({}, -1, 1)", "{}.clamp(-1, 1)"), ("-{}", "-{}"), ("{} * 2 + 1", "{} * 2 + 1"), ("isnan({})", "{}.isnan()"),
    ("{} > 0", "{} > 0"), ("where({} > 0, 1, 0)", "torch.where({} > 0, 1.0, 0.0)"),
]
PAIRS = ["{} + {}", "{} - {}", "{} * {}", "{} / ({} + 9)", "{} < {}", "{} == {}", ("maximum({}, {})", "torch.maximum({}, {})")]
WHOLE = [
    ("sum({})", "{}.sum()"), ("mean({})", "{}.mean()"), ("max({})", "{}.max()"), ("min({})", "{}.min()"), ("std({})", "{}.std()"),
    ("norm({})", "{}.norm()"), ("all({} > -9)", "bool(({} > -9).all())"), ("unique({})", "{}.unique()"),
    ("{}[{} > 0]", "{}[{} > 0]"), ("reshape({}, [-1])", "{}.reshape(-1) + 0"), ("repeat({}, 2)", "torch.cat([{}, {}])"),
]
ALONG = [
    ("sum({}, axis: @)", "{}.sum(@)"), ("mean({}, axis: @)", "{}.mean(@)"), ("max({}, axis: @)", "{}.amax(@)"),
    ("min({}, axis: @)", "{}.amin(@)"), ("argmax({}, axis: @)", "{}.argmax(@)"), ("var({}, axis: @)", "{}.var(@)"),
    ("norm({}, axis: @)", "{}.norm(dim=@)"), ("prod({}, axis: @)", "{}.prod(@)"), ("logsumexp({}, axis: @)", "{}.logsumexp(@)"),
    ("softmax({}, axis: @)", "{}.softmax(@)"), ("log_softmax({}, axis: @)", "{}.log_softmax(@)"),
    ("cumsum({}, axis: @)", "{}.cumsum(@)"), ("cumprod({}, axis: @)", "{}.cumprod(@)"), ("sort({}, axis: @).values", "{}.sort(@).values"),
    ("argsort({}, axis: @)", "{}.argsort(@)"), ("topk({}, 3, axis: @).values", "{}.topk(min(3, {}.shape[@]), @).values"),
    ("median({}, axis: @).values", "{}.median(@).values"), ("flip({}, axis: @)", "{}.flip(@)"), ("roll({}, 1, axis: @)", "{}.roll(1, @)"),
    ("concat([{}, {}], axis: @)", "torch.cat([{}, {}], @)"), ("stack([{}, {}], axis: @)", "torch.stack([{}, {}], @)"),
    ("all({} > -9, axis: @)", "({} > -9).all(@)"),
]


class Case:
    """Expressions here and in PyTorch, and the operands X and Y with their shapes."""

    def __init__(self, draw):
        count = 10 ** draw.uniform(2, 7)
        axes = draw.choice([1, 2, 2, 2, 3, 3, 4])
        # Sizes at random, small ones among them, whose product is about the count.
        shares = [draw.expovariate(1) for _ in range(axes)]
        shape = [max(1, round(count ** (share / sum(shares)))) for share in shares]
        if draw.random() < 0.2:
            shape[draw.randrange(axes)] = draw.choice([1, 2, 3, 4])
        self.shapes = {"X": shape}
        ours = theirs = "X"
        layout = draw.random()
        if layout < 0.25 and axes > 1:
            a, b = draw.sample(range(axes), 2)
            ours, theirs = f"transpose(X, {a}, {b})", f"X.transpose({a}, {b})"
            shape = [shape[b if k == a else a if k == b else k] for k in range(axes)]
        elif layout < 0.5:
            axis = draw.randrange(axes)
            if shape[axis] > 3:
                cut = draw.choice(["1:", ":-1", "::2", "1:-1", "::-1", "::3"])
                # PyTorch has no steps backwards.
                index = ", ".join([":"] * axis + [cut])
                ours = f"X[{index}]"
                theirs = f"X.flip({axis})" if cut == "::-1" else ours
                first, last, step = slice(*[int(p) if p else None for p in cut.split(":")]).indices(shape[axis])
                shape = shape[:axis] + [len(range(first, last, step))] + shape[axis + 1:]
        axis = draw.randrange(axes)
        kind = draw.random()
        if kind < 0.25:
            form, their_form = draw.choice(UNARY)
        elif kind < 0.45:
            pair = draw.choice(PAIRS)
            form, their_form = pair if isinstance(pair, tuple) else (pair, pair)
            other = [1 if draw.random() < 0.3 else size for size in shape][draw.choice([0, 0, axis]):]
            self.shapes["Y"] = other
            form, their_form = form.replace("{}", "{0}", 1).replace("{}", "Y"), their_form.replace("{}", "{0}", 1).replace("{}", "Y")
        elif kind < 0.55:
            form, their_form = draw.choice(WHOLE)
        elif kind < 0.62 and axes > 1:
            order = draw.sample(range(axes), axes)
            form, their_form = f"permute({{}}, {order})", f"{{}}.permute({order}).contiguous()"
        elif kind < 0.68:
            depth = shape[-1]
            most = min(10 ** 7 // max(depth, math.prod(shape[:-1])), 10 ** 9 // math.prod(shape))
            width = max(1, min(draw.randrange(1, 300), most))
            self.shapes["Y"] = [depth, width]
            form, their_form = "{0} @ Y", "{0} @ Y"
        else:
            form, their_form = draw.choice(ALONG)
        self.axis, self.shape = axis, shape
        self.ours = form.replace("{}", "{0}").replace("@", str(axis) if " @ " not in form else "@").format(ours)
        self.theirs = their_form.replace("{}", "{0}").replace("@", str(axis) if " @ " not in form else "@").format(theirs)
        if "topk" in self.ours and shape[axis] < 3:
            self.ours = self.ours.replace(", 3,", f", {shape[axis]},")

    def here(self):
        text = ""
        for name, by in zip(self.shapes, (37, 29)):
            text += f"{name} = reshape(made({math.prod(self.shapes[name])}, {by}), {self.shapes[name]})\n"
        return text + f"print times(fn() = {self.ours})\nX = nil; Y = nil\n"

    def there(self, seconds, threads):
        names = {"torch": torch, "F_": F_}
        for name, by in zip(self.shapes, (37, 29)):
            names[name] = made(math.prod(self.shapes[name]), by).reshape(self.shapes[name])
        found = []
        for count in sorted({1, threads}):
            torch.set_num_threads(count)
            found.append(times(eval(f"lambda: {self.theirs}", names), seconds / 2))
        return min(found)


def timed(cases, options):
    text = "fn made(k, by) = (arange(k) % 1009 * by % 2003 - 1001) / 512\n" + TIMING.format(seconds=options.seconds)
    text += "".join(case.here() for case in cases)
    ours = [float(line) for line in run_here(options.program, text).split()]
    return [(a, case.there(options.seconds, options.threads)) for a, case in zip(ours, cases)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--over", type=float, default=1.5)
    parser.add_argument("--most", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=0.04)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    cases = [Case(draw) for _ in range(options.cases)]
    found = timed(cases, options)
    for _ in range(2):
        slow = [k for k, (a, b) in enumerate(found) if a > options.over * b]
        if slow:
            again = timed([cases[k] for k in slow], options)
            for k, pair in zip(slow, again):
                found[k] = tuple(min(two) for two in zip(found[k], pair))
    ratios = sorted(((a / b, a, b, case) for (a, b), case in zip(found, cases)), key=lambda row: -row[0])
    over = [row for row in ratios if row[0] > options.over]
    for ratio, a, b, case in over[: options.most]:
        shapes = " ".join(f"{name} {shape}" for name, shape in case.shapes.items())
        print(f"{ratio:6.2f} {1e6 * a:10.1f} {1e6 * b:10.1f}  {case.ours:44} {shapes}")
    mean = math.exp(sum(math.log(row[0]) for row in ratios) / len(ratios))
    print(f"seed {options.seed}: geometric mean {mean:.2f}, {len(over)} of {len(ratios)} above {options.over}, median {ratios[len(ratios) // 2][0]:.2f}")


if __name__ == "__main__":
    sys.exit(main())
