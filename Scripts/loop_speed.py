"""Times training loops of one's own, written in the language with operators and layers, beside the same loops in PyTorch.

    loop_speed.py PROGRAM [--seconds S] [--threads N] [name ...]

Prints the steps a second here and in PyTorch, at best, and the ratio: above 1 is faster than PyTorch. The loops are timed in turn.
"""

import argparse
import math
import subprocess
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

# Each loop: what is made in the language, and the loss of a step; the same in PyTorch as a function that gives modules and loss.
HERE = {
    "perceptron": ("""
net = sequential([linear(784, 256), relu, linear(256, 256), relu, linear(256, 10)])
x = randn(128, 784); y = randint(0, 10, 128)
""", "cross_entropy(net(x), y)"),
    "convolutions": ("""
net = {a: parameter(randn(16, 3, 3, 3) * 0.2), b: parameter(randn(32, 16, 3, 3) * 0.1), c: linear(2048, 10)}
x = randn(32, 3, 32, 32); y = randint(0, 10, 32)
fn forward(x) {
  h = relu(conv2d(x, net.a, stride: 2, padding: 1))
  h = relu(conv2d(h, net.b, stride: 2, padding: 1))
  return net.c(reshape(h, [32, 2048]))
}
""", "cross_entropy(forward(x), y)"),
    "attention": ("""
net = {q: linear(64, 64), k: linear(64, 64), v: linear(64, 64), o: linear(64, 64), up: linear(64, 256), down: linear(256, 64)}
x = randn(16, 128, 64)
fn heads(x) = permute(reshape(x, [16, 128, 4, 16]), 0, 2, 1, 3)
fn forward(x) {
  a = softmax(heads(net.q(x)) @ transpose(heads(net.k(x))) / 4) @ heads(net.v(x))
  h = x + net.o(reshape(permute(a, 0, 2, 1, 3), [16, 128, 64]))
  return h + net.down(gelu(net.up(layer_norm(h))))
}
""", "mean(forward(x) ** 2)"),
    "lstm": ("""
net = sequential([lstm_layer(64, 64), linear(64, 10)])
x = randn(16, 128, 64)
""", "mean(net(x) ** 2)"),
    "residual": ("""
net = {a: parameter(randn(16, 3, 3, 3) * 0.2), c: linear(16, 10), blocks: []}
for i in range(3) { push(net.blocks, {a: parameter(randn(16, 16, 3, 3) * 0.1), b: parameter(randn(16, 16, 3, 3) * 0.1)}) }
x = randn(16, 3, 16, 16); y = randint(0, 10, 16)
fn forward(x) {
  h = conv2d(x, net.a, padding: 1)
  for block in net.blocks { h = h + conv2d(relu(conv2d(relu(h), block.a, padding: 1)), block.b, padding: 1) }
  return net.c(mean(reshape(h, [16, 16, 256]), 2))
}
""", "cross_entropy(forward(x), y)"),
    "transformer": ("""
net = {table: parameter(randn(113, 64) * 0.1), out: linear(64, 113), blocks: []}
for i in range(2) { push(net.blocks, {qkv: linear(64, 192), o: linear(64, 64), up: linear(64, 256), down: linear(256, 64)}) }
x = randint(0, 113, [16, 64]); y = randint(0, 113, [16, 64])
mask = where(reshape(arange(64), [64, 1]) >= arange(64), 0, -1e9)
fn heads(x) = permute(reshape(x, [16, 64, 4, 16]), 0, 2, 1, 3)
fn forward(x) {
  h = embedding(x, net.table)
  for block in net.blocks {
    a = block.qkv(layer_norm(h))
    s = softmax(heads(a[:, :, 0:64]) @ transpose(heads(a[:, :, 64:128])) / 4 + mask) @ heads(a[:, :, 128:192])
    h = h + block.o(reshape(permute(s, 0, 2, 1, 3), [16, 64, 64]))
    h = h + block.down(gelu(block.up(layer_norm(h))))
  }
  return net.out(layer_norm(h))
}
""", "cross_entropy(forward(x), y)"),
    "autoencoder": ("""
net = sequential([linear(784, 128), relu, linear(128, 16), linear(16, 128), relu, linear(128, 784), sigmoid])
x = rand(64, 784)
""", "mse(net(x), x)"),
    "ragged rows": ("""
net = {cell: linear(16, 16), out: linear(16, 4)}
rows = map(list(range(16)), fn(i) = randn(3 + i % 7, 16)); y = randint(0, 4, 16)
fn forward(rows) = net.out(stack(map(rows, fn(row) = mean(tanh(net.cell(row)), 0))))
""", "cross_entropy(forward(rows), y)"),
}


class Heads(nn.Module):
    def __init__(self, width, causal):
        super().__init__()
        self.qkv, self.o, self.causal = nn.Linear(width, 3 * width), nn.Linear(width, width), causal

    def forward(self, x):
        b, t, w = x.shape
        q, k, v = (part.reshape(b, t, 4, w // 4).permute(0, 2, 1, 3) for part in self.qkv(x).split(w, -1))
        scores = q @ k.transpose(-1, -2) / 4
        if self.causal:
            scores = scores + torch.full((t, t), -1e9).triu(1)
        return self.o((scores.softmax(-1) @ v).permute(0, 2, 1, 3).reshape(b, t, w))


class Block(nn.Module):
    def __init__(self, width, causal=False, first=True):
        super().__init__()
        self.attention, self.first = Heads(width, causal), first
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        w = x.shape[-1]
        h = x + self.attention(F.layer_norm(x, [w]) if self.first else x)
        return h + self.down(F.gelu(self.up(F.layer_norm(h, [w]))))


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 16, 3, padding=1, bias=False)
        self.blocks = nn.ModuleList(
            nn.ModuleList(nn.Conv2d(16, 16, 3, padding=1, bias=False) for _ in range(2)) for _ in range(3))
        self.c = nn.Linear(16, 10)

    def forward(self, x):
        h = self.a(x)
        for a, b in self.blocks:
            h = h + b(F.relu(a(F.relu(h))))
        return self.c(h.reshape(16, 16, 256).mean(2))


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell, self.out = nn.LSTM(64, 64, batch_first=True), nn.Linear(64, 10)

    def forward(self, x):
        return self.out(self.cell(x)[0])


class Ragged(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell, self.out = nn.Linear(16, 16), nn.Linear(16, 4)

    def forward(self, rows):
        return self.out(torch.stack([self.cell(row).tanh().mean(0) for row in rows]))


def there(name):
    """The module and the loss of a step."""
    if name == "perceptron":
        net = nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 10))
        x, y = torch.randn(128, 784), torch.randint(0, 10, (128,))
        return net, lambda: F.cross_entropy(net(x), y)
    if name == "convolutions":
        net = nn.Sequential(
            nn.Conv2d(3, 16, 3, stride=2, padding=1, bias=False), nn.ReLU(),
            nn.Conv2d(16, 32, 3, stride=2, padding=1, bias=False), nn.ReLU(), nn.Flatten(), nn.Linear(2048, 10))
        x, y = torch.randn(32, 3, 32, 32), torch.randint(0, 10, (32,))
        return net, lambda: F.cross_entropy(net(x), y)
    if name == "attention":
        net, x = Block(64, first=False), torch.randn(16, 128, 64)
        return net, lambda: (net(x) ** 2).mean()
    if name == "lstm":
        net, x = Recurrent(), torch.randn(16, 128, 64)
        return net, lambda: (net(x) ** 2).mean()
    if name == "residual":
        net, x, y = Residual(), torch.randn(16, 3, 16, 16), torch.randint(0, 10, (16,))
        return net, lambda: F.cross_entropy(net(x), y)
    if name == "transformer":
        net = nn.Sequential(
            nn.Embedding(113, 64), Block(64, True), Block(64, True), nn.LayerNorm(64, elementwise_affine=False), nn.Linear(64, 113))
        x, y = torch.randint(0, 113, (16, 64)), torch.randint(0, 113, (16, 64))
        return net, lambda: F.cross_entropy(net(x).reshape(-1, 113), y.reshape(-1))
    if name == "autoencoder":
        net = nn.Sequential(
            nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 16), nn.Linear(16, 128), nn.ReLU(), nn.Linear(128, 784), nn.Sigmoid())
        x = torch.rand(64, 784)
        return net, lambda: F.mse_loss(net(x), x)
    net, rows, y = Ragged(), [torch.randn(3 + i % 7, 16) for i in range(16)], torch.randint(0, 4, (16,))
    return net, lambda: F.cross_entropy(net(rows), y)


def here(program, name, seconds):
    made, loss = HERE[name]
    text = made + f"""
fn joined(lists) {{
  found = []
  for part in lists {{ for one in part {{ push(found, one) }} }}
  return found
}}
fn leaves(x) {{
  if type(x) == "map" {{ return joined(map(values(x), leaves)) }}
  if type(x) == "list" {{ return joined(map(x, leaves)) }}
  if type(x) == "tensor" {{ return [x] }}
  return values(x.parameters)
}}
parameters = leaves(net)
opt = adamw(parameters, lr: 0.001)
fn once() {{
  backward({loss})
  step(opt)
  zero_grad(opt)
}}
once()
best = 1e9
begin = now()
while now() - begin < {seconds} {{
  start = now()
  for i in range(3) {{ once() }}
  best = min(best, (now() - start) / 3)
}}
print best
"""
    result = subprocess.run([program, "run", "/dev/stdin"], input=text, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        sys.exit(f"loop_speed: {name}\n{result.stderr}")
    return 1 / float(result.stdout.split()[-1])


def rate(name, seconds):
    net, loss = there(name)
    optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3)

    def once():
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()

    once()
    best, begin = math.inf, time.perf_counter()
    while time.perf_counter() - begin < seconds:
        start = time.perf_counter()
        for _ in range(3):
            once()
        best = min(best, (time.perf_counter() - start) / 3)
    return 1 / best


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("names", nargs="*")
    options = parser.parse_intermixed_args()
    ratios = []
    print(f"{'steps a second':16} {'here':>9} {'PyTorch':>9} {'ratio':>7}", flush=True)
    for name in options.names or HERE:
        ours = here(options.program, name, options.seconds)
        # The better of one thread and several, which wait for each other where the machine does other work too.
        theirs = 0
        for count in {1, options.threads}:
            torch.set_num_threads(count)
            theirs = max(theirs, rate(name, options.seconds / 2))
        ratios.append(ours / theirs)
        print(f"{name:16} {ours:9.1f} {theirs:9.1f} {ours / theirs:7.2f}", flush=True)
    print(f"geometric mean {math.exp(sum(map(math.log, ratios)) / len(ratios)):.2f}, least {min(ratios):.2f}")


main()
