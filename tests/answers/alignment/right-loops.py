# Plain Python numbers.
def alignment(K, y):
    rows, labels = K.tolist(), y.tolist()
    form = sum(a * k * b for a, row in zip(labels, rows) for k, b in zip(row, labels))
    norm = sum(k * k for row in rows for k in row) ** 0.5
    return form / (sum(a * a for a in labels) * norm)
