def check(text):
    pairs = {")": "(", "]": "[", "}": "{"}
    stack = []
    for i, c in enumerate(text):
        if c in "([{": stack.append(c)
        elif c in pairs:
            if len(stack) == 0 or stack.pop() != pairs[c]: raise ValueError(f"unexpected {c} at {i}")
    if len(stack) > 0: raise ValueError(f"{len(stack)} left open")
    return True
def evaluate(text):
    stack = []
    for t in text.split():
        if t in ["+", "-", "*"]:
            b = stack.pop()
            a = stack.pop()
            stack.append(a + b if t == "+" else a - b if t == "-" else a * b)
        else: stack.append(float(t))
    return stack[0]
def work():
    texts = ["(a[1] + {b: 2})", "(a[1} + b)", "((x)", "f(g(h[0]), {y: [1, 2]})", "]"]
    good = 0
    problems = {}
    for i in range(8000):
        try:
            if check(texts[i % 5]): good += 1
        except ValueError as e: problems[str(e)] = problems.get(str(e), 0) + 1
    total = 0
    for i in range(6000): total += evaluate(f"{i} 3 + 2 * {i % 7} -")
    return f"{good} {len(problems)} {problems['unexpected } at 4']} {int(total)}"
