def distance(a, b):
    row = list(range(len(b) + 1))
    for i in range(len(a)):
        last = row[0]
        row[0] = i + 1
        for j in range(len(b)):
            above = row[j + 1]
            cost = 0 if a[i] == b[j] else 1
            row[j + 1] = min(above + 1, row[j] + 1, last + cost)
            last = above
    return row[len(b)]
def work(): return distance("the quick brown fox " * 30, "a lazy dog jumps over " * 28)
