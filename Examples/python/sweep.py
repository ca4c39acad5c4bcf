# A sweep, its table and its picture.
import itertools

import matplotlib.pyplot as plt
import pandas as pd
import torch
from torch import nn

STEPS = 150
generator = torch.Generator().manual_seed(1)
x = torch.linspace(-3, 3, 64).reshape(-1, 1)
y = torch.sin(2 * x) + 0.1 * torch.randn(64, 1, generator=generator)


def trial(lr, width, seed):
    torch.manual_seed(seed)
    net = nn.Sequential(nn.Linear(1, width), nn.Tanh(), nn.Linear(width, 1))
    opt = torch.optim.Adam(net.parameters(), lr=lr)
    for _ in range(STEPS):
        opt.zero_grad()
        nn.functional.mse_loss(net(x), y).backward()
        opt.step()
    return nn.functional.mse_loss(net(x), y).item()


rows = [
    {"lr": lr, "width": width, "seed": seed, "score": trial(lr, width, seed)}
    for lr, width, seed in itertools.product([0.003, 0.01, 0.03], [4, 16, 64], [1, 2, 3])
]
t = pd.DataFrame(rows).groupby(["lr", "width"]).score.agg(["mean", "std", "count"]).reset_index().sort_values("mean")
print(t.to_string(index=False))
t.to_csv("sweep.csv", index=False)

grid = t.pivot(index="width", columns="lr", values="mean")
fig, ax = plt.subplots()
image = ax.imshow(grid, cmap="viridis")
fig.colorbar(image)
ax.set_xticks(range(3), grid.columns)
ax.set_yticks(range(3), grid.index)
ax.set_xlabel("lr")
ax.set_ylabel("width")
for i, j in itertools.product(range(3), range(3)):
    ax.text(j, i, f"{grid.iloc[i, j]:.2f}", ha="center", va="center", color="white")
ax.set_title("mean squared error, mean of three seeds")
fig.savefig("sweep.png")
