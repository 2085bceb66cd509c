"""Raises wave numbers until every order is kept."""

def plan_waves(ids, needs, clashes):
    order = list(ids)
    edges = [(b, a) for a in order for b in needs[a]]
    edges += [tuple(sorted(pair, key=order.index)) for pair in clashes]
    number = dict.fromkeys(order, 0)
    changed = True
    while changed:
        changed = False
        for before, after in edges:
            if number[after] <= number[before]:
                number[after] = number[before] + 1
                changed = True
    waves = {}
    for one in order:
        waves.setdefault(number[one], []).append(one)
    return [waves[n] for n in sorted(waves)]
