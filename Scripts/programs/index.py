def words(line):
    out = []
    word = ""
    for c in line.lower():
        if c >= "a" and c <= "z": word += c
        elif word != "": out.append(word); word = ""
    if word != "": out.append(word)
    return out
def once():
    base = ["It was the best of times,", "it was the worst of times;", "the age of wisdom -- the age", "of foolishness: it was", "The epoch of belief, \"it\" was!"]
    index = {}
    for n in range(3000):
        for w in words(base[n % 5]):
            if w not in index: index[w] = []
            if len(index[w]) == 0 or index[w][-1] != n: index[w].append(n)
    common = [w for w in sorted(index.keys()) if len(index[w]) > 1000]
    both = len([n for n in index["the"][:500] if n in index["age"][:300]])
    return f"{len(index)} {' '.join(common)} {both}"
def work():
    for i in range(6): once()
    return once()
