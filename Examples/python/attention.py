# Where attention looks.
import matplotlib.pyplot as plt
import pandas as pd
import torch

SENTENCE = "the red cat saw the blue cat"
words = SENTENCE.split()
known = list(dict.fromkeys(words))
torch.manual_seed(3)
ids = torch.tensor([known.index(w) for w in words])
meaning = torch.randn(len(known), 16)[ids]
n = len(words)
past = torch.tril(torch.ones(n, n)) > 0

place = torch.arange(n)
scores = {
    "meaning": meaning @ meaning.T / 4,
    "distance": -(place.reshape(-1, 1) - place).abs().float(),
}
heads = {name: torch.softmax(s.masked_fill(~past, -torch.inf), dim=1) for name, s in scores.items()}
fig, axes = plt.subplots(1, 2, figsize=(10, 4))
for ax, (name, head) in zip(axes, heads.items()):
    fig.colorbar(ax.imshow(head, cmap="viridis"))
    ax.set_xticks(range(n), words, rotation=90)
    ax.set_yticks(range(n), words)
    for i in range(n):
        for j in range(n):
            ax.text(j, i, f"{head[i, j]:.2f}", ha="center", va="center", color="white" if head[i, j] < 0.6 else "black")
    ax.set_title(name)
fig.tight_layout()
fig.savefig("attention.png")

print(pd.DataFrame([
    {"word": words[k], **{name: words[h[k, :k].argmax()] for name, h in heads.items()}} for k in range(1, n)
]).to_string(index=False))
