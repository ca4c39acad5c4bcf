def work():
    n = 8
    p = list(range(n)); q = list(range(n)); s = list(range(n))
    sign = 1; most = 0; sum = 0
    while True:
        q0 = p[0]
        if q0 != 0:
            for i in range(1, n): q[i] = p[i]
            flips = 1
            while True:
                qq = q[q0]
                if qq == 0:
                    if flips > most: most = flips
                    total = sign * flips
                    sum += total
                    break
                q[q0] = q0
                if q0 >= 3:
                    i = 1; j = q0 - 1
                    while i < j:
                        t = q[i]; q[i] = q[j]; q[j] = t
                        i += 1; j -= 1
                q0 = qq
                flips += 1
        if sign == 1:
            t = p[0]; p[0] = p[1]; p[1] = t
            sign = -1
        else:
            t = p[1]; p[1] = p[2]; p[2] = t
            sign = 1
            i = 2
            while i < n:
                sx = s[i]
                if sx != 0:
                    s[i] = sx - 1
                    break
                if i == n - 1: return f"{sum} {most}"
                s[i] = i
                t = p[0]
                for j in range(i + 1): p[j] = p[j + 1]
                p[i + 1] = t
                i += 1
