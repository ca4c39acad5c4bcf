def valid(board):
    for i in range(9):
        if len(set(board[i])) != 9: return False
        if len(set([row[i] for row in board])) != 9: return False
    for y in range(0, 9, 3):
        for x in range(0, 9, 3):
            box = [board[y + dy][x + dx] for dy in range(3) for dx in range(3)]
            if len(set(box)) != 9: return False
    return True
def turned(m): return [[m[len(m) - 1 - i][j] for i in range(len(m))] for j in range(len(m[0]))]
def flipped(m): return [list(reversed(r)) for r in m]
def once():
    rows = "123456789456789123789123456214365897365897214897214365531642978642978531978531642"
    board = [[int(c) for c in rows[i * 9:i * 9 + 9]] for i in range(9)]
    n = 0
    for i in range(200):
        board = turned(board) if i % 3 != 0 else flipped(board)
        if valid(board): n += 1
    board[4][4] = board[0][0]
    return f"{n} {'true' if valid(board) else 'false'} {board[0][0]} {sum([board[i][i] for i in range(9)])}"
def work():
    for i in range(16): once()
    return once()
