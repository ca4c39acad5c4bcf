"""Times training of the reference model in PyTorch: PxByEmbed, LSTM of 32 units each way, LSTM of 64, linear to 113.

Prints training steps per second: forward, cross-entropy, backward and AdamW on 32 random windows of 128 patches.
Usage: pytorch_lstm.py [seconds] [eager | fused]
"""

import resource
import statistics
import sys
import time

import torch
from torch import nn

from pytorch_models import Recurrent


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5
    fused = len(sys.argv) > 2 and sys.argv[2] == "fused"
    torch.manual_seed(1)
    model = Recurrent(True)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, fused=fused)
    ids = torch.randint(0, 113, (32, 128, 3, 3))
    ids[:, :, 1, 2] = 0
    ids[:, :, 2] = 0
    labels = torch.randint(0, 113, (32,))

    def step():
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(ids), labels).backward()
        optimizer.step()

    for _ in range(5):
        step()
    rates, start = [], time.perf_counter()
    while time.perf_counter() - start < seconds:
        begin = time.perf_counter()
        for _ in range(10):
            step()
        rates.append(10 / (time.perf_counter() - begin))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{statistics.median(rates):.2f} {memory:.0f}")


main()
