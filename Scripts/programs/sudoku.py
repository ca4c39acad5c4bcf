def options(board, r, c):
    used = {}
    for i in range(9):
        used[board[r][i]] = True; used[board[i][c]] = True
    br = r // 3 * 3; bc = c // 3 * 3
    for i in range(3):
        for j in range(3): used[board[br + i][bc + j]] = True
    return [v for v in range(1, 10) if v not in used]
def solve(board, tries):
    best = None; at = None
    for r in range(9):
        for c in range(9):
            if board[r][c] == 0:
                o = options(board, r, c)
                if best is None or len(o) < len(best): best = o; at = [r, c]
    if best is None: return True
    r, c = at
    for v in best:
        tries[0] += 1
        board[r][c] = v
        if solve(board, tries): return True
    board[r][c] = 0
    return False
def work():
    puzzle = "8..........36......7..9.2...5...7.......457.....1...3...1....68..85...1..9....4.."
    tries = [0]
    board = [[int(puzzle[r * 9 + c]) if puzzle[r * 9 + c] != "." else 0 for c in range(9)] for r in range(9)]
    solve(board, tries)
    return f"{tries[0]} " + "".join(map(str, board[0]))
