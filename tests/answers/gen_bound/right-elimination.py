# Gaussian elimination by hand, with plain Python numbers.
def gen_bound(H, y):
    n = len(y)
    rows = [[float(h) for h in row] + [float(value)] for row, value in zip(H, y)]
    for i in range(n):
        best = max(range(i, n), key=lambda r: abs(rows[r][i]))
        rows[i], rows[best] = rows[best], rows[i]
        for r in range(i + 1, n):
            factor = rows[r][i] / rows[i][i]
            rows[r] = [a - factor * b for a, b in zip(rows[r], rows[i])]
    z = [0.0] * n
    for i in reversed(range(n)):
        z[i] = (rows[i][n] - sum(rows[i][j] * z[j] for j in range(i + 1, n))) / rows[i][i]
    return (2 * sum(float(a) * b for a, b in zip(y, z)) / n) ** 0.5
