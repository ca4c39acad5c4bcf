# A loss landscape.
import matplotlib.pyplot as plt
import pandas as pd
import torch

torch.manual_seed(1)
x = torch.linspace(-1, 1, 50)
y = 2 * x + 1 + 0.3 * torch.randn(50)
slopes, offsets = torch.linspace(-1, 5, 60), torch.linspace(-2, 4, 60)
lines = slopes.reshape(1, -1, 1) * x + offsets.reshape(-1, 1, 1)
landscape = ((lines - y) ** 2).mean(-1)
fig, ax = plt.subplots()
fig.colorbar(ax.imshow(landscape, cmap="viridis", extent=[-1, 5, 4, -2]))
ax.set_xlabel("slope")
ax.set_ylabel("offset")
ax.set_title("mean squared error")
fig.savefig("landscape.png")

rows = []
optimizers = {"sgd": lambda w: torch.optim.SGD([w], lr=0.1), "adam": lambda w: torch.optim.Adam([w], lr=0.3)}
for name, optimizer in optimizers.items():
    w = torch.tensor([-1.0, -2.0], requires_grad=True)
    opt = optimizer(w)
    for i in range(40):
        loss = ((w[0] * x + w[1] - y) ** 2).mean()
        rows.append({"optimizer": name, "step": i, "slope": w[0].item(), "offset": w[1].item(), "loss": loss.item()})
        opt.zero_grad()
        loss.backward()
        opt.step()
t = pd.DataFrame(rows)
fig, (left, right) = plt.subplots(1, 2, figsize=(10, 4))
for name, part in t.groupby("optimizer"):
    left.plot(part.slope, part.offset, label=name)
    right.semilogy(part.step, part.loss, label=name)
left.set_xlabel("slope")
left.set_ylabel("offset")
right.set_xlabel("step")
right.set_ylabel("loss")
right.legend()
fig.tight_layout()
fig.savefig("ways.png")
