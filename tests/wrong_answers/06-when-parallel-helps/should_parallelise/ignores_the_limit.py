"""Takes any number of slots for granted.

check: a limit of one
mistake: ignores-limit
"""


def should_parallelise(profile):
    chains, limit = profile["chains"], profile["limit"]
    if sum(len(chain) for chain in chains) == 1:
        return False, "single-call"
    if len(chains) == 1:
        return False, "chain"
    for one in chains:
        for other in chains:
            if one is not other and touches(one, other):
                return False, "conflict"
    waits = [sum(call["seconds"] for call in chain) for chain in chains]
    work = sum(waits)
    gain = work - max(waits) - profile["overhead_s"]
    if gain <= 0:
        return False, "overhead"
    if gain < profile["worth"] * (profile["model_s"] + work):
        return False, "too-little"
    return True, "pays"


def touches(one, other):
    written = {name for call in one for name in call["writes"]}
    used = {name for call in other for name in call["reads"] + call["writes"]}
    return bool(written & used)
