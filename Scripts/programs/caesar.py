def work():
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    text = "attack at dawn and bring the horses with you " * 600
    out = []
    for shift in range(1, 4):
        table = {}
        for i, c in enumerate(alphabet): table[c] = alphabet[(i + shift) % 26]
        coded = "".join([table.get(c, c) for c in text])
        plain = ""
        for c in coded:
            i = alphabet.find(c)
            plain += c if i == -1 else alphabet[(i - shift) % 26]
        assert plain == text
        out.append(coded[:12])
    words = list(reversed(text.split()))
    return "|".join(out) + " " + " ".join(map(lambda w: w[::-1], words[:4]))
