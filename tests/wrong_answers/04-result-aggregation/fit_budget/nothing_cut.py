"""Trusts the model to cope.

check: stays within the budget
mistake: over-budget
points: 3
"""

def fit_budget(results, max_chars, mark):
    return results
