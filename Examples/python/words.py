# Words of a text.
import sys

import matplotlib.pyplot as plt
import pandas as pd

text = open(sys.argv[1]).read() if len(sys.argv) > 1 else "a small cat with big eyes and a tail, all red\n" * 300
t = pd.DataFrame({"word": text.lower().split()})
counts = t.groupby("word").size().rename("count").reset_index().sort_values("count", ascending=False)
counts["length"] = counts.word.str.len()
counts["share"] = counts["count"] / len(t)
print(counts.head(10).to_string(index=False))

ax = counts.head(10).iloc[::-1].plot(kind="barh", x="word", y="count", legend=False)
ax.set_title(f"{len(t)} words, {len(counts)} different ones")
ax.figure.tight_layout()
ax.figure.savefig("words.png")

lengths = t.word.str.len()
fig, ax = plt.subplots()
ax.hist(lengths, bins=[n - 0.5 for n in range(1, lengths.max() + 2)])
ax.set_xlabel("letters of a word")
fig.savefig("lengths.png")
