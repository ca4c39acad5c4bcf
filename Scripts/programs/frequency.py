def work():
    text = "It was the best of times, it was the worst of times, it was the age of wisdom; it was the age of foolishness... " * 1200
    clean = ""
    for c in text.lower():
        if c >= "a" and c <= "z" or c == " ": clean += c
    counts = {}
    for w in clean.split(): counts[w] = counts.get(w, 0) + 1
    letters = {}
    for c in clean: letters[c] = letters.get(c, 0) + 1
    pairs = sorted([[k, v] for k, v in counts.items()], key=lambda p: [-p[1], p[0]])
    top = " ".join([f"{p[0]}:{p[1]}" for p in pairs[:4]])
    return f"{top} {letters['e']} {len(clean)}"
