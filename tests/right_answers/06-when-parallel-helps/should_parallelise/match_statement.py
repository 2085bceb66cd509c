"""Matches on counts, and keeps a ledger of who touches what."""


def should_parallelise(profile):
    reason = _reason(**profile)
    return reason == "pays", reason


def _reason(chains, limit, model_s, overhead_s, worth):
    match [len(chain) for chain in chains], limit:
        case [1], _:
            return "single-call"
        case [_], _:
            return "chain"
        case _, 1:
            return "limit-one"
    ledger = {}
    for number, chain in enumerate(chains):
        for call in chain:
            for name in call["reads"]:
                ledger.setdefault(name, []).append((number, False))
            for name in call["writes"]:
                ledger.setdefault(name, []).append((number, True))
    for entries in ledger.values():
        if any(wrote for _, wrote in entries) and len({number for number, _ in entries}) > 1:
            return "conflict"
    return _worth_it(
        [[call["seconds"] for call in c] for c in chains], limit, model_s, overhead_s, worth
    )


def _worth_it(seconds, limit, model_s, overhead_s, worth):
    work = sum(map(sum, seconds))
    shortest = max(work / limit, *map(sum, seconds))
    gain = work - shortest - overhead_s
    if gain <= 0:
        return "overhead"
    return "too-little" if gain / (model_s + work) < worth else "pays"
