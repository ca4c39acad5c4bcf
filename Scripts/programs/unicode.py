def work():
    text = "déjà vu — naïve café, Ångström über straße " * 500
    n = 0; upper_count = 0
    for i in range(len(text)):
        if text[i] == "é": n += 1
    words = {}
    for w in text.split():
        w = w.strip(",—").upper(); words[w] = words.get(w, 0) + 1
    back = ""
    for c in text:
        if c != "é": back += c
        else: back += "e"
    return f"{n} {len(words)} {words['CAFÉ']} {len(back)} {back[5:12]}"
