def once():
    words = []
    x = 23
    names = ["red", "green", "cat", "dog", "runs", "small", "a", "the"]
    for i in range(6000): x = x * 16807 % 2147483647; words.append(names[x // 16 % 8])
    counts = {}
    for i in range(len(words) - 2):
        key = " ".join(words[i:i + 3])
        counts[key] = counts.get(key, 0) + 1
    follow = {}
    for i in range(len(words) - 1):
        w = words[i]
        if w not in follow: follow[w] = {}
        follow[w][words[i + 1]] = follow[w].get(words[i + 1], 0) + 1
    top = sorted(counts.keys(), key=lambda k: [-counts[k], k])[:5]
    return ";".join([f"{k}:{counts[k]}" for k in top]) + f" {follow['cat']['dog']}"
def work():
    for i in range(9): once()
    return once()
