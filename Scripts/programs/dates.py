def leap(y): return y % 4 == 0 and (y % 100 != 0 or y % 400 == 0)
def days_in(y, m):
    if m == 2: return 29 if leap(y) else 28
    return 30 if m in [4, 6, 9, 11] else 31
def next_day(date):
    y, m, d = date
    d += 1
    if d > days_in(y, m): d = 1; m += 1
    if m > 12: m = 1; y += 1
    return [y, m, d]
def number(y, m, d):
    a = (14 - m) // 12
    yy = y + 4800 - a
    mm = m + 12 * a - 3
    return d + (153 * mm + 2) // 5 + 365 * yy + yy // 4 - yy // 100 + yy // 400 - 32045
def work():
    names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    date = [1900, 1, 1]; counts = {}; text = ""
    for i in range(60000):
        y, m, d = date
        day = names[number(y, m, d) % 7]
        if d == 13: counts[day] = counts.get(day, 0) + 1
        text = f"{y}-{m:02}-{d:02}"
        parts = [int(p) for p in text.split("-")]
        date = next_day(parts)
    return text + " " + " ".join([f"{k}{counts[k]}" for k in names])
