def tree(depth):
    if depth == 0: return [None, None]
    return [tree(depth - 1), tree(depth - 1)]
def check(node):
    if node[0] is None: return 1
    return 1 + check(node[0]) + check(node[1])
def work():
    total = 0
    for i in range(24): total += check(tree(12))
    return total
