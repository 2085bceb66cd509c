"""Finds the critical path itself, with a memory."""


def makespan_bounds(seconds, edges, limit):
    before = {}
    for first, then in edges:
        before.setdefault(then, []).append(first)
    ends = {}

    def end(call_id):
        if call_id not in ends:
            ready = max((end(one) for one in before.get(call_id, ())), default=0.0)
            ends[call_id] = ready + seconds[call_id]
        return ends[call_id]

    work = sum(seconds.values())
    span = max(map(end, seconds), default=0.0)
    return max(work / limit, span), work / limit + span * (1 - 1 / limit)
