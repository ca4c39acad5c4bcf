def work():
    n = 160; inside = 0
    for row in range(n):
        for column in range(n):
            cr = 3 * column / n - 2; ci = 2 * row / n - 1
            zr = 0; zi = 0; k = 0
            while k < 50 and zr * zr + zi * zi < 4:
                t = zr * zr - zi * zi + cr
                zi = 2 * zr * zi + ci
                zr = t
                k += 1
            if k == 50: inside += 1
    return inside
