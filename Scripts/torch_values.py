#!/usr/bin/env python3
"""Writes Tests/Scripts/workbench/tensors/torch_*.pxb: expressions on tensors with the values that PyTorch gives for them.

An expression stands here twice, in the language and in Python; what is the same in both stands once. With a name behind them the
gradient with respect to that tensor is compared too. Needs PyTorch; the scripts need nothing."""

import math
import pathlib
import random
import re

import torch

folder = pathlib.Path(__file__).parent.parent / "Tests/Scripts/workbench/tensors"

INPUTS = {
    "v": [3.0, 1.0, 2.0, 5.0, 4.0],
    "m": [[3.0, -1.0, 2.0, 0.5], [2.0, 4.0, -3.0, 2.0], [1.5, 0.0, 2.5, -2.0]],
    "u": [[3.0, -1.0, 2.0, 0.5], [2.5, 4.0, -3.0, 2.25], [1.5, 0.0, 5.0, -2.0]],
    "n": [[3.0, math.nan, 2.0], [1.0, -1.0, math.inf]],
    "z": [[2.0, 0.0, 3.0, 4.0], [1.0, 2.0, 0.5, 3.0], [0.0, 5.0, 0.0, 2.0]],
    "p": [[0.5, 2.0, 4.0], [1.0, 8.0, 0.25]],
    "c": [[[((7 * i + 3 * j + 5 * k) % 11) - 4.0 for k in range(4)] for j in range(3)] for i in range(2)],
    "one": [2.5],
    "none": [],
    "q": [[1.0, 2.0], [3.0, 4.0]],
    "a": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]],
    "b": [[1.0, -1.0], [2.0, 0.5], [-2.0, 3.0]],
    "batch": [[[((3 * i + 5 * j + 2 * k) % 7) - 3.0 for k in range(3)] for j in range(2)] for i in range(2)],
    "q4": [[0.5, -1.0, 0.25, 1.0], [1.0, 0.5, -0.5, 0.0], [-0.25, 1.0, 0.5, 0.5], [0.0, -0.5, 1.0, -1.0]],
    "big": [[float((17 * i + 29 * j) % 23) for j in range(70)] for i in range(2)],
}
INTEGERS = {"i": [3, 1, 2, 1, 7], "j": [[-7, 7, 5], [2, -3, 9]], "d": [[2, -2, 3], [-2, 4, 5]]}
MASKS = {"k": [[True, False, True], [False, False, True]], "l": [[True, True, False], [False, True, False]]}


def written(value):
    """A value as the language writes it."""
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(written(one) for one in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isnan(value):
            return "nan"
        if math.isinf(value):
            return "inf" if value > 0 else "-inf"
        return f"{value:.9g}"
    return str(value)


def cases():
    """Topic, expression in the language, in Python, and the tensor whose gradient is compared."""
    yield from ordering()
    yield from reductions()
    yield from products()
    yield from arranging()
    yield from indexing()
    yield from masks()
    yield from windows()
    yield from graphs()


def ordering():
    for x, axes in {"v": [0, -1], "m": [0, 1], "c": [0, 1, 2], "n": [0, 1], "one": [0], "none": [0], "big": [1]}.items():
        g = x if x not in ("n", "none") else None
        for axis in axes:
            for down in ("false", "true"):
                call = f"{x}, axis: {axis}, descending: {down}"
                python = f"torch.sort({x}, dim={axis}, descending={down.title()}, stable=True)"
                yield "order", f"sort({call}).values", python + ".values", g
                yield "order", f"sort({call}).indices", python + ".indices", None
                yield "order", f"argsort({call})", python + ".indices", None
    for x, axis, k in [("v", 0, 2), ("v", 0, 0), ("v", -1, 5), ("u", 0, 2), ("u", 1, 3), ("u", 1, 0), ("big", 1, 1)]:
        for largest in ("true", "false"):
            call = f"topk({x}, {k}, axis: {axis}, largest: {largest}).values"
            yield "order", call, f"torch.topk({x}, {k}, dim={axis}, largest={largest.title()}).values", x
    yield "order", "topk(v, 3).indices", "torch.topk(v, 3).indices", None
    yield "order", "topk(v, 2, largest: false).indices", "torch.topk(v, 2, largest=False).indices", None
    for x in ["v", "m", "c", "one", "none", "i", "j"]:
        yield "order", f"unique({x})", f"torch.unique({x})", None
        yield "order", f"unique({x}, inverse: true).inverse", f"torch.unique({x}, return_inverse=True)[1]", None
        yield "order", f"unique({x}, counts: true).counts", f"torch.unique({x}, return_counts=True)[1]", None
    for x, axes in {"v": [0], "u": [0, 1], "c": [0, 1, 2], "n": [0, 1]}.items():
        # Of equal elements another one may have the gradient.
        g = None if x in ("n", "c") else x
        for axis in axes:
            for keep in ("false", "true"):
                yield "order", f"median({x}, {axis}, keepdim: {keep}).values", f"torch.median({x}, {axis}, {keep.title()}).values", g
        yield "order", f"median({x})", f"torch.median({x})", g
        for share in (0, 0.25, 0.5, 0.9, 1):
            yield "order", f"quantile({x}, {share})", f"torch.quantile({x}, {share})", g
        for axis in axes:
            yield "order", f"quantile({x}, 0.3, axis: {axis}, keep: true)", f"torch.quantile({x}, 0.3, dim={axis}, keepdim=True)", g
            if x == "n":
                # Between a number and infinity PyTorch finds NaN from the middle on.
                continue
            yield "order", f"quantile({x}, [0.1, 0.5], axis: {axis})", f"torch.quantile({x}, torch.tensor([0.1, 0.5]), dim={axis})", g
    yield "order", "bincount(i)", "torch.bincount(i)", None
    yield "order", "bincount(i, least: 10)", "torch.bincount(i, minlength=10)", None
    yield "order", "bincount(i, weights: v)", "torch.bincount(i, weights=v)", None
    for x, bins in [("v", 2), ("m", 5), ("c", 4), ("one", 3)]:
        for field in ("hist", "bin_edges"):
            yield "order", f"histogram({x}, {bins}).{field}", f"torch.histogram({x}, {bins}).{field}", None
            yield "order", f"histogram({x}, {bins}, [-1, 3]).{field}", f"torch.histogram({x}, {bins}, range=(-1.0, 3.0)).{field}", None


def reductions():
    several = {"m": ["0", "1", "-1", "[0, 1]"], "c": ["0", "1", "[0, 2]", "[1, 2]", "[2, 0]", "[0, 1, 2]"]}
    for name, torches in {
        "sum": "torch.sum", "mean": "torch.mean", "norm": "torch.linalg.vector_norm", "logsumexp": "torch.logsumexp",
        "max": "torch.amax", "min": "torch.amin",
    }.items():
        for x, axes in several.items():
            for axis in axes:
                # Equal largest elements share the gradient there; here the first one has it.
                g = None if name in ("max", "min") else x
                yield "reductions", f"{name}({x}, axis: {axis})", f"{torches}({x}, dim={axis})", g
                yield "reductions", f"{name}({x}, dim: {axis}, keepdim: true)", f"{torches}({x}, dim={axis}, keepdim=True)", g
    for x, axes in several.items():
        for axis in axes:
            yield "reductions", f"var({x}, axis: {axis})", f"torch.var({x}, dim={axis})", x
            yield "reductions", f"std({x}, axis: {axis}, correction: 0, keep: true)", f"torch.std({x}, dim={axis}, correction=0, keepdim=True)", x
    yield "reductions", "logsumexp(n, axis: 1)", "torch.logsumexp(n, dim=1)", None
    yield "reductions", "logsumexp(v * 100, axis: 0)", "torch.logsumexp(v * 100, dim=0)", "v"
    yield "reductions", "logsumexp(tensor([-inf, -inf]), axis: 0)", "torch.logsumexp(torch.tensor([-torch.inf, -torch.inf]), dim=0)", None
    for x, axes in {"v": [0], "m": [0, 1], "z": [0, 1], "c": [0, 1, 2], "one": [0], "none": [0]}.items():
        for axis in axes:
            yield "reductions", f"prod({x}, axis: {axis})", f"torch.prod({x}, dim={axis})", x if x != "none" else None
            yield "reductions", f"cumprod({x}, axis: {axis})", f"torch.cumprod({x}, dim={axis})", x if x != "none" else None
        yield "reductions", f"prod({x})", f"torch.prod({x})", x if x != "none" else None
    yield "reductions", "prod(z, axis: 1, keepdim: true)", "torch.prod(z, dim=1, keepdim=True)", "z"
    for x in ["i", "j"]:
        yield "reductions", f"prod({x})", f"torch.prod({x})", None
        yield "reductions", f"sum({x}, axis: 0)", f"torch.sum({x}, dim=0)", None
    yield "reductions", "sum(j, axis: [0, 1])", "torch.sum(j, dim=[0, 1])", None
    yield "reductions", "max(j, axis: [0, 1])", "torch.amax(j, dim=[0, 1])", None
    for axis in ("0", "1"):
        for name in ("any", "all"):
            yield "reductions", f"{name}(k, axis: {axis})", f"torch.{name}(k, dim={axis})", None
            yield "reductions", f"{name}(m > 0, axis: {axis}, keep: true)", f"torch.{name}(m > 0, dim={axis}, keepdim=True)", None
            yield "reductions", f"arg{'max' if name == 'any' else 'min'}(m, {axis}, keepdim: true)", f"torch.arg{'max' if name == 'any' else 'min'}(m, {axis}, keepdim=True)", None
    yield "reductions", "all(zeros(0, 3), axis: 0)", "torch.all(torch.zeros(0, 3), dim=0)", None
    yield "reductions", "any(zeros(0, 3), axis: 0)", "torch.any(torch.zeros(0, 3), dim=0)", None
    yield "reductions", "log2(p)", "torch.log2(p)", "p"
    for x in ["n", "m"]:
        yield "reductions", f"isnan({x})", f"torch.isnan({x})", None
        yield "reductions", f"isinf({x})", f"torch.isinf({x})", None


def products():
    one = [("ii", "q"), ("ii->i", "q"), ("ij->ji", "a"), ("ij->", "a"), ("ij->j", "a"), ("ij->i", "a"), ("ijk->kij", "c"), ("...j->...", "c"), ("i...->...i", "c"), ("iji->j", "torch_square")]
    for equation, x in one:
        if x == "torch_square":
            yield "products", 'einsum("iji->j", expand(q.reshape(2, 1, 2), 2, 3, 2))', 'torch.einsum("iji->j", q.reshape(2, 1, 2).expand(2, 3, 2))', "q"
        else:
            yield "products", f'einsum("{equation}", {x})', f'torch.einsum("{equation}", {x})', x
    two = [
        ("ij,jk->ik", "a", "b"), ("ij,jk", "a", "b"), ("ij,kj->ik", "a", "a"), ("ij,ij->ij", "a", "a"), ("ij,ij->", "a", "a"),
        ("ij,ij->i", "a", "a"), ("i,j->ij", "v", "one"), ("i,j->ji", "v", "v"), ("i,i->", "v", "v"), ("i,i", "v", "v"),
        ("bij,bij->b", "batch", "batch"), ("bij,bkj->bik", "batch", "batch"), ("bij,jk->bik", "batch", "b"), ("bij,jk->bki", "batch", "b"),
        ("...ij,jk->...ik", "batch", "b"), ("...i,...i->...", "batch", "batch"), ("...i,...i", "batch", "batch"), ("bij,cij->bc", "batch", "batch"),
        ("ij,k->ikj", "a", "v"), ("ij,k->i", "a", "v"), ("ij,jk->", "a", "b"), ("bij,ij->bj", "batch", "a"), ("b...,b...->...", "batch", "batch"),
        (" i j , j k -> i k ", "a", "b"), ("Aj,jb", "a", "b"), ("ij,ji->", "a", "b"),
    ]
    for equation, x, y in two:
        yield "products", f'einsum("{equation}", {x}, {y})', f'torch.einsum("{equation}", {x}, {y})', x
    yield "products", 'einsum("ij,jk,kl->il", a, b, q)', 'torch.einsum("ij,jk,kl->il", a, b, q)', "b"
    yield "products", 'einsum("i,j,k->ijk", one, v, v)', 'torch.einsum("i,j,k->ijk", one, v, v)', "v"
    yield "products", 'einsum("ij,ij,ij->j", a, a, a)', 'torch.einsum("ij,ij,ij->j", a, a, a)', "a"
    yield "products", 'einsum("bij,bjk,kl->bil", batch, batch.transpose(1, 2), q)', 'torch.einsum("bij,bjk,kl->bil", batch, batch.transpose(1, 2), q)', "batch"
    yield "products", "dot(v, v * 2)", "torch.dot(v, v * 2)", "v"
    yield "products", "outer(v, one)", "torch.outer(v, one)", "v"
    yield "products", "outer(v, v)", "torch.outer(v, v)", "v"
    for name in ("maximum", "minimum"):
        yield "products", f"{name}(m, z)", f"torch.{name}(m, z)", "m"
        yield "products", f"{name}(m, z)", f"torch.{name}(m, z)", "z"
        yield "products", f"{name}(m, m * 1)", f"torch.{name}(m, m * 1)", "m"
        yield "products", f"{name}(n, n.flip(1))", f"torch.{name}(n, n.flip(1))", None
        yield "products", f"{name}(m, m[0])", f"torch.{name}(m, m[0])", "m"
        yield "products", f"{name}(m, 1)", f"torch.{name}(m, torch.tensor(1.0))", "m"
        yield "products", f"{name}(j, d)", f"torch.{name}(j, d)", None
    for operation in ("//", "%"):
        yield "products", f"j {operation} d", f"j {operation} d", None
        yield "products", f"j {operation} 4", f"j {operation} 4", None
        yield "products", f"j {operation} -3", f"j {operation} -3", None
        yield "products", f"m {operation} 1.5", f"m {operation} 1.5", None
    yield "products", "j * d + i[0]", "j * d + i[0]", None


def arranging():
    for name in ("tril", "triu"):
        for diagonal in (-2, -1, 0, 1, 3, 9):
            yield "arranging", f"{name}(m, {diagonal})", f"torch.{name}(m, {diagonal})", "m"
        yield "arranging", f"{name}(c)", f"torch.{name}(c)", "c"
        yield "arranging", f"{name}(n)", f"torch.{name}(n)", None
        yield "arranging", f"{name}(j, 1)", f"torch.{name}(j, 1)", None
    for x, shape in [("one", "3"), ("one", "2, 3"), ("v", "2, 5"), ("v", "2, -1"), ("q.reshape(2, 1, 2)", "2, 3, 2"), ("q.reshape(2, 1, 2)", "-1, 4, -1"), ("i", "2, 5")]:
        g = "q" if "q" in x else x if x != "i" else None
        yield "arranging", f"expand({x}, {shape})", f"{x}.expand({shape})", g
    for x, call in [("one", ""), ("q.reshape(1, 2, 1, 2)", ""), ("q.reshape(1, 2, 1, 2)", "0"), ("q.reshape(1, 2, 1, 2)", "1"), ("q.reshape(1, 2, 1, 2)", "-2")]:
        argument = f", {call}" if call else ""
        yield "arranging", f"squeeze({x}{argument})", f"torch.squeeze({x}{argument})", "q" if "q" in x else x
    yield "arranging", "squeeze(q.reshape(1, 2, 1, 2), [0, 2])", "torch.squeeze(q.reshape(1, 2, 1, 2), (0, 2))", "q"
    for axis in (0, 1, 2, -1, -2, -3):
        yield "arranging", f"unsqueeze(m, {axis})", f"torch.unsqueeze(m, {axis})", "m"
    for distance in (0, 1, -1, 3, 7, -9):
        yield "arranging", f"roll(v, {distance})", f"torch.roll(v, {distance})", "v"
        yield "arranging", f"roll(m, {distance})", f"torch.roll(m, {distance})", "m"
        yield "arranging", f"roll(c, {distance}, axis: 1)", f"torch.roll(c, {distance}, 1)", "c"
    for sizes in ("2", "1", "7", "[1, 4]", "[0, 2, 3]"):
        for place in (0, -1):
            yield "arranging", f"split(v, {sizes})[{place}]", f"torch.split(v, {sizes})[{place}]", "v"
    for sizes in ("2", "[1, 3]"):
        yield "arranging", f"split(m, {sizes}, axis: 1)[1]", f"torch.split(m, {sizes}, dim=1)[1]", "m"
    for count in (1, 2, 3, 4, 5, 9):
        yield "arranging", f"chunk(v, {count})[-1]", f"torch.chunk(v, {count})[-1]", "v"
    yield "arranging", "chunk(c, 3, axis: 2)[1]", "torch.chunk(c, 3, dim=2)[1]", "c"
    yield "arranging", "m.T", "m.T", "m"
    yield "arranging", "v.T", "v", "v"
    yield "arranging", "(m.T @ m).T", "(m.T @ m).T", "m"
    yield "arranging", "j.T", "j.T", None


def indexing():
    same = [
        ("m", "[[0, 1], [1, 2]]"), ("m", "[[0, 2, 0], [1, 3, 1]]"), ("c", "[[0, 1], [1, 2]]"), ("c", "[[0, 1], :, [1, 2]]"), ("c", "[:, [0, 2], [1, 3]]"),
        ("c", "[[1, 0], [2, 2], [3, 0]]"), ("c", "[0, [1, 2], [0, 3]]"), ("c", "[[1, 0], 1, [3, 0]]"), ("c", "[[1, 0], 1:3, [3, 0]]"), ("c", "[[0, 1], [2]]"),
        ("c", "[..., 0]"), ("c", "[..., 1:3]"), ("c", "[0, ...]"), ("c", "[0, ..., 1]"), ("c", "[...]"), ("c", "[..., [0, 2]]"), ("c", "[1, 2, 3, ...]"), ("c", "[..., 0, 1]"),
        ("m", "[-1, ::2]"), ("c", "[..., [0, 1], [2, 3]]"), ("m", "[[-1, -2], [-1, -4]]"),
    ]
    for x, index in same:
        yield "indexing", f"{x}{index}", f"{x}{index}", x
    for x, index in [("v", "[nil]"), ("v", "[:, nil]"), ("m", "[nil, :, nil]"), ("m", "[0, nil]"), ("m", "[..., nil]"), ("c", "[nil, ..., 0]"), ("m", "[[0, 1], nil, [1, 2]]"), ("m", "[nil, [0, 1], [1, 2]]"), ("c", "[0, nil, 1:, [0, 2]]")]:
        yield "indexing", f"{x}{index}", f"{x}{index.replace('nil', 'None')}", x
    rows = "tensor([[0, 1], [2, 0]], dtype: \"int32\")"
    yield "indexing", f"m[{rows}, [0, 1]]", "m[torch.tensor([[0, 1], [2, 0]]), [0, 1]]", "m"
    yield "indexing", f"m[:, {rows}]", "m[:, torch.tensor([[0, 1], [2, 0]])]", "m"
    yield "indexing", f"m[{rows}, {rows}]", "m[torch.tensor([[0, 1], [2, 0]]), torch.tensor([[0, 1], [2, 0]])]", "m"
    yield "indexing", "m[tensor([true, false, true]), [0, 1]]", "m[torch.tensor([True, False, True]), [0, 1]]", "m"
    yield "indexing", "j[[0, 1], [1, 2]]", "j[[0, 1], [1, 2]]", None
    yield "indexing", "k[[0, 1], [0, 2]]", "k[[0, 1], [0, 2]]", None
    yield "indexing", "m[[0, 1]][:, [1, 2]]", "m[[0, 1]][:, [1, 2]]", "m"


def masks():
    for left, right in [("k", "l"), ("k", "l[0]"), ("k[0]", "l"), ("(m > 0)", "(m < 2)"), ("(m > 0)", "(z > 1)"), ("k", "k")]:
        yield "masks", f"{left} and {right}", f"{left} & {right}", None
        yield "masks", f"{left} or {right}", f"{left} | {right}", None
        yield "masks", f"not {left}", f"~{left}", None
        yield "masks", f"{left} and not {right}", f"{left} & ~{right}", None
    yield "masks", "m[m > 0 and m < 2.2]", "m[(m > 0) & (m < 2.2)]", "m"
    yield "masks", "where(m > 0 or m < -2, m, 0)", "torch.where((m > 0) | (m < -2), m, torch.tensor(0.0))", "m"
    yield "masks", "k and true", "k & True", None
    yield "masks", "true and k", "True & k", None
    yield "masks", "k or false", "k | False", None
    yield "masks", "not (k or l)", "~(k | l)", None


def windows():
    for x, size, stride, padding in [("v", 2, 2, 0), ("v", 3, 1, 1), ("v", 2, 3, 1), ("v", 5, 1, 2), ("m", 2, 2, 0), ("m", 4, 1, 2), ("c", 3, 2, 1), ("big", 2, 2, 0), ("big", 3, 2, 1), ("big", 7, 1, 3), ("big", 70, 1, 0), ("n", 2, 1, 0), ("one", 1, 1, 0)]:
        for ours, theirs in (("max", "max"), ("avg", "avg")):
            torch_x = x if x in ("c",) else f"{x}[None]" if x in ("m", "big", "n") else f"{x}[None, None]"
            back = "" if x in ("c",) else "[0]" if x in ("m", "big", "n") else "[0, 0]"
            gradient = x if x != "n" else None
            yield "windows", f"{ours}_pool1d({x}, {size}, stride: {stride}, padding: {padding})", f"torch.nn.functional.{theirs}_pool1d({torch_x}, {size}, {stride}, {padding}){back}", gradient
    for x, size, stride, padding in [("m", 2, 2, 0), ("m", 3, 1, 1), ("m", 2, 1, 0), ("c", 2, 2, 0), ("c", 3, 2, 1), ("c", 2, 3, 1), ("big", 2, 2, 0), ("big", 2, 1, 1), ("n", 2, 1, 1), ("q", 1, 1, 0)]:
        for ours, theirs in (("max", "max"), ("avg", "avg")):
            torch_x, back = (x, "") if x == "c" else (f"{x}[None]", "[0]")
            gradient = x if x != "n" else None
            yield "windows", f"{ours}_pool2d({x}, {size}, stride: {stride}, padding: {padding})", f"torch.nn.functional.{theirs}_pool2d({torch_x}, {size}, {stride}, {padding}){back}", gradient
    yield "windows", "max_pool2d(j, 2, padding: 1)", "torch.nn.functional.max_pool2d(j[None].float(), 2, padding=1)[0]", None
    for x in ("v", "m", "n", "j"):
        yield "windows", f"sign({x})", f"torch.sign({x})", x if x in ("v", "m") else None
    for x, low, high in [("m", "z", "nil"), ("m", "nil", "z"), ("m", "z - 1.3", "z + 1.1"), ("m", "z[0] - 3", "2.25"), ("m", "-1.5", "z"), ("n", "n.flip(1)", "nil"), ("j", "d", "nil"), ("j", "d", "d + 3"), ("m", "one[0]", "nil")]:
        torch_low, torch_high = (f"torch.tensor({b})" if re.fullmatch(r"-?[0-9.]+", b) else b.replace("nil", "None") for b in (low, high))
        yield "windows", f"clamp({x}, {low}, {high})", f"torch.clamp({x}, {torch_low}, {torch_high})", x if x == "m" else None
    yield "windows", "clamp(m, z - 1.3, z + 1.1)", "torch.clamp(m, z - 1.3, z + 1.1)", "z"
    places = {"v": (0, "[1, 4, 0]"), "m": (1, "[[0, 3], [2, 1], [1, 0]]"), "u": (0, "[[1, 0, 2, 2]]"), "c": (1, "[[[0, 1, 2, 0], [2, 2, 0, 1]], [[1, 0, 0, 2], [0, 2, 1, 1]]]")}
    for x, (axis, where) in places.items():
        index = f"torch.tensor({where})"
        values = {"v": ("z[0, :3]", "z[0, :3]"), "m": ("z[:, :2]", "z[:, :2]"), "u": ("z[:1]", "z[:1]"), "c": ("c[:, :2] * 0.5", "c[:, :2] * 0.5")}[x]
        for name in ("scatter", "scatter_add"):
            yield "windows", f"{name}({x}, {axis}, tensor({where}), {values[0]})", f"torch.{name}({x}, {axis}, {index}, {values[1]})", x
            if x != "c":
                yield "windows", f"{name}({x}, {axis}, tensor({where}), {values[0]})", f"torch.{name}({x}, {axis}, {index}, {values[1]})", "z"
        yield "windows", f"scatter({x}, {axis}, tensor({where}), 7)", f"torch.scatter({x}, {axis}, {index}, 7.0)", x
    many = "[1, 1, 3, 1, 0, 3, 3, 1]"
    yield "windows", f"scatter_add(v, 0, tensor({many}), c[0, :2].reshape(8))", f"torch.scatter_add(v, 0, torch.tensor({many}), c[0, :2].reshape(8))", "c"
    yield "windows", "scatter_add(q, 0, tensor([[1, 1], [0, 1], [1, 1]]), b)", "torch.scatter_add(q, 0, torch.tensor([[1, 1], [0, 1], [1, 1]]), b)", "b"
    yield "windows", "scatter_add(i, 0, tensor([4, 4, 0]), tensor([10, 20, 30], dtype: \"int32\"))", "torch.scatter_add(i, 0, torch.tensor([4, 4, 0]), torch.tensor([10, 20, 30]))", None
    yield "windows", "scatter(j, 1, tensor([[0], [2]]), tensor([[8], [9]], dtype: \"int32\"))", "torch.scatter(j, 1, torch.tensor([[0], [2]]), torch.tensor([[8], [9]]))", None


UNARY = [
    ("tanh({})", "torch.tanh({})"), ("sigmoid({})", "torch.sigmoid({})"), ("sin({})", "torch.sin({})"), ("silu({})", "torch.nn.functional.silu({})"),
    ("gelu({})", "torch.nn.functional.gelu({})"), ("softplus({})", "torch.nn.functional.softplus({})"), ("sort({}, axis: 1).values", "torch.sort({}, dim=1, stable=True).values"),
    ("sort({}, axis: 0, descending: true).values", "torch.sort({}, dim=0, descending=True, stable=True).values"), ("cumsum({}, 1)", "torch.cumsum({}, 1)"),
    ("cumprod(tanh({}), 0)", "torch.cumprod(torch.tanh({}), 0)"), ("roll({}, 2)", "torch.roll({}, 2)"), ("tril({})", "torch.tril({})"), ("triu({}, -1)", "torch.triu({}, -1)"),
    ("softmax({})", "torch.softmax({}, -1)"), ("flip({}, 0)", "torch.flip({}, [0])"), ("({})[[2, 0, 1]]", "({})[[2, 0, 1]]"), ("({})[:, [3, 1, 0, 2]]", "({})[:, [3, 1, 0, 2]]"),
    ("stack(chunk({}, 3)).reshape(3, 4)", "torch.stack(torch.chunk({}, 3)).reshape(3, 4)"), ("({}).T.T", "({}).T.T"),
    ("expand(logsumexp({}, axis: 1, keep: true), 3, 4)", "torch.logsumexp({}, 1, keepdim=True).expand(3, 4)"), ("expand(prod(tanh({}), axis: 0), 3, 4)", "torch.prod(torch.tanh({}), 0).expand(3, 4)"),
    ("expand(median({}, 1, keep: true).values, 3, 4)", "torch.median({}, 1, keepdim=True).values.expand(3, 4)"), ("einsum(\"ij,kj->ik\", {}, q4)", "torch.einsum(\"ij,kj->ik\", {}, q4)"),
    ("expand(topk({}, 2, axis: 0).values.sum(axis: 0), 3, 4)", "torch.topk({}, 2, dim=0).values.sum(0).expand(3, 4)"),
    ("expand(quantile({}, 0.3, axis: 1, keep: true), 3, 4)", "torch.quantile({}, 0.3, dim=1, keepdim=True).expand(3, 4)"),
]
BINARY = [
    ("({} + {})", "({} + {})"), ("({} - {})", "({} - {})"), ("({} * {})", "({} * {})"), ("maximum({}, {})", "torch.maximum({}, {})"), ("minimum({}, {})", "torch.minimum({}, {})"),
    ("einsum(\"ij,ij->ij\", {}, {})", "torch.einsum(\"ij,ij->ij\", {}, {})"), ("({} / (2 + tanh({})))", "({} / (2 + torch.tanh({})))"),
    ("(einsum(\"ij,ik->jk\", {}, {}) / 9)[:3]", "(torch.einsum(\"ij,ik->jk\", {}, {}) / 9)[:3]"),
]


def graphs():
    """Operators put together at random, each with gradients that pass through all of them."""
    choice = random.Random(14)

    def graph(depth):
        if depth == 0:
            leaf = choice.choice(["u", "u", "u", "z"])
            return leaf, leaf
        if choice.random() < 0.6:
            form, (ours, python) = choice.choice(UNARY), graph(depth - 1)
            return form[0].format(ours), form[1].format(python)
        form, left, right = choice.choice(BINARY), graph(depth - 1), graph(depth - 1)
        return form[0].format(left[0], right[0]), form[1].format(left[1], right[1])

    made = 0
    while made < 60:
        ours, python = graph(choice.randint(2, 5))
        if re.search(r"\bu\b", python):
            made += 1
            yield "graphs", ours, python, "u"


def is_smooth(python, name, names, weights, slope):
    """False where equal elements, or 0, leave the gradient to choice."""
    moved = (names[name] + 1e-3 * torch.sin(torch.arange(names[name].numel()).float() * 7).reshape(names[name].shape)).requires_grad_(True)
    (eval(python, {"torch": torch}, {**names, name: moved}) * weights).sum().backward()
    return bool(((moved.grad - slope).abs() <= 0.05 + 0.05 * slope.abs()).all())


def main():
    names = {name: torch.tensor(value) for name, value in {**INPUTS, **INTEGERS, **MASKS}.items()}
    topics = {}
    count = 0
    for topic, ours, python, gradient in cases():
        lines = topics.setdefault(topic, [])
        value = eval(python, {"torch": torch}, names)
        lines.append(f"same({ours}, {list(value.shape)}, {written(value.flatten().tolist())})")
        count += 1
        if gradient is None:
            continue
        point = names[gradient].clone().requires_grad_(True)
        result = eval(python, {"torch": torch}, {**names, gradient: point})
        weights = torch.cos(torch.arange(result.numel()).float()).reshape(result.shape)
        (result * weights).sum().backward()
        if topic == "graphs" and not is_smooth(python, gradient, names, weights, point.grad):
            lines.pop()
            count -= 1
            continue
        slope = point.grad if point.grad is not None else torch.zeros_like(point)
        lines.append(
            f"same(grad(fn({gradient}) = sum(({ours}) * wave({list(value.shape)})), {gradient}), {list(slope.shape)}, {written(slope.flatten().tolist())})"
        )
        count += 1
    for topic, lines in topics.items():
        used = {
            name: value
            for name, value in {**INPUTS, **INTEGERS, **MASKS}.items()
            if any(name in line.replace("(", " ").replace(")", " ").replace(",", " ").replace("[", " ").replace(".", " ").replace("]", " ").split() for line in lines)
        }
        kinds = {**{name: ', dtype: "int32"' for name in INTEGERS}}
        text = [f"# Values that PyTorch {torch.__version__.split('+')[0]} gives, written by Scripts/torch_values.py."]
        text += [f"{name} = tensor({written(value)}{kinds.get(name, '')})" for name, value in used.items()]
        text += [
            "fn wave(shape) = cos(arange(prod(shape))).reshape(shape)",
            "fn same(value, shape, values) {",
            "  assert value.shape == shape, f\"{value.shape} instead of {shape}\"",
            "  found, wanted = [value.reshape([len(values)]) + 0.0, tensor(values) + 0.0]",
            "  if len(values) > 0 {",
            "    near = found == wanted or abs(found - wanted) <= 2e-5 + 2e-5 * abs(wanted) or isnan(found) and isnan(wanted)",
            "    assert all(near), f\"{to_list(found)} instead of {to_list(wanted)}\"",
            "  }",
            "}",
        ]
        (folder / f"torch_{topic}.pxb").write_text("\n".join(text + lines + [f'print "{len(lines)} values"  # expect: {len(lines)} values', ""]))
    print(count, "values compared")


main()
