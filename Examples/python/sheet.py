# A sheet of pictures, here drawn at random: the embedded sprites are not at hand.
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

COUNT = 8
random = np.random.default_rng(7)
half = random.integers(0, 4, (COUNT, 16, 8))
palette = random.integers(0, 256, (COUNT, 4, 3))
data = [palette[k][np.concatenate([half[k], half[k][:, ::-1]], axis=1)] for k in range(COUNT)]
captions = [f"a creature of {len(np.unique(half[k]))} colors" for k in range(COUNT)]


def sheet(pictures, titles, columns, path):
    rows = -(-len(pictures) // columns)
    fig, axes = plt.subplots(rows, columns, figsize=(2 * columns, 2.2 * rows))
    for ax in axes.flat:
        ax.axis("off")
    for ax, picture, title in zip(axes.flat, pictures, titles):
        ax.imshow(picture, interpolation="nearest")
        ax.set_title(title, fontsize=7)
    fig.tight_layout()
    fig.savefig(path)


sheet(data, captions, 4, "sheet.png")

x = data[0]
colors = np.unique(x.reshape(-1, 3), axis=0)
print(pd.DataFrame(colors, columns=["red", "green", "blue"]).to_string(index=False))

turned = [x.transpose(1, 0, 2), x[:, ::-1], 255 - x]
sheet(turned, ["turned", "mirrored", "inverted"], 3, "turned.png")
