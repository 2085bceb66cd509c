"""Takes away all that can run; from what is left it walks until it comes round."""

def find_cycle(needs):
    left = dict(needs)
    while ready := [call for call in left if not any(before in left for before in left[call])]:
        for call in ready:
            del left[call]
    if not left:
        return None
    path = [next(iter(left))]
    while path[-1] not in path[:-1]:
        path.append(next(before for before in left[path[-1]] if before in left))
    return path[path.index(path[-1]):]
