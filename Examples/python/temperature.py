# What a temperature does.
import matplotlib.pyplot as plt
import pandas as pd
import torch

NAMES = ["anna", "hanna", "nora", "norman", "ronan", "marianna"]
letters = list(dict.fromkeys("." + "".join(NAMES)))
counts = torch.zeros(len(letters), len(letters))
for name in NAMES:
    for a, b in zip("." + name, name + "."):
        counts[letters.index(a), letters.index(b)] += 1

fig, ax = plt.subplots()
fig.colorbar(ax.imshow(counts, cmap="viridis"))
ax.set_xticks(range(len(letters)), letters)
ax.set_yticks(range(len(letters)), letters)
ax.set_xlabel("next letter")
ax.set_ylabel("letter")
for i in range(len(letters)):
    for j in range(len(letters)):
        ax.text(j, i, int(counts[i, j]), ha="center", va="center", color="white" if counts[i, j] < 5 else "black")
fig.savefig("temperature.png")

torch.manual_seed(1)
rows = []
for t in [0.2, 0.5, 1, 2, 5]:
    p = torch.softmax(torch.log(counts + 0.01) / t, dim=1)
    text = "."
    while len(text) < 50:
        text += letters[torch.multinomial(p[letters.index(text[-1])], 1).item()]
    entropy = -(p * torch.log2(p)).sum(1).mean().item()
    rows.append({"temperature": t, "entropy": entropy, "names": text.replace(".", " ")})
print(pd.DataFrame(rows).to_string(index=False))
