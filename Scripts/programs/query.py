def decode(s):
    out = ""
    i = 0
    while i < len(s):
        c = s[i]
        if c == "%":
            h = s[i + 1:i + 3]
            out += chr("0123456789abcdef".find(h[0]) * 16 + "0123456789abcdef".find(h[1]))
            i += 3
            continue
        out += " " if c == "+" else c
        i += 1
    return out
def once():
    hits = {}
    size = 0
    for i in range(3000):
        url = f"/page/{i % 17}?name=a%20b+c{i % 5}&lang=fr&q=%3ctag%3e{i % 3}&empty="
        path, query = url.split("?")
        args = {}
        for part in query.split("&"):
            k, v = part.split("=")
            args[decode(k)] = decode(v)
        hits[path] = hits.get(path, 0) + 1
        size += len(args["name"]) + len(args["q"])
        if args["empty"] != "": raise ValueError("wrong")
    return f"{len(hits)} {hits['/page/3']} {size}"
def work():
    for i in range(1): once()
    return once()
