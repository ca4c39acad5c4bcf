def permute(xs, k, seen):
    if k == len(xs):
        if xs[0] < xs[len(xs) - 1]: seen["count"] += 1
        return
    for i in range(k, len(xs)):
        t = xs[k]; xs[k] = xs[i]; xs[i] = t
        permute(xs, k + 1, seen)
        t = xs[k]; xs[k] = xs[i]; xs[i] = t
def work():
    seen = {"count": 0}
    permute(list(range(9)), 0, seen)
    return seen["count"]
