"""Draws batches at random and takes the average.

check: many calls meet rare waits
mistake: near
"""


def expected_longest(samples, n):
    source = random.Random(1)
    return (
        fmean(max(source.choices(samples, k=n)) for _ in range(2000)) if n > 1 else fmean(samples)
    )
