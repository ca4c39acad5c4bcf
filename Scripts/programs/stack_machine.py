def run_code(code, limit):
    stack = []
    vars = {}
    at = 0
    steps = 0
    while at < len(code) and steps < limit:
        op, arg = code[at]
        at += 1
        steps += 1
        if op == "push": stack.append(arg)
        elif op == "load": stack.append(vars[arg])
        elif op == "store": vars[arg] = stack.pop()
        elif op == "add": b = stack.pop(); a = stack.pop(); stack.append(a + b)
        elif op == "sub": b = stack.pop(); a = stack.pop(); stack.append(a - b)
        elif op == "mul": b = stack.pop(); a = stack.pop(); stack.append(a * b)
        elif op == "mod": b = stack.pop(); a = stack.pop(); stack.append(a % b)
        elif op == "jump": at = arg
        elif op == "jump_zero":
            if stack.pop() == 0: at = arg
        else: raise ValueError(f"unknown {op}")
    return [vars, steps]
def work():
    code = [["push", 0], ["store", "s"], ["push", 9000], ["store", "i"],
        ["load", "i"], ["jump_zero", 19],
        ["load", "s"], ["load", "i"], ["load", "i"], ["mul", None], ["add", None], ["push", 10007], ["mod", None], ["store", "s"],
        ["load", "i"], ["push", 1], ["sub", None], ["store", "i"], ["jump", 4]]
    vars, steps = run_code(code, 1000000)
    return f"{vars['s']} {steps}"
