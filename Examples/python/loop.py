# A training loop of one's own.
import matplotlib.pyplot as plt
import pandas as pd
import torch
from torch import nn

STEPS = 300
torch.manual_seed(1)
r = torch.linspace(0.2, 3, 200)
arm = torch.stack([r * torch.cos(2 * r), r * torch.sin(2 * r)], dim=1)
points = torch.cat([arm, -arm]) + 0.05 * torch.randn(400, 2)
labels = torch.tensor([0] * 200 + [1] * 200)

net = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 2))
opt = torch.optim.Adam(net.parameters(), lr=0.01)
history = []
for i in range(STEPS):
    rows = torch.randint(0, 400, (64,))
    loss = nn.functional.cross_entropy(net(points[rows]), labels[rows])
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1)
    opt.step()
    with torch.no_grad():
        right = (net(points).argmax(1) == labels).float().mean().item()
    history.append({"step": i, "loss": loss.item(), "right": right})
pd.DataFrame(history).plot(x="step", y=["loss", "right"], title="two spirals")
plt.savefig("loop.png")

line = torch.linspace(-3, 3, 40)
plane = torch.stack([line.expand(40, 40), line.reshape(-1, 1).expand(40, 40)], dim=-1)
with torch.no_grad():
    chance = torch.softmax(net(plane), dim=-1)[:, :, 1]
fig, ax = plt.subplots()
fig.colorbar(ax.imshow(chance, cmap="viridis", extent=[-3, 3, 3, -3]))
ax.set_title("chance of the second spiral")
fig.savefig("plane.png")
