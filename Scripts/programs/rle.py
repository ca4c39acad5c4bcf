def encode_rle(s):
    out = ""
    i = 0
    while i < len(s):
        j = i
        while j < len(s) and s[j] == s[i]: j += 1
        out += f"{j - i}{s[i]}"
        i = j
    return out
def decode_rle(s):
    out = []
    n = ""
    for c in s:
        if c in "0123456789": n += c
        else:
            out.append(c * int(n))
            n = ""
    return "".join(out)
def once():
    s = ""
    x = 17
    for i in range(3000):
        x = x * 16807 % 2147483647
        s += "abcd"[x % 4] * (x // 8 % 5 + 1)
    e = encode_rle(s)
    assert decode_rle(e) == s
    return len(e)
def work():
    for i in range(9): once()
    return once()
