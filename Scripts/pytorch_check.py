"""Compares the models of pytorch_models.py with this program's; run by Scripts/check_checkpoints.

    pytorch_check.py make FOLDER      writes tokens and, below theirs/, random models in the published form
    pytorch_check.py compare FOLDER   loads every model below ours/ and theirs/ and prints how far the logits, the loss and
                                      the gradients that this program found differ; exits with 1 above the tolerances
"""

import sys
from pathlib import Path

import torch
from torch.nn import functional as F

from pytorch_models import load, make, read_tensors, save, write_tensors

# The largest differences, as shares: of the largest logit (PyTorch in 32 and in 64 bits), of the loss, and of the largest
# gradient of the same tensor (of a thousandth of the model's largest where that is more: some are zero but for rounding).
ALLOWED = 5e-6, 5e-6, 1e-6, 5e-5
SIDES = {"ours": "saved by us, loaded by PyTorch", "theirs": "saved by PyTorch, loaded by us"}

# Only what a class needs is said: everything else is its default.
THEIRS = {
    "SimpleRNNModel": {"dim": 81},
    "SimpleRNNModel, one way": {"dim": 36, "bidirectional": False, "depth": 1},
    "SimpleRNNModel, linear, depth 3": {"dim": 81, "d_state": 32, "depth": 3, "pembed": False},
    "SimpleRNNModel, center, 151 tokens": {"dim": 81, "pxby_embed": False, "pembed": False, "vocab_size": 151},
    "bMamba": {"dim": 81},
    "bMamba, one way": {"dim": 40, "d_state": 16, "depth": 3, "bidirectional": False, "d_conv": 2, "expand": 1},
    "SimpleTransformerModel": {"dim": 81},
    "SimpleTransformerModel, depth 1": {"dim": 45, "depth": 1, "pembed": False},
    "BiMambaPlus": {"dim": 81},
    "MambaLMHeadModel": {"dim": 81, "depth": 3},
    "MambaLMHeadModel, tied": {"dim": 36, "pxby_embed": False, "tie_embeddings": True},
    "MixMamba": {"dim": 36, "depth": 2},
    "MixMamba, attention": {"dim": 36, "depth": 4, "attention": 3},
    "MixMamba, two layers of attention": {"dim": 36, "depth": 3, "attention": 4, "attention_layers": 2},
    "MixMamba, places": {"dim": 36, "depth": 1, "places": True},
    "MixMamba, places and no counts": {"dim": 36, "depth": 1, "counts": False, "places": True},
    "ImageTransformer": {"dim": 81},
    "ImageTransformer, 2d": {"dim": 36, "local": "2d", "block": 4, "memory": 1, "row": 10},
    "CausalResNet": {"dim": 32},
    "CausalResNet, 26 layers, 151 tokens": {"dim": 16, "layers": 26, "vocab_size": 151},
}


def make_all(folder):
    torch.manual_seed(1)
    for vocabulary in (113, 151):
        ids = torch.randint(0, vocabulary, (3, 150, 3, 3), dtype=torch.int32)
        ids[:, :, 1, 2] = 0
        ids[:, :, 2] = 0
        labels = torch.randint(0, vocabulary, (3,), dtype=torch.int32)
        write_tensors({"ids": ids, "labels": labels}, folder / f"tokens-{vocabulary}.safetensors")
    for name, settings in THEIRS.items():
        model = make({"architectures": [name.split(",")[0]]} | settings)
        with torch.no_grad():
            for parameter in model.parameters():
                # Norms and biases that are one or zero would hide a mistake.
                parameter += 0.1 * torch.randn_like(parameter)
        save(model, folder / "theirs" / name)


def largest(x):
    return x.abs().max().item()


def difference(found, expected):
    return largest(found.double() - expected.double()) / largest(expected)


def gradients(model, found):
    """The worst difference of a gradient, and its name."""
    expected = {name: parameter.grad for name, parameter in model.named_parameters()}
    floor = 1e-3 * max(largest(value) for value in expected.values())
    assert {"grad." + name for name in expected} == {name for name in found if name.startswith("grad.")}
    return max(
        (largest(found["grad." + name].double() - value) / max(largest(value), floor), name)
        for name, value in expected.items()
    )


def compare(folder):
    """One model: its number of parameters and differences of logits (PyTorch in 32 and 64 bits), loss and gradients."""
    found = read_tensors(folder / "found.safetensors")
    model = load(folder)
    given = read_tensors(folder.parent.parent / f"tokens-{model.vocabulary}.safetensors")
    ids, labels = given["ids"].long(), given["labels"].long()
    single = difference(found["logits"], model(ids).detach())
    model = model.double()
    logits = model(ids)
    exact = difference(found["logits"], logits.detach())
    if "every" in found:
        exact = max(exact, difference(found["every"], model(ids, every=True).detach()))
    loss = F.cross_entropy(logits, labels)
    loss.backward()
    count = sum(parameter.numel() for parameter in model.parameters())
    return count, single, exact, difference(found["loss"], loss.detach()), *gradients(model, found)


def row(name, count, differences):
    return f"{name:39} {count:>10}" + "".join(f"  {value:9.1e}" for value in differences)


def compare_all(folder, title):
    """Prints a line a model and how many are wrong, which it returns."""
    print(f"{title:39} parameters  logits 32  logits 64       loss  gradients")
    faults, all_differences = 0, []
    for path in sorted(folder.iterdir()):
        count, *differences, name = compare(path)
        wrong = any(value > allowed for value, allowed in zip(differences, ALLOWED))
        faults += wrong
        all_differences.append(differences)
        print(row(path.name, f"{count:,}", differences) + (f"  WRONG, worst gradient {name}" if wrong else ""), flush=True)
    print(row(f"the largest of {len(all_differences)}", "", map(max, zip(*all_differences))))
    print(row("allowed", "", ALLOWED))
    return faults


def main():
    folder = Path(sys.argv[2])
    if sys.argv[1] == "make":
        return make_all(folder)
    faults = sum(compare_all(folder / side, title) for side, title in SIDES.items())
    print(f"{faults} wrong")
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
