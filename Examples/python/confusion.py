# Which classes are mixed up.
import matplotlib.pyplot as plt
import pandas as pd
import torch
from torch import nn

COUNT = 200
names = ["north", "east", "south", "west"]
torch.manual_seed(1)
labels = torch.arange(4).repeat(COUNT)
points = torch.tensor([[0.0, 1], [1, 0], [0, -1], [-1, 0]])[labels] + 0.5 * torch.randn(4 * COUNT, 2)

net = nn.Linear(2, 4)
opt = torch.optim.Adam(net.parameters(), lr=0.1)
for _ in range(100):
    opt.zero_grad()
    nn.functional.cross_entropy(net(points), labels).backward()
    opt.step()

guesses = net(points).argmax(1)
counts = torch.bincount(4 * labels + guesses, minlength=16).reshape(4, 4)
right = counts.diagonal()
print(pd.DataFrame({
    "class": names,
    "precision": (right / counts.sum(0)).numpy(),
    "recall": (right / counts.sum(1)).numpy(),
}).to_string(index=False))

fig, ax = plt.subplots()
image = ax.imshow(counts, cmap="viridis")
fig.colorbar(image)
ax.set_xticks(range(4), names)
ax.set_yticks(range(4), names)
ax.set_xlabel("guess")
ax.set_ylabel("true")
for i in range(4):
    for j in range(4):
        ax.text(j, i, counts[i, j].item(), ha="center", va="center", color="white" if counts[i, j] < 100 else "black")
ax.set_title(f"{(guesses == labels).float().mean():.1%} are right")
fig.savefig("confusion.png")
