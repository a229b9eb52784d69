# A list within a list, a hundred thousand times.
def lazy_directions(X, ws):
    deep = []
    for _ in range(100_000):
        deep = [deep]
    return deep
