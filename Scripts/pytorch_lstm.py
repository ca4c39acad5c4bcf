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


class Embedding(nn.Module):
    def __init__(self, vocabulary, width, size):
        super().__init__()
        self.table = nn.Embedding(vocabulary, size)
        self.alpha = nn.Parameter(torch.rand(1, 1, 3, 3))
        self.convolution = nn.Conv2d(size, size, 3, padding=1)
        self.projection = nn.Linear(9 * size, width)
        self.norm = nn.LayerNorm(width)

    def forward(self, ids):
        batch, length = ids.shape[:2]
        x = self.table(ids.view(-1, 3, 3)).permute(0, 3, 1, 2)
        a = torch.sigmoid(self.alpha)
        x = (a * x + (1 - a) * self.convolution(x)).flatten(1)
        return self.norm(self.projection(x)).view(batch, length, -1)


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = Embedding(113, 81, 9)
        self.first = nn.LSTM(81, 32, batch_first=True, bidirectional=True)
        self.second = nn.LSTM(64, 64, batch_first=True)
        self.head = nn.Linear(64, 113)

    def forward(self, ids):
        return self.head(self.second(self.first(self.embedding(ids))[0])[0][:, -1])


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5
    fused = len(sys.argv) > 2 and sys.argv[2] == "fused"
    torch.manual_seed(1)
    model = Model()
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
