"""Times models in PyTorch for comparison with the program Benchmarks: the paper's state space and attention models.

Training: forward, cross-entropy at the last position, backward and AdamW on 32 random windows of 128 patches, steps per second.
Generation: the whole sequence is read again for every token, after a prompt of 64, tokens per second.
Prints the median and the peak memory in MB.
Usage: pytorch_models.py mamba|transformer [seconds]
       pytorch_models.py lstm-generation|lstm-both-generation|mamba-generation [tokens]
"""

import math
import resource
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F


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


class Mamba(nn.Module):
    """The block with its scan unrolled over time, which is the fastest of the plain forms here."""

    def __init__(self, width, state=64, taps=4, expand=2):
        super().__init__()
        inner, self.rank, self.state = expand * width, math.ceil(width / 16), state
        self.in_proj = nn.Linear(width, 2 * inner, bias=False)
        self.conv1d = nn.Conv1d(inner, inner, taps, groups=inner, padding=taps - 1)
        self.x_proj = nn.Linear(inner, self.rank + 2 * state, bias=False)
        self.dt_proj = nn.Linear(self.rank, inner)
        self.A_log = nn.Parameter(torch.log(torch.arange(1, state + 1.0)).repeat(inner, 1))
        self.D = nn.Parameter(torch.ones(inner))
        self.out_proj = nn.Linear(inner, width, bias=False)
        with torch.no_grad():
            dt = torch.exp(torch.rand(inner) * math.log(100) + math.log(0.001))
            self.dt_proj.bias.copy_(dt + torch.log(-torch.expm1(-dt)))

    def forward(self, x):
        length = x.shape[1]
        x, z = self.in_proj(x).chunk(2, -1)
        x = F.silu(self.conv1d(x.transpose(1, 2))[..., :length]).transpose(1, 2)
        dt, b, c = self.x_proj(x).split([self.rank, self.state, self.state], -1)
        dt = F.softplus(self.dt_proj(dt))
        a = -torch.exp(self.A_log)
        h = x.new_zeros(x.shape[0], x.shape[2], self.state)
        out = []
        for dt_t, dx_t, b_t, c_t in zip(dt.unbind(1), (dt * x).unbind(1), b.unbind(1), c.unbind(1)):
            h = torch.exp(dt_t[..., None] * a) * h + dx_t[..., None] * b_t[:, None]
            out.append((h @ c_t[..., None])[..., 0])
        return self.out_proj((torch.stack(out, 1) + self.D * x) * F.silu(z))


class StateSpace(nn.Module):
    def __init__(self, both=True):
        super().__init__()
        self.embedding = Embedding(113, 81, 9)
        self.first, self.second, self.both = Mamba(81), Mamba(81), both
        self.norm = nn.LayerNorm(81)
        self.head = nn.Linear(81, 113, bias=False)

    def forward(self, ids):
        x = self.embedding(ids)
        if self.both:
            x = self.norm(self.first(x) + self.first(x.flip(1)).flip(1))
        else:
            x = self.first(x)
        return self.head(self.second(x)[:, -1])


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = Embedding(113, 80, 9)
        layer = nn.TransformerEncoderLayer(80, 4, 320, dropout=0.1, batch_first=True)
        self.layers = nn.TransformerEncoder(layer, 2)
        self.head = nn.Linear(80, 113)

    def forward(self, ids):
        return self.head(self.layers(self.embedding(ids))[:, -1])


class Recurrent(nn.Module):
    def __init__(self, both):
        super().__init__()
        self.embedding = Embedding(113, 81, 9)
        self.first = nn.LSTM(81, 32 if both else 64, batch_first=True, bidirectional=both)
        self.second = nn.LSTM(64, 64, batch_first=True)
        self.head = nn.Linear(64, 113)

    def forward(self, ids):
        return self.head(self.second(self.first(self.embedding(ids))[0])[0][:, -1])


def patches(batch, length):
    ids = torch.randint(0, 113, (batch, length, 3, 3))
    ids[:, :, 1, 2] = 0
    ids[:, :, 2] = 0
    return ids


def train(model, seconds):
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    ids, labels = patches(32, 128), torch.randint(0, 113, (32,))

    def step():
        optimizer.zero_grad()
        F.cross_entropy(model(ids), labels).backward()
        optimizer.step()

    step()
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
    models = {
        "mamba": StateSpace,
        "transformer": Attention,
        "lstm-generation": lambda: Recurrent(False),
        "lstm-both-generation": lambda: Recurrent(True),
        "mamba-generation": lambda: StateSpace(False),
    }
    model = models[name]()
    if name.endswith("generation"):
        rate = generate(model, int(amount or 600))
    else:
        rate = train(model, amount or 5)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{rate:.2f} {memory:.0f}")


if __name__ == "__main__":
    main()
