def code(text, key, sign):
    out = ""
    k = 0
    for c in text:
        if c >= "a" and c <= "z":
            shift = ord(key[k % len(key)]) - ord("a")
            out += chr((ord(c) - ord("a") + sign * shift) % 26 + ord("a"))
            k += 1
        else: out += c
    return out
def once():
    text = "attack at dawn, and bring the maps; we leave by boat before the sun is up. " * 60
    n = 0
    for key in ["lemon", "orange", "fig", "kiwi", "banana"]:
        hidden = code(text, key, 1)
        if code(hidden, key, -1) != text: raise ValueError("wrong")
        n += len(list(filter(lambda c: c == "e", hidden)))
    return f"{n} {hidden[:20]}"
def work():
    for i in range(7): once()
    return once()
