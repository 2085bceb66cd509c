"""Holds each call against the one that is a burst ahead."""


def start_times(arrivals, rate, burst):
    def starts():
        spent = []
        for arrival in arrivals:
            moment = max([arrival, *(start for start, _ in spent[-1:])])
            level = burst
            if spent:
                before, left = spent[-1]
                level = min(burst, left + (moment - before) * rate)
            if level < 1:
                moment, level = moment + (1 - level) / rate, 1
            spent.append((moment, level - 1))
            yield moment

    return list(starts())
