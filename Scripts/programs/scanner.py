def tokens(text):
    out = []
    state = "start"
    word = ""
    for c in text + " ":
        if state == "start":
            if c >= "a" and c <= "z" or c == "_": state = "name"; word = c
            elif c >= "0" and c <= "9": state = "number"; word = c
            elif c == "\"": state = "string"; word = ""
            elif c != " ": out.append(["sign", c])
        elif state == "name":
            if c >= "a" and c <= "z" or c == "_" or c >= "0" and c <= "9": word += c
            else:
                out.append(["name", word]); state = "start"
                if c != " ": out.append(["sign", c])
        elif state == "number":
            if c >= "0" and c <= "9" or c == ".": word += c
            else:
                out.append(["number", float(word)]); state = "start"
                if c != " ": out.append(["sign", c])
        else:
            if c == "\"": out.append(["string", word]); state = "start"
            else: word += c
    return out
def work():
    text = "let x_1 = 3.14 * (radius + 20) / name; print(\"hello there\", x_1, 42); " * 300
    counts = {}
    total = 0
    for kind, value in tokens(text):
        counts[kind] = counts.get(kind, 0) + 1
        if kind == "number": total += value
    return f"{counts['name']} {counts['sign']} {counts['number']} {counts['string']} {total:.2f}"
