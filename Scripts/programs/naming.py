def snake(name):
    out = ""
    for i, c in enumerate(name):
        if c >= "A" and c <= "Z":
            if i > 0: out += "_"
            out += c.lower()
        else: out += c
    return out
def camel(name):
    parts = name.split("_")
    return parts[0] + "".join([p[0].upper() + p[1:] for p in parts[1:]])
def kinds(text):
    n = {"letters": 0, "digits": 0, "spaces": 0, "other": 0}
    for c in text:
        if c >= "a" and c <= "z" or c >= "A" and c <= "Z": n["letters"] += 1
        elif c >= "0" and c <= "9": n["digits"] += 1
        elif c == " ": n["spaces"] += 1
        else: n["other"] += 1
    return n
def once():
    names = ["parseHttpRequest", "userName", "isValid", "readTextFileFast", "x", "maxRetryCount2"]
    size = 0
    for i in range(1500):
        for n in names:
            s = snake(n)
            if camel(s) != n: raise ValueError(n)
            size += len(s)
    k = kinds("The 3 ships (of 12) sailed at 07:45 on May 1st, 1492! " * 300)
    return f"{size} {k['letters']} {k['digits']} {k['spaces']} {k['other']}"
def work():
    for i in range(2): once()
    return once()
