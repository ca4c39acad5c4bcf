# Learning rates, with bands.
import matplotlib.pyplot as plt
import pandas as pd
import torch
from torch import nn

SEEDS = 5
torch.manual_seed(1)
x = torch.randn(128, 8)
y = torch.sin(x @ torch.ones(8, 1))
rows = []
for lr in [0.001, 0.01, 0.1]:
    for seed in range(SEEDS):
        torch.manual_seed(seed)
        net = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 1))
        opt = torch.optim.Adam(net.parameters(), lr=lr)
        for epoch in range(60):
            loss = nn.functional.mse_loss(net(x), y)
            opt.zero_grad()
            loss.backward()
            opt.step()
            rows.append({"lr": lr, "seed": seed, "epoch": epoch, "loss": loss.item()})
t = pd.DataFrame(rows)

fig, ax = plt.subplots()
for lr, part in t.groupby("lr"):
    curve = part.groupby("epoch").loss.agg(["mean", "std"])
    ax.plot(curve.index, curve["mean"], label=lr)
    ax.fill_between(curve.index, curve["mean"] - curve["std"], curve["mean"] + curve["std"], alpha=0.3)
ax.set_yscale("log")
ax.set_xlabel("epoch")
ax.set_ylabel("loss")
ax.set_title("five seeds each")
ax.grid(linestyle="--")
ax.legend(title="lr", loc="center left", bbox_to_anchor=(1, 0.5))
fig.savefig("rates.png", dpi=300, bbox_inches="tight")
fig.savefig("rates.pdf", bbox_inches="tight")

print(t[t.epoch == 59].groupby("lr").loss.agg(["mean", "std", "min"]))
