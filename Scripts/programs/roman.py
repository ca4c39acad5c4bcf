def roman(n):
    out = ""
    for value, sign in [[1000, "M"], [900, "CM"], [500, "D"], [400, "CD"], [100, "C"], [90, "XC"], [50, "L"], [40, "XL"],
                        [10, "X"], [9, "IX"], [5, "V"], [4, "IV"], [1, "I"]]:
        while n >= value: out += sign; n -= value
    return out
def value(text):
    signs = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
    total = 0
    last = 0
    for c in reversed(text):
        v = signs[c]
        if v < last: total -= v
        else: total += v; last = v
    return total
def work():
    longest = ""
    size = 0
    good = 0
    for n in range(1, 3001):
        r = roman(n)
        if value(r) == n: good += 1
        size += len(r)
        if len(r) > len(longest): longest = r
    return f"{good} {roman(2999)} {longest} {len(longest)} {size}"
