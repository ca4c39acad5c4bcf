def tokens(s):
    out = []
    i = 0
    while i < len(s):
        c = s[i]
        if c == " ":
            i += 1; continue
        if c >= "0" and c <= "9":
            j = i
            while j < len(s) and s[j] >= "0" and s[j] <= "9": j += 1
            out.append({"kind": "num", "value": float(s[i:j])})
            i = j
        else:
            out.append({"kind": "op", "value": c})
            i += 1
    return out
prec = {"+": 1, "-": 1, "*": 2, "/": 2}
def to_rpn(ts):
    out = []
    ops = []
    for t in ts:
        if t["kind"] == "num": out.append(t["value"])
        elif t["value"] == "(": ops.append("(")
        elif t["value"] == ")":
            while ops[-1] != "(": out.append(ops.pop())
            ops.pop()
        else:
            while len(ops) > 0 and ops[-1] != "(" and prec[ops[-1]] >= prec[t["value"]]: out.append(ops.pop())
            ops.append(t["value"])
    while len(ops) > 0: out.append(ops.pop())
    return out
def evaluate_rpn(r):
    st = []
    for t in r:
        if type(t) == float: st.append(t)
        else:
            b = st.pop()
            a = st.pop()
            if t == "+": st.append(a + b)
            elif t == "-": st.append(a - b)
            elif t == "*": st.append(a * b)
            else: st.append(a / b)
    return st[0]
def once():
    total = 0
    for i in range(300):
        e = f"({i} + 3) * (12 - {i % 7}) / 4 + {i * 3} - (8 * ({i} - 2))"
        total += evaluate_rpn(to_rpn(tokens(e)))
    return total
def work():
    for i in range(9): once()
    return once()
