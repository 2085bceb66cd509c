"""Takes the first free id and orders the rest."""

def stable_order(ids, edges):
    for i in ids:
        if all(after != i for _, after in edges):
            rest = [j for j in ids if j != i]
            return [i, *stable_order(rest, [e for e in edges if i not in e])]
    return []
