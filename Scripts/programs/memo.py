import sys
sys.setrecursionlimit(20000)
def ways(i, left, memo):
    if left == 0: return 1
    if i < 0 or left < 0: return 0
    key = f"{i},{left}"
    if key in memo: return memo[key]
    coins = [1, 2, 5, 10, 20, 50, 100, 200]
    result = ways(i - 1, left, memo) + ways(i, left - coins[i], memo)
    memo[key] = result
    return result
def work():
    total = 0
    for amount in range(100, 1100, 50): total += ways(7, amount, {})
    return total
