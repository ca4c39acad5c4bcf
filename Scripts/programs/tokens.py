def tokens(text):
    result = []; i = 0; n = len(text)
    while i < n:
        c = text[i]
        if c in " \n\t":
            i += 1; continue
        if c >= "0" and c <= "9":
            start = i
            while i < n and text[i] in "0123456789.": i += 1
            result.append(["number", float(text[start:i])])
        elif c >= "a" and c <= "z" or c == "_":
            start = i
            while i < n and (text[i] >= "a" and text[i] <= "z" or text[i] == "_"): i += 1
            result.append(["name", text[start:i]])
        else:
            result.append(["sign", c]); i += 1
    return result
def value(state):
    t = state["tokens"][state["at"]]
    state["at"] += 1
    if t[0] == "number": return t[1]
    if t[0] == "name": return state["names"].get(t[1], 1)
    if t[1] == "(":
        v = expression(state)
        state["at"] += 1
        return v
    raise ValueError("bad token")
def term(state):
    v = value(state)
    while state["at"] < len(state["tokens"]) and state["tokens"][state["at"]][1] in ["*", "/"]:
        op = state["tokens"][state["at"]][1]
        state["at"] += 1
        w = value(state)
        if op == "*": v = v * w
        else: v = v / w
    return v
def expression(state):
    v = term(state)
    while state["at"] < len(state["tokens"]) and state["tokens"][state["at"]][1] in ["+", "-"]:
        op = state["tokens"][state["at"]][1]
        state["at"] += 1
        w = term(state)
        if op == "+": v = v + w
        else: v = v - w
    return v
def work():
    total = 0
    for i in range(3000):
        text = f"({i} + alpha * 3.5) * (beta - {i % 7}) + gamma_ray / (4 + {i % 3}) - 2 * (1 + x)"
        state = {"tokens": tokens(text), "at": 0, "names": {"alpha": 2, "beta": 10, "gamma_ray": 5}}
        total += expression(state)
    return f"{total:.3f}"
