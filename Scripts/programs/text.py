def work():
    text = "the cat sat on the mat and the dog ate the cat food while " * 4000
    counts = {}
    for word in text.split():
        if word in counts: counts[word] += 1
        else: counts[word] = 1
    words = sorted(counts.keys(), key=lambda w: -counts[w])
    upper_words = list(map(lambda w: w.upper(), text.split(" ")))
    joined = "-".join(upper_words)
    return f"{words[0]} {counts[words[0]]} {len(joined)} {joined.find('FOOD')}"
