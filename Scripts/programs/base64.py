table = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
def enc(bs):
    out = []
    for i in range(0, len(bs), 3):
        a = bs[i]
        b = bs[i + 1] if i + 1 < len(bs) else 0
        c = bs[i + 2] if i + 2 < len(bs) else 0
        n = a * 65536 + b * 256 + c
        out.append(table[n // 262144] + table[n // 4096 % 64] + table[n // 64 % 64] + table[n % 64])
    return "".join(out)
def crc(bs):
    s = 65535
    for b in bs:
        s = (s * 31 + b) % 65521
    return s
def once():
    bs = []
    x = 77
    for i in range(9000): x = x * 16807 % 2147483647; bs.append(x % 256)
    e = enc(bs)
    return f"{len(e)} {e[:12]} {crc(bs)}"
def work():
    for i in range(9): once()
    return once()
