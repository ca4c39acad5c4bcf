"""Times the models of pytorch_models.py, for comparison with the program Benchmarks.

    pytorch_speed.py FAMILY [seconds] [fused]    training steps per second: forward, cross-entropy at the last position,
                                                 backward and AdamW on 32 random windows of 128 patches; FAMILY may be
                                                 one of SIZES, which name what differs
    pytorch_speed.py FAMILY [seconds] processor  milliseconds of processor time of such a step at best, on one thread
    pytorch_speed.py FAMILY-generation [tokens]  tokens per second after a prompt of 64; the whole sequence is read again
                                                 for every token, in one direction where the family can
                                                 (FAMILY-both-generation: as the family is by default)

Families are lstm, mamba, transformer, bimamba_plus, mambabyte, image_transformer and resnet, with the settings that our
commands have when none is given. Prints the median and the peak memory in MB.
"""

import resource
import statistics
import sys
import time

import torch
from torch.nn import functional as F

from pytorch_models import CLASSES

# Where a command's defaults are not those of the class.
SETTINGS = {"mambabyte": {"depth": 4}, "resnet": {"dim": 32}}
ONE_DIRECTION = {"lstm": {"bidirectional": False}, "mamba": {"bidirectional": False}, "transformer": {"causal": True}}
# Other sizes of the training step, as the program Benchmarks has them: settings of the model, and of the step.
SIZES = {
    "lstm-batch8": ({}, {"batch": 8}),
    "lstm-batch128": ({}, {"batch": 128}),
    "lstm-sequence256": ({}, {"length": 256}),
    "lstm-all": (ONE_DIRECTION["lstm"], {"every": True}),
    "lstm-dim162-state128": ({"dim": 162, "d_state": 128}, {}),
    "lstm-dim512-state512": ({"dim": 512, "d_state": 512}, {}),
    "transformer-sequence256": ({}, {"length": 256}),
    "transformer-all": (ONE_DIRECTION["transformer"], {"every": True}),
    "mambabyte-all": ({}, {"every": True}),
}


def make(family, extra=None):
    return CLASSES[family]({"dim": 81} | SETTINGS.get(family, {}) | (extra or {}))


def patches(batch, length):
    """Random patches; of each only the row above, the left cell and the centre are ever filled."""
    ids = torch.randint(0, 113, (batch, length, 3, 3))
    ids[:, :, 1, 2] = 0
    ids[:, :, 2] = 0
    return ids


def least_processor_time(step, seconds):
    """Milliseconds on one thread, as threads that wait for each other count as busy; other work changes it little."""
    torch.set_num_threads(1)
    times, start = [], time.perf_counter()
    while time.perf_counter() - start < seconds or len(times) < 3:
        begin = time.process_time()
        step()
        times.append(time.process_time() - begin)
    return 1000 * min(times)


def train(model, seconds, fused, processor=False, batch=32, length=128, every=False):
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, fused=fused)
    ids, labels = patches(batch, length), torch.randint(0, 113, (batch * length if every else batch,))

    def step():
        optimizer.zero_grad()
        F.cross_entropy(model(ids, every).flatten(0, -2), labels).backward()
        optimizer.step()

    step()
    if processor:
        return least_processor_time(step, seconds)
    rates, start = [], time.perf_counter()
    while time.perf_counter() - start < seconds or len(rates) < 3:
        begin = time.perf_counter()
        step()
        rates.append(1 / (time.perf_counter() - begin))
    return statistics.median(rates)


@torch.no_grad()
def generate(model, count):
    model.eval()
    torch.set_num_threads(1)
    ids = patches(1, 64)
    start = time.perf_counter()
    for _ in range(count):
        fresh = patches(1, 1)
        fresh[0, 0, 1, 1] = model(ids).argmax()
        ids = torch.cat([ids, fresh], 1)
    return count / (time.perf_counter() - start)


def main():
    name, amount = sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else None
    torch.manual_seed(1)
    if name.endswith("-both-generation"):
        rate = generate(make(name.removesuffix("-both-generation")), int(amount or 600))
    elif name.endswith("-generation"):
        family = name.removesuffix("-generation")
        rate = generate(make(family, ONE_DIRECTION.get(family)), int(amount or 600))
    else:
        # What the ids are changes nothing in PyTorch's time.
        name = name.removesuffix("-sprites")
        extra, step = SIZES.get(name, ({}, {}))
        model = make(name.partition("-")[0], extra)
        rate = train(model, amount or 5, sys.argv[3:] == ["fused"], sys.argv[3:] == ["processor"], **step)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{rate:.2f} {memory:.0f}")


if __name__ == "__main__":
    main()
