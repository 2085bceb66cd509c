"""Puts one small function after another to the profile."""


def total(chain):
    return sum(call["seconds"] for call in chain)


def gain(profile):
    waits = list(map(total, profile["chains"]))
    fastest = max(max(waits), sum(waits) / profile["limit"])
    return sum(waits) - fastest - profile["overhead_s"]


def clash(profile):
    users, writers = {}, {}
    for number, chain in enumerate(profile["chains"]):
        for call in chain:
            for name in call["reads"] + call["writes"]:
                users.setdefault(name, set()).add(number)
            for name in call["writes"]:
                writers.setdefault(name, set()).add(number)
    return any(len(users[name]) > 1 for name in writers)


QUESTIONS = [
    ("single-call", lambda p: [len(chain) for chain in p["chains"]] == [1]),
    ("chain", lambda p: len(p["chains"]) < 2),
    ("limit-one", lambda p: p["limit"] < 2),
    ("conflict", clash),
    ("overhead", lambda p: gain(p) <= 0),
    ("too-little", lambda p: gain(p) / (p["model_s"] + sum(map(total, p["chains"]))) < p["worth"]),
]


def should_parallelise(profile):
    for reason, fits in QUESTIONS:
        if fits(profile):
            return False, reason
    return True, "pays"
